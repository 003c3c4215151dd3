#include "daemon/pipeline/hall.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/coaching/retirement.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/day_facts.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/history.hpp"
#include "daemon/pipeline/loaded.hpp"
#include "daemon/pipeline/prompting.hpp"
#include "daemon/pipeline/resolution.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "daemon/pipeline/study.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

void StepSize::measure(std::size_t items, const store::Pace& pace, std::chrono::microseconds whole, bool bulk) {
  constexpr std::size_t least = 10;
  constexpr std::chrono::microseconds while_a_door_waits{2'000};
  constexpr std::chrono::microseconds otherwise{15'000};
  constexpr std::chrono::microseconds in_bulk{100'000};
  constexpr std::chrono::microseconds from_look_to_commit{50'000};
  if (items < least) return;  // too few to tell
  const auto target = pace.door_busy ? while_a_door_waits : bulk ? in_bulk : otherwise;
  const auto took = std::max<std::int64_t>(pace.last_hall_unit.count(), 1);
  auto fits = static_cast<std::size_t>(target.count() * static_cast<std::int64_t>(items) / took);
  if (!bulk)
    fits = std::min(fits, static_cast<std::size_t>(from_look_to_commit.count() * static_cast<std::int64_t>(items) /
                                                   std::max<std::int64_t>(whole.count(), 1)));
  size_ = std::clamp(std::min(fits, size_ * 2), least, most_);
}

Hall::Hall(store::Store& store, Outside& outside, HallLimits limits)
    : store_(store),
      outside_(outside),
      journal_(limits.journal),
      evaluations_(limits.evaluations),
      sweep_(limits.sweep),
      releases_(limits.releases),
      reader_(store.open_reader()) {}
Hall::~Hall() = default;

std::unique_ptr<store::Snapshot> Hall::look() {
  looked_ = std::chrono::steady_clock::now();
  return reader_->snapshot();
}

bool Hall::commit(store::UnitOfWork unit) {
  if (unit.empty()) return true;
  unit.epoch = store_.epoch();
  switch (store::apply_and_wait(store_, std::move(unit))) {
    case store::Applied::done: trouble_.clear(); return true;
    case store::Applied::conflict: return false;  // somebody was quicker: what was read is read again
    case store::Applied::no_space:
      trouble_ = "the disk is full: reading and deciding wait until there is room";
      return false;
    case store::Applied::failed: trouble_ = "the store does not answer"; return false;
  }
  return false;
}

bool Hall::commit(store::UnitOfWork unit, StepSize& size, std::size_t items, bool bulk) {
  if (!commit(std::move(unit))) return false;
  const auto whole = std::chrono::steady_clock::now() - looked_;
  size.measure(items, store_.pace(), std::chrono::duration_cast<std::chrono::microseconds>(whole), bulk);
  return true;
}

void Hall::connect(const std::shared_ptr<const Context>& context, model::Instant now) {
  auto& line = lines_[context->connection];
  const bool first = !line.context;
  auto snapshot = look();
  // Whoever made the context may have read facts that are older by now.
  line.context = with_day_facts(*context, kept_day_facts(*snapshot, context->connection), now);
  line.studied = snapshot->metadata(studied_row(line.context->connection)).value_or("");
  line.read = false;
  line.asked.clear();
  line.study_at.reset();
  line.detections.reset();
  line.sweep.emplace(*line.context, *snapshot);
  if (line.sweep->done())
    line.sweep.reset();
  else
    line.turning.reset();  // the sweep makes all of them due
  if (!first) return;
  line.turning = FactSweep::left(*line.context, *snapshot);
  line.adopted = !line.context->options.live;  // who writes nothing has nothing to adopt
  store::UnitOfWork unit;
  doubt_unanswered(*line.context, *snapshot, now, unit);
  snapshot.reset();
  commit(std::move(unit));
}

void Hall::handle(Event event, model::Instant now) {
  if (!std::visit([&](auto& e) { return on(e, now); }, event)) kept_.push_back(std::move(event));
}

bool Hall::on(BatchSettled& e, model::Instant now) {
  auto& line = lines_.at(e.batch.connection);
  store::UnitOfWork unit;
  auto snapshot = look();
  settle_batch(*line.context, *snapshot, e.batch, e.result, line.out, now, unit);
  // The next calls are taken in the unit that settles the last ones: none of them is among both.
  auto next = may_write(line) ? take_batch(*line.context, *snapshot, now, unit) : Batch{};
  snapshot.reset();
  if (!commit(std::move(unit))) return false;
  line.writing = false;
  line.out.clear();
  send(line, std::move(next));
  return true;
}

bool Hall::on(DoubtsSettled& e, model::Instant now) {
  auto& line = lines_.at(e.connection);
  store::UnitOfWork unit;
  settle_doubts(*line.context, *look(), e.asked, e.found, now, unit);
  if (!commit(std::move(unit))) return false;
  line.finding = false;
  return true;
}

bool Hall::on(OwnPromptsRead& e, model::Instant now) {
  auto& line = lines_.at(e.connection);
  auto unit = resolve(*line.context, *look(), e.found, !line.adopted, now);
  if (!e.cursor_name.empty()) unit.cursors.emplace_back(e.cursor_name, e.cursor);
  if (!commit(std::move(unit))) return false;
  if (e.last) line.adopted = true;
  return true;
}

// All that had been read when the event came is applied; what comes in meanwhile does not hold it up.
bool Hall::caught_up(const Line& line, const store::Snapshot& snapshot, AppliedFirst& after) {
  if (!after) after = line.applied + snapshot.journal_waiting(line.context->connection);
  return line.applied >= *after;
}

// Until the first of them comes nothing is decided and nothing written: what is stored may be days old, of before the
// daemon was ended, or of a backup.
bool Hall::on(FirstLoadDone& e, model::Instant now) {
  auto& line = lines_.at(e.connection);
  line.read = true;
  if (line.loaded) return true;
  auto snapshot = look();
  if (!caught_up(line, *snapshot, e.after)) return false;
  store::UnitOfWork unit;
  if (!first_load_done(*snapshot, e.connection))
    unit.metadata.emplace_back(loaded_flag(e.connection), model::to_string(now));
  snapshot.reset();
  if (!commit(std::move(unit))) return false;
  line.loaded = true;
  return true;
}

// What could not be told until now can be: every record is looked at again, as after a change of the rules. Before the
// first load is done all are to be looked at anyway.
bool Hall::on(BesideRead& e, model::Instant now) {
  auto& line = lines_.at(e.connection);
  auto snapshot = look();
  if (was_read_whole(*snapshot, e.whole) == e.readable) return true;
  if (!caught_up(line, *snapshot, e.after)) return false;
  const bool looked_at = first_load_done(*snapshot, e.connection);
  snapshot.reset();
  store::UnitOfWork unit;
  unit.metadata.emplace_back(e.whole, e.readable ? model::to_string(now) : std::string());
  line.study_at.reset();
  if (looked_at) Sweep::forget(unit, e.connection);
  if (!commit(std::move(unit))) return false;
  if (looked_at) line.sweep.emplace(*line.context, *look());
  return true;
}

RetireOutcome Hall::retire(const std::string& connection,
                           const std::function<RetireOutcome(Line&, store::UnitOfWork&)>& step) {
  RetireOutcome failed;
  const auto line = lines_.find(connection);
  if (line == lines_.end()) {
    failed.refused = "connection " + connection + " has not been described since the daemon's start: see `status`";
    return failed;
  }
  store::UnitOfWork unit;
  auto outcome = step(line->second, unit);
  if (commit(std::move(unit))) return outcome;
  failed.refused = trouble_.empty() ? "somebody was quicker: try again" : trouble_;
  return failed;
}

RetireOutcome Hall::retire(const RetireRequest& request, model::Instant now) {
  return retire(request.connection, [&](Line& line, store::UnitOfWork& unit) {
    std::string may_not;
    if (!line.context->options.live)
      may_not = "connection " + request.connection +
                " is in observe: nothing is written to its CRM; set `mode: live` for it first";
    else if (!line.adopted)
      may_not = "coachd has not read its own items in the CRM since its start: try again in a minute";
    return retire_step(*line.context, *look(), request, may_not, now, unit);
  });
}

RetireOutcome Hall::retired(const RetireRequest& request, const coaching::Called& called, model::Instant now) {
  return retire(request.connection, [&](Line& line, store::UnitOfWork& unit) {
    return retire_called(*line.context, *look(), request, called, now, unit);
  });
}

bool Hall::take_journal(Line& line, model::Instant now) {
  auto snapshot = look();
  const auto entries = snapshot->journal_after(line.context->connection, journal_.get());
  if (entries.empty()) return false;
  const auto& context = *line.context;
  auto [unit, ready] = apply_journal(context, *snapshot, entries, {line.loaded, !line.sweep}, now);
  for (auto& record : ready) {
    const auto due = record.due;
    const auto evaluated = evaluate_changed(context, *snapshot, std::move(record), now, unit);
    prompt_record(context, *snapshot, due, evaluated, now, unit);
    line.evaluated(due.record);
  }
  const bool wanted = !unit.read_list.empty();
  snapshot.reset();
  if (!commit(std::move(unit), journal_, entries.size(), !line.loaded)) return false;
  line.applied += static_cast<std::int64_t>(entries.size());
  if (wanted) outside_.read(line.context->connection);
  return true;
}

// Something of a loaded connection waits for its evaluation.
bool Hall::overdue(const store::Snapshot& snapshot, const Line& line, model::Instant now) {
  if (!line.loaded) return false;
  const auto next = snapshot.next_due(line.context->connection);
  return next && *next <= now;
}

// Goes on only when all that is due was evaluated: what changes meanwhile does not wait behind a million records, and
// the place of the sweep says how many have their new answers.
bool Hall::sweep(Line& line, model::Instant now) {
  if (!line.sweep) return false;
  auto snapshot = look();
  if (overdue(*snapshot, line, now)) return false;
  auto unit = line.sweep->next(*line.context, *snapshot, sweep_.get(), now);
  const auto records = unit.make_due.size();
  snapshot.reset();
  if (!commit(std::move(unit), sweep_, records)) return false;
  line.sweep->advance();
  if (line.sweep->done()) line.sweep.reset();
  return true;
}

bool Hall::evaluate_due(Line& line, model::Instant now) {
  if (!line.loaded) return false;
  auto snapshot = look();
  const auto& context = *line.context;
  const auto due = snapshot->due(context.connection, now, evaluations_.get());
  store::UnitOfWork unit;
  for (const auto& d : due) {
    const auto evaluated = evaluate_record(context, *snapshot, d, now, unit);
    prompt_record(context, *snapshot, d, evaluated, now, unit);
    line.evaluated(d.record);
  }
  snapshot.reset();
  return !due.empty() && commit(std::move(unit), evaluations_, due.size());
}

bool Hall::release(model::Instant now) {
  auto snapshot = look();
  std::map<std::string, std::vector<store::PromptRow>> waiting;
  for (auto& p : snapshot->prompts_waiting(now, releases_.get())) waiting[p.connection].push_back(std::move(p));
  store::UnitOfWork unit;
  for (auto& [connection, prompts] : waiting) {
    const auto line = lines_.find(connection);
    if (line == lines_.end() || !knows_crm(line->second) || line->second.sweep) continue;
    release_prompts(*line->second.context, *snapshot, std::move(prompts), now, unit);
  }
  const auto decided = unit.prompts.size();
  snapshot.reset();
  return decided > 0 && commit(std::move(unit), releases_, decided);
}

// The intent is durable: now the call may be made.
void Hall::send(Line& line, Batch batch) {
  if (batch.empty()) return;
  line.writing = true;
  for (const auto& w : batch.writes) line.out.emplace(w.item.record.get(), false);
  outside_.write(std::move(batch));
}

bool Hall::deliver(Line& line, model::Instant now) {
  if (!may_write(line)) return false;
  auto snapshot = look();
  if (!line.finding) {
    if (auto items = doubtful(*line.context, *snapshot, now); !items.empty()) {
      line.finding = true;
      outside_.find(line.context->connection, std::move(items));
    }
  }
  if (line.writing) return false;
  store::UnitOfWork unit;
  auto batch = take_batch(*line.context, *snapshot, now, unit);
  snapshot.reset();
  if (!commit(std::move(unit)) || batch.empty()) return false;
  send(line, std::move(batch));
  return true;
}

void Hall::retry_events(model::Instant now) {
  auto kept = std::exchange(kept_, {});
  for (auto& e : kept) handle(std::move(e), now);
}

bool Hall::work(Work kind, model::Instant now) {
  retry_events(now);
  bool done = false;
  switch (kind) {
    case Work::journal:
      for (auto& [name, line] : lines_) {
        done |= take_journal(line, now) || sweep(line, now) || turn(line, now) || store_detections(line, now);
        study(line, now);
      }
      break;
    case Work::evaluate:
      for (auto& [name, line] : lines_) done |= evaluate_due(line, now);
      break;
    case Work::release: done = release(now); break;
    case Work::deliver:
      for (auto& [name, line] : lines_) done |= deliver(line, now);
      break;
  }
  return done;
}

bool Hall::step(model::Instant now) {
  return std::any_of(kinds.begin(), kinds.end(), [&](Work kind) { return work(kind, now); });
}

Hall::Agenda Hall::agenda(model::Instant now) {
  Agenda agenda;
  const auto snapshot = look();
  for (auto& [name, line] : lines_) {
    const auto due = line.loaded ? snapshot->next_due(name) : std::nullopt;
    if (due && (!agenda.evaluate || *due < *agenda.evaluate)) agenda.evaluate = due;
    const bool sweeping = line.sweep || line.turning || line.detections;
    if ((sweeping && !(due && *due <= now)) || snapshot->journal_waiting(name) > 0) agenda.journal = now;
    const auto at = next_study(line, *snapshot, now);  // asked for in the journal's turn
    if (at && (!agenda.journal || *at < *agenda.journal)) agenda.journal = at;
  }
  if (!kept_.empty()) agenda.journal = now;
  agenda.release = snapshot->next_prompt_at();
  agenda.deliver = snapshot->next_outbox_at();
  return agenda;
}

std::optional<model::Instant> Hall::Agenda::first() const {
  std::optional<model::Instant> at;
  for (const auto& next : {journal, evaluate, release, deliver})
    if (next && (!at || *next < *at)) at = next;
  return at;
}

}  // namespace coachd::pipeline
