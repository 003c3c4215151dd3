#include "daemon/pipeline/hall.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/history.hpp"
#include "daemon/pipeline/prompting.hpp"
#include "daemon/pipeline/resolution.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

std::string loaded_flag(const std::string& connection) {
  return "first load done: " + connection;
}

bool empty(const store::UnitOfWork& u) {
  return u.journal.empty() && !u.applied_to && u.cursors.empty() && u.snapshots.empty() && u.history.empty() &&
         u.make_due.empty() && u.evaluated.empty() && u.findings.empty() && u.prompts.empty() && u.outbox.empty() &&
         u.outbox_done.empty() && u.reasons.empty() && u.facts.empty() && u.facts_gone.empty() && u.read_list.empty() &&
         u.metadata.empty() && u.kept.empty();
}

}  // namespace

Hall::Hall(store::Store& store, Outside& outside, HallLimits limits)
    : store_(store), outside_(outside), limits_(limits), reader_(store.open_reader()) {}
Hall::~Hall() = default;

std::unique_ptr<store::Snapshot> Hall::look() {
  return reader_->snapshot();
}

bool Hall::commit(store::UnitOfWork unit) {
  if (empty(unit)) return true;
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

void Hall::connect(std::shared_ptr<const Context> context, model::Instant now) {
  auto& line = lines_[context->connection];
  const bool first = !line.context;
  line.context = std::move(context);
  const auto snapshot = look();
  line.loaded = snapshot->metadata(loaded_flag(line.context->connection)).has_value();
  line.sweep.emplace(*line.context, *snapshot);
  if (line.sweep->done()) line.sweep.reset();
  if (!first) return;
  line.adopted = !line.context->options.live;  // who writes nothing has nothing to adopt
  store::UnitOfWork unit;
  doubt_unanswered(*line.context, *snapshot, now, unit);
  commit(std::move(unit));
}

void Hall::handle(Event event, model::Instant now) {
  if (!std::visit([&](auto& e) { return on(e, now); }, event)) kept_.push_back(std::move(event));
}

bool Hall::on(BatchSettled& e, model::Instant now) {
  auto& line = lines_.at(e.batch.connection);
  store::UnitOfWork unit;
  settle_batch(*line.context, *look(), e.batch, e.result, now, unit);
  if (!commit(std::move(unit))) return false;
  line.writing = false;
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

bool Hall::on(FirstLoadDone& e, model::Instant now) {
  auto& line = lines_.at(e.connection);
  if (line.loaded) return true;
  if (look()->journal_waiting(e.connection) > 0) return false;  // what was read is applied first
  store::UnitOfWork unit;
  unit.metadata.emplace_back(loaded_flag(e.connection), model::to_string(now));
  if (!commit(std::move(unit))) return false;
  line.loaded = true;
  return true;
}

bool Hall::take_journal(Line& line, model::Instant now) {
  const auto snapshot = look();
  const auto entries = snapshot->journal_after(line.context->connection, limits_.journal);
  if (entries.empty()) return false;
  auto unit = apply_journal(*line.context, *snapshot, entries, now);
  const bool wanted = !unit.read_list.empty();
  if (!commit(std::move(unit))) return false;
  if (wanted) outside_.read(line.context->connection);
  return true;
}

bool Hall::sweep(Line& line, model::Instant now) {
  if (!line.sweep) return false;
  if (!commit(line.sweep->next(*line.context, *look(), limits_.sweep, now))) return false;
  line.sweep->advance();
  if (line.sweep->done()) line.sweep.reset();
  return true;
}

bool Hall::evaluate_due(model::Instant now) {
  const auto snapshot = look();
  const auto due = snapshot->due(now, limits_.evaluations);
  store::UnitOfWork unit;
  bool any = false;
  for (const auto& d : due) {
    const auto line = lines_.find(d.connection);
    if (line == lines_.end() || !line->second.loaded) continue;
    const auto& context = *line->second.context;
    const auto evaluated = evaluate_record(context, *snapshot, d, now, unit);
    prompt_record(context, *snapshot, d, evaluated, now, unit);
    any = true;
  }
  return any && commit(std::move(unit));
}

bool Hall::release(model::Instant now) {
  const auto snapshot = look();
  std::map<std::string, std::vector<store::PromptRow>> waiting;
  for (auto& p : snapshot->prompts_waiting(now, limits_.releases)) waiting[p.connection].push_back(std::move(p));
  store::UnitOfWork unit;
  for (auto& [connection, prompts] : waiting) {
    const auto line = lines_.find(connection);
    if (line == lines_.end() || !line->second.loaded || !line->second.adopted || line->second.sweep) continue;
    release_prompts(*line->second.context, *snapshot, std::move(prompts), now, unit);
  }
  return !unit.prompts.empty() && commit(std::move(unit));
}

bool Hall::deliver(Line& line, model::Instant now) {
  if (!line.adopted || !line.context->options.live) return false;
  const auto snapshot = look();
  if (!line.finding) {
    if (auto items = doubtful(*line.context, *snapshot, now); !items.empty()) {
      line.finding = true;
      outside_.find(line.context->connection, std::move(items));
    }
  }
  if (line.writing) return false;
  store::UnitOfWork unit;
  auto batch = take_batch(*line.context, *snapshot, now, unit);
  if (!commit(std::move(unit)) || batch.empty()) return false;
  line.writing = true;  // the intent is durable: now the call may be made
  outside_.write(std::move(batch));
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
      for (auto& [name, line] : lines_) done |= take_journal(line, now) || sweep(line, now);
      break;
    case Work::evaluate: done = evaluate_due(now); break;
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
  for (const auto& [name, line] : lines_)
    if (line.sweep || snapshot->journal_waiting(name) > 0) agenda.journal = now;
  if (!kept_.empty()) agenda.journal = now;
  agenda.evaluate = snapshot->next_due();
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
