#include "daemon/pipeline/prompting.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "daemon/pipeline/asking.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

using model::PromptState;
using store::OutboxRow;
using store::PromptRow;

std::string text_of(const rules::ObjectPlan& plan, rules::Slot slot, const rules::Case& c) {
  if (slot == rules::no_slot || slot >= plan.slots.size()) return {};
  const auto& v = c.value(slot);
  return v.kind() == model::Value::Kind::text ? std::string(v.as_text()) : std::string();
}

class RecordPrompts {
 public:
  RecordPrompts(const Context& context, const store::Snapshot& snapshot, const store::DueRow& due,
                const Evaluated& evaluated, model::Instant now, store::UnitOfWork& unit)
      : context_(context), snapshot_(snapshot), due_(due), evaluated_(evaluated), now_(now), unit_(unit) {
    existing_ = snapshot.prompts_of(context.connection, due.object, due.record);
  }

  void run() {
    if (evaluated_.built) want();
    for (auto& prompt : existing_)
      if (!model::ended(prompt.state)) settle(prompt);
    for (const auto& [person, lines] : wanted_) open(person, lines);
  }

 private:
  void reason(const std::string& rule, const char* stage, std::string text) {
    if (!reasons_) reasons_ = snapshot_.reasons_of(context_.connection, due_.object, due_.record);
    for (const auto& r : *reasons_)
      if (r.rule == rule && r.stage == stage && r.reason == text) return;  // said already
    unit_.reasons.push_back({context_.connection, due_.object, due_.record, rule, stage, std::move(text), now_, 1});
  }

  // Who is to be asked for which findings.
  void want() {
    const auto& plan = *context_.rules->plan(due_.object);
    for (const auto& finding : evaluated_.open) {
      const auto index = find_rule(*context_.rules, finding.rule);
      const auto* rule = index ? &context_.rules->rules[*index] : nullptr;
      if (!rule || !rule->prompts()) continue;
      if (finding.old_record) {
        reason(finding.rule, "prompting", "old record: counted, never prompted");
        continue;
      }
      const auto to =
          answerer(*context_.world, context_.options.integration_user, plan, *rule, evaluated_.built->value);
      if (to.person.empty()) {
        reason(finding.rule, "prompting", to.reason);
        continue;
      }
      if (answered_before(finding, to.person)) continue;
      wanted_[to.person].insert(finding.rule);
    }
  }

  // A finding whose prompt the person completed, deleted or ignored is not asked again while it lasts.
  bool answered_before(const store::FindingRow& finding, const std::string& person) {
    for (const auto& p : existing_) {
      if (original_person(p) != person && p.person != person) continue;
      const bool answered = p.state == PromptState::done || p.state == PromptState::dismissed ||
                            p.state == PromptState::ignored || p.state == PromptState::expired ||
                            p.state == PromptState::blocked;
      if (!answered) continue;
      // One taken over from the CRM after a restore does not say what it asked: then all that was so by then.
      const bool asked = p.lines.empty() ? !finding.since || *finding.since <= p.changed
                                         : p.changed >= finding.first_seen &&
                                               std::find(p.lines.begin(), p.lines.end(), finding.rule) != p.lines.end();
      if (!asked) continue;
      reason(finding.rule, "prompting", "not asked again: " + std::string(model::to_string(p.state)));
      return true;
    }
    return false;
  }

  // A reassigned prompt follows the new person; its key still names the one it was made for.
  [[nodiscard]] std::string original_person(const PromptRow& p) const {
    for (const auto& [person, lines] : wanted_)
      if (prompt_key(context_.connection, due_.object, due_.record, person, p.carrier, p.episode) == p.key)
        return person;
    return p.person;
  }

  void settle(PromptRow& prompt) {
    const auto it = wanted_.find(original_person(prompt));
    if (it == wanted_.end()) return retire(prompt);
    std::vector<std::string> lines(it->second.begin(), it->second.end());
    wanted_.erase(it);
    if (lines == prompt.lines) return;
    prompt.lines = std::move(lines);
    if (prompt.state == PromptState::live) {
      prompt.state = PromptState::updating;
      prompt.changed = now_;
      const auto text = render_prompt(context_, *context_.rules->plan(due_.object), evaluated_, prompt, now_);
      prompt.subject = text.subject;
      prompt.body = text.body;
      unit_.outbox.push_back(
          {context_.connection, prompt.key, OutboxRow::Op::update, OutboxRow::State::ready, 0, now_, now_});
    }
    unit_.prompts.push_back(prompt);
  }

