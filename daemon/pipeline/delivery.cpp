#include "daemon/pipeline/delivery.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/coaching/budget.hpp"
#include "daemon/coaching/windows.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/prompting.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

using model::PromptState;
using store::OutboxRow;
using store::PromptRow;

// Decides over the waiting prompts of one look, and remembers what it gave to each person meanwhile.
class Release {
 public:
  Release(const Context& context, const store::Snapshot& snapshot, model::Instant now, store::UnitOfWork& unit)
      : context_(context), snapshot_(snapshot), now_(now), unit_(unit) {}

  void one(PromptRow& prompt) {
    const auto* person = context_.world->person(prompt.person);
    if (!person || !person->active) return hold(prompt, "the person has left", std::nullopt);
    if (!context_.options.live) return hold(prompt, "observe: nothing is written", std::nullopt);
    if (!allowed(*person)) return hold(prompt, "not among live_for", std::nullopt);
    const auto& zone = context_.zone_of(*person);
    const auto window = coaching::delivery_window(context_.options.hours, context_.world->calendar, zone, now_);
    if (!window.open) return hold(prompt, "until the next delivery window", window.next);
    const auto periods = coaching::budget_periods(zone, now_);
    auto& given = given_[prompt.person];
    const auto today =
        snapshot_.sent_between(prompt.connection, prompt.person, periods.day_from, periods.day_to) + given;
    const auto week =
        snapshot_.sent_between(prompt.connection, prompt.person, periods.week_from, periods.week_to) + given;
    if (const auto budget = coaching::within_budget(context_.options.budget, periods, today, week); !budget.allowed) {
      const auto next =
          coaching::delivery_window(context_.options.hours, context_.world->calendar, zone, budget.look_again);
      return hold(prompt, budget.reason, next.open ? budget.look_again : next.next);
    }
    if (send(prompt)) ++given;
  }

 private:
  [[nodiscard]] bool allowed(const model::Person& person) const {
    const auto& names = context_.options.live_for;
    return names.empty() || std::find(names.begin(), names.end(), person.email) != names.end();
  }

  void hold(PromptRow& prompt, std::string_view reason, std::optional<model::Instant> until) {
    if (prompt.state != PromptState::held || prompt.reason != reason) {
      prompt.changed = now_;
      unit_.counters.push_back({"held: " + std::string(reason), 1});
    }
    prompt.state = PromptState::held;
    prompt.reason = reason;
    prompt.next_at = until;
    unit_.prompts.push_back(prompt);
  }

  bool send(PromptRow& prompt) {
    if (prompt.object == field_question) return go(prompt);  // about no record: its text stands
    const auto* plan = context_.rules->plan(prompt.object);
    const auto seen = plan ? view_record(context_, snapshot_, prompt.object, prompt.record, now_) : Evaluated{};
    const auto text = seen.built ? render_prompt(context_, *plan, seen, prompt, now_) : PromptText{};
    if (text.subject.empty()) {  // nothing is left to say: the record's own evaluation, due by now, will drop it
      unit_.make_due.push_back({prompt.connection, prompt.object, prompt.record, now_, 0});
      hold(prompt, "its findings are being looked at again", now_ + std::chrono::minutes(5));
      return false;
    }
    prompt.subject = text.subject;
    prompt.body = text.body;
    return go(prompt);
  }

  bool go(PromptRow& prompt) {
    prompt.state = PromptState::intent;
    prompt.reason.clear();
    prompt.changed = now_;
    prompt.next_at.reset();
    prompt.sent_at = now_;
    unit_.prompts.push_back(prompt);
    unit_.outbox.push_back(
        {prompt.connection, prompt.key, OutboxRow::Op::create, OutboxRow::State::ready, 0, now_, now_});
    return true;
  }

  const Context& context_;
  const store::Snapshot& snapshot_;
  model::Instant now_;
  store::UnitOfWork& unit_;
  std::map<std::string, int> given_;
};

connectors::PromptItem item_of(const Context& context, const PromptRow& p, model::Instant now) {
  const auto* plan = context.rules->plan(p.object);
  connectors::PromptItem item;
  item.key = p.key;
  item.carrier = p.carrier;
  if (p.object != field_question) {
    item.object = plan ? plan->crm_object : p.object;
    item.record = model::RecordId(p.record);
  }
  item.person = model::PersonId(p.person);
  item.subject = p.subject;
  item.body = p.body;
  item.crm_id = p.crm_id;
  // Due at the end of the next working day in the person's zone.
  const auto* person = context.world->person(p.person);
  const auto today = person ? context.zone_of(*person).day_of(now) : context.world->calendar.today(now);
  item.due = context.world->calendar.shift(today, {model::Span::Unit::business_days, 1}, 1);
  return item;
}

std::chrono::microseconds back_off(std::int32_t attempts) {
  const auto seconds = std::min<std::int64_t>(std::int64_t{5} << std::min(attempts, 10), 1800);
  return std::chrono::seconds(seconds);
}

class Settlement {
 public:
  Settlement(const Context& context, const store::Snapshot& snapshot, const RecordsOut& out, model::Instant now,
             store::UnitOfWork& unit)
      : context_(context), snapshot_(snapshot), out_(out), now_(now), unit_(unit) {}

  void outcome(const connectors::PromptWrite& write, const connectors::WriteOutcome& outcome) {
    if (outcome.error) return error(write, *outcome.error);
    auto prompt = snapshot_.prompt(context_.connection, write.item.key);
    if (!prompt) return;
    if (write.op == connectors::PromptWrite::Op::remove) {
      prompt->state = PromptState::withdrawn;
      unit_.counters.push_back({"prompts_withdrawn", 1});
    } else {
      if (write.op == connectors::PromptWrite::Op::create) unit_.counters.push_back({"prompts_sent", 1});
      prompt->state = PromptState::live;
      prompt->crm_id = outcome.crm_id.value_or(prompt->crm_id);
    }
    finish(*prompt, look_again(*prompt, write.op));
  }

  void error(const connectors::PromptWrite& write, const model::CrmError& e) {
    auto prompt = snapshot_.prompt(context_.connection, write.item.key);
    auto call = snapshot_.outbox_of(context_.connection, write.item.key);
    if (!prompt || !call) return;
    // Removing and updating by id can be repeated; only a creation may not be.
    using Op = connectors::PromptWrite::Op;
    if (e.may_have_happened && write.op == Op::create) return doubt(*prompt, *call);
    const bool refused = e.failure == model::Failure::permanent;
    if (write.op == Op::create && (refused || e.failure == model::Failure::corrupt)) return block(*prompt, e);
    if (write.op == Op::update && refused) return keep_as_it_is(*prompt, e);
    // A removal is tried until it is done: the prompt stands in the CRM, and no other may be asked beside it.
    ++call->attempts;
    call->state = OutboxRow::State::ready;
    call->since = now_;
    const auto asked = std::chrono::microseconds(e.retry_after_us);
    call->not_before = now_ + std::max<std::chrono::microseconds>(asked, back_off(call->attempts));
    unit_.outbox.push_back(*call);
    if (prompt->state == PromptState::sending) set(*prompt, PromptState::intent, e.what);
  }

  void doubt(PromptRow prompt, OutboxRow call) {
    call.state = OutboxRow::State::doubtful;
    call.since = now_;
    call.not_before = now_ + context_.options.doubt;
    unit_.outbox.push_back(call);
    set(prompt, PromptState::doubtful, "the answer of the CRM was lost");
  }

  void found(const connectors::PromptItem& item, const std::vector<connectors::FoundPrompt>& found) {
    auto prompt = snapshot_.prompt(context_.connection, item.key);
    auto call = snapshot_.outbox_of(context_.connection, item.key);
    if (!prompt || !call || call->state != OutboxRow::State::doubtful) return;
    const auto it = std::find_if(found.begin(), found.end(),
                                 [&](const auto& f) { return f.short_key == connectors::short_key(item.key); });
    if (it == found.end()) {  // it never arrived: send it
      call->state = OutboxRow::State::ready;
      call->not_before = call->since = now_;
      unit_.outbox.push_back(*call);
      set(*prompt, PromptState::intent, "");
      return;
    }
    prompt->crm_id = it->crm_id;
    prompt->state = PromptState::live;  // what a person did to it meanwhile, resolution will tell
    unit_.counters.push_back({"prompts_sent", 1});
    finish(*prompt);
  }

 private:
  void set(PromptRow& prompt, PromptState state, std::string reason) {
    prompt.state = state;
    prompt.reason = std::move(reason);
    prompt.changed = now_;
    unit_.prompts.push_back(prompt);
  }

  // It is not there, and will not be.
  void block(PromptRow& prompt, const model::CrmError& e) {
    prompt.state = PromptState::blocked;
    prompt.reason = e.what;
    unit_.counters.push_back({"prompts_blocked", 1});
    finish(prompt);
  }

  // It stands in the CRM with its old text, and is still ended when its record is mended.
  void keep_as_it_is(PromptRow& prompt, const model::CrmError& e) {
    prompt.state = PromptState::live;
    unit_.counters.push_back({"updates_refused", 1});
    for (const auto& rule : prompt.lines)
      unit_.reasons.push_back({context_.connection, prompt.object, prompt.record, rule, "delivery", e.what, now_, 1});
    finish(prompt);
  }

  // Whether findings may have come or gone that waited for the answer: after a removal where any is open (it would be
  // asked anew), after a creation where the record was evaluated while the call was out.
  [[nodiscard]] bool look_again(const PromptRow& prompt, connectors::PromptWrite::Op op) const {
    using Op = connectors::PromptWrite::Op;
    if (op == Op::remove) {
      const auto findings = snapshot_.findings_of(prompt.connection, prompt.object, prompt.record);
      return std::any_of(findings.begin(), findings.end(), [](const auto& f) { return !f.ended; });
    }
    const auto known = out_.find(prompt.record);
    return op != Op::create || known == out_.end() || known->second;
  }