  // Nobody needs it any more: what never went out is dropped, what is in the CRM is removed there.
  void retire(PromptRow& prompt) {
    const auto call = snapshot_.outbox_of(context_.connection, prompt.key);
    const bool out = call && call->op == OutboxRow::Op::create && call->state != OutboxRow::State::ready;
    if (prompt.state == PromptState::withdrawing) return;
    if (prompt.state == PromptState::sending || prompt.state == PromptState::doubtful || out)
      return;  // looked at again when the answer is in
    if (prompt.reason == "touched") {
      prompt.state = PromptState::done;  // its person wrote in it: it is theirs
    } else if (prompt.crm_id.empty()) {
      prompt.state = PromptState::dropped;
      prompt.reason = "its findings ended before its turn";
      if (call) unit_.outbox_done.emplace_back(context_.connection, prompt.key);
      unit_.counters.push_back({"prompts_dropped", 1});
    } else {
      prompt.state = PromptState::withdrawing;
      prompt.reason = withdrawal_reason();
      unit_.outbox.push_back(
          {context_.connection, prompt.key, OutboxRow::Op::remove, OutboxRow::State::ready, 0, now_, now_});
    }
    prompt.changed = now_;
    prompt.next_at.reset();
    unit_.prompts.push_back(prompt);
  }

  [[nodiscard]] std::string withdrawal_reason() const {
    if (!evaluated_.built) return "the record is gone";
    for (const auto& f : evaluated_.ended)
      if (f.ended_how == "mended") return "mended";
    return "overtaken";
  }

  void open(const std::string& person, const std::set<std::string>& lines) {
    PromptRow p;
    p.connection = context_.connection;
    p.object = due_.object;
    p.record = due_.record;
    p.person = person;
    p.carrier = context_.options.carrier;
    for (const auto& old : existing_)
      if (old.person == person && old.carrier == p.carrier) p.episode = std::max(p.episode, old.episode + 1);
    p.key = prompt_key(context_.connection, p.object, p.record, person, p.carrier, p.episode);
    p.state = PromptState::own_list;
    p.reason = "in the person's own list first";
    p.opened = p.changed = now_;
    p.next_at = now_ + context_.options.own_list;
    p.lines.assign(lines.begin(), lines.end());
    unit_.prompts.push_back(std::move(p));
    unit_.counters.push_back({"prompts_opened", 1});
  }

  const Context& context_;
  const store::Snapshot& snapshot_;
  const store::DueRow& due_;
  const Evaluated& evaluated_;
  model::Instant now_;
  store::UnitOfWork& unit_;
  std::vector<PromptRow> existing_;
  std::optional<std::vector<store::ReasonRow>> reasons_;
  std::map<std::string, std::set<std::string>> wanted_;  // person -> rules
};

}  // namespace

std::string prompt_key(const std::string& connection, const std::string& object, const std::string& record,
                       const std::string& person, const std::string& carrier, std::int32_t episode) {
  // Unit separators keep ("ab", "c") and ("a", "bc") apart.
  std::string bytes;
  for (const auto* part : {&connection, &object, &record, &person, &carrier}) bytes += *part + '\x1f';
  return stable_key(bytes + std::to_string(episode));
}

void prompt_record(const Context& context, const store::Snapshot& snapshot, const store::DueRow& due,
                   const Evaluated& evaluated, model::Instant now, store::UnitOfWork& unit) {
  RecordPrompts(context, snapshot, due, evaluated, now, unit).run();
}

PromptText render_prompt(const Context& context, const rules::ObjectPlan& plan, const Evaluated& evaluated,
                         const PromptRow& prompt, model::Instant now) {
  PromptText text;
  const auto* person = context.world->person(prompt.person);
  const std::string_view language = person && !person->language.empty() ? std::string_view(person->language) : "en";
  std::vector<rules::Line> lines;
  for (const auto& key : prompt.lines) {
    const auto v = std::find_if(evaluated.findings.begin(), evaluated.findings.end(),
                                [&](const model::Verdict& f) { return rule_key(context.rules->rules[f.rule]) == key; });
    if (v == evaluated.findings.end()) continue;
    lines.push_back(rules::line(*context.rules, plan, *v, evaluated.built->value, evaluated.facts, *context.world, now,
                                language, prompt.person));
  }
  if (lines.empty()) return text;
  // The ask comes first: it must stand in the 60 characters that a phone shows.
  text.subject = lines.front().ask.empty() ? lines.front().say : lines.front().ask;
  const auto name = text_of(plan, plan.name, evaluated.built->value);
  if (!name.empty()) text.subject += " (" + name + ")";
  for (const auto& l : lines) {
    if (!text.body.empty()) text.body += "\n\n";
    text.body += l.say;
    if (!l.ask.empty()) text.body += "\n" + l.ask;
    if (!l.gives_back.empty()) text.body += "\n" + l.gives_back;
  }
  return text;
}

}  // namespace coachd::pipeline