  void finish(PromptRow& prompt, bool look = true) {
    prompt.changed = now_;
    if (!model::ended(prompt.state)) prompt.reason.clear();
    unit_.prompts.push_back(prompt);
    unit_.outbox_done.emplace_back(context_.connection, prompt.key);
    if (look && prompt.object != field_question)
      unit_.make_due.push_back({context_.connection, prompt.object, prompt.record, now_, 0});
  }

  const Context& context_;
  const store::Snapshot& snapshot_;
  const RecordsOut& out_;
  model::Instant now_;
  store::UnitOfWork& unit_;
};

}  // namespace

void release_prompts(const Context& context, const store::Snapshot& snapshot, std::vector<PromptRow> waiting,
                     model::Instant now, store::UnitOfWork& unit) {
  // Where the budget does not reach for all, what says most about a record goes first; then the oldest.
  std::sort(waiting.begin(), waiting.end(), [](const PromptRow& a, const PromptRow& b) {
    if (a.lines.size() != b.lines.size()) return a.lines.size() > b.lines.size();
    if (a.opened != b.opened) return a.opened < b.opened;
    return a.key < b.key;
  });
  Release release(context, snapshot, now, unit);
  for (auto& prompt : waiting) release.one(prompt);
}

Batch take_batch(const Context& context, const store::Snapshot& snapshot, model::Instant now, store::UnitOfWork& unit) {
  Batch batch;
  batch.connection = context.connection;
  if (!context.options.live) return batch;
  for (auto& call : snapshot.outbox(context.connection, now, 1000)) {
    if (call.state != OutboxRow::State::ready) continue;
    if (batch.writes.size() == context.options.write_batch) break;
    auto prompt = snapshot.prompt(context.connection, call.prompt);
    if (!prompt) {
      unit.outbox_done.emplace_back(context.connection, call.prompt);
      continue;
    }
    connectors::PromptWrite write;
    write.op = call.op == OutboxRow::Op::create   ? connectors::PromptWrite::Op::create
               : call.op == OutboxRow::Op::update ? connectors::PromptWrite::Op::update
                                                  : connectors::PromptWrite::Op::remove;
    write.item = item_of(context, *prompt, now);
    batch.writes.push_back(std::move(write));
    call.state = OutboxRow::State::sent;
    call.since = now;
    unit.outbox.push_back(call);
    if (call.op == OutboxRow::Op::create) {
      prompt->state = PromptState::sending;
      prompt->changed = now;
      unit.prompts.push_back(*prompt);
    }
  }
  return batch;
}

void settle_batch(const Context& context, const store::Snapshot& snapshot, const Batch& batch,
                  const BatchResult& result, const RecordsOut& out, model::Instant now, store::UnitOfWork& unit) {
  Settlement settlement(context, snapshot, out, now, unit);
  for (std::size_t i = 0; i < batch.writes.size(); ++i) {
    if (result.has_error())
      settlement.error(batch.writes[i], result.error());
    else if (i < result->size())
      settlement.outcome(batch.writes[i], (*result)[i]);
    else  // an answer that is shorter than the question tells nothing about the rest
      settlement.error(batch.writes[i],
                       {model::Failure::transient, "the CRM answered for fewer items than were sent", {}, 0, true});
  }
}

std::vector<connectors::PromptItem> doubtful(const Context& context, const store::Snapshot& snapshot,
                                             model::Instant now) {
  std::vector<connectors::PromptItem> items;
  for (const auto& call : snapshot.outbox(context.connection, now, 1000)) {
    if (call.state != OutboxRow::State::doubtful) continue;
    if (const auto prompt = snapshot.prompt(context.connection, call.prompt))
      items.push_back(item_of(context, *prompt, now));
  }
  return items;
}

void settle_doubts(const Context& context, const store::Snapshot& snapshot,
                   const std::vector<connectors::PromptItem>& asked,
                   const connectors::Result<std::vector<connectors::FoundPrompt>>& found, model::Instant now,
                   store::UnitOfWork& unit) {
  const RecordsOut out;  // nobody knows what happened meanwhile
  Settlement settlement(context, snapshot, out, now, unit);
  for (const auto& item : asked) {
    if (found.has_value()) {
      settlement.found(item, *found);
    } else if (auto call = snapshot.outbox_of(context.connection, item.key)) {  // ask again later
      call->not_before = now + back_off(++call->attempts);
      unit.outbox.push_back(*call);
    }
  }
}

void doubt_unanswered(const Context& context, const store::Snapshot& snapshot, model::Instant now,
                      store::UnitOfWork& unit) {
  const RecordsOut out;  // nobody knows what happened meanwhile
  Settlement settlement(context, snapshot, out, now, unit);
  for (auto& call : snapshot.outbox(context.connection, now + std::chrono::years(1000), 100'000)) {
    if (call.state != OutboxRow::State::sent) continue;
    auto prompt = snapshot.prompt(context.connection, call.prompt);
    if (prompt && call.op == OutboxRow::Op::create) {
      settlement.doubt(*prompt, call);
    } else {  // by id: may be repeated
      call.state = OutboxRow::State::ready;
      call.not_before = call.since = now;
      unit.outbox.push_back(call);
    }
  }
}

}  // namespace coachd::pipeline
