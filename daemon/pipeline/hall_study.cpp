// The hall's part in the daily study: asks for it when a day begins, and takes its answer in: new facts into the world,
// whom they turn made due, what detectors found into rows.
#include <optional>
#include <utility>

#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/day_facts.hpp"
#include "daemon/pipeline/detections.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/study.hpp"
#include "daemon/pipeline/trails.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

// New facts are swapped in whole, in the world; whom they turn is made due from then on.
bool Hall::on(Studied& e, model::Instant now) {
  auto& line = lines_.at(e.connection);
  auto snapshot = look();
  if (e.key != study_key(*line.context, *snapshot, now)) {  // of other rules, or of yesterday
    if (e.key == line.asked) line.asked.clear();
    return true;
  }
  if (line.sweep || line.turning) return false;  // what turned before is worked off first
  const auto next = with_day_facts(*line.context, e.facts, now);
  FactSweep turning(*next, *line.context->world);
  snapshot.reset();
  store::UnitOfWork unit;
  unit.kept.push_back(kept_row(e.connection, e.facts, now));
  turning.begin(unit);
  if (!commit(std::move(unit))) return false;
  line.context = next;
  line.detections.emplace(std::move(e.found));
  line.answer = std::move(e);
  if (!turning.done()) line.turning.emplace(std::move(turning));
  return true;
}

// The study counts as stored once all that it found is: after a crash before that it is made again.
bool Hall::store_detections(Line& line, model::Instant now) {
  if (!line.detections) return false;
  auto snapshot = look();
  auto& context = *line.context;
  store::UnitOfWork unit;
  const bool last = line.detections->done();
  if (!last) {
    unit = line.detections->next(context, *snapshot, sweep_.get(), now);
  } else {
    count_untold(context, *snapshot, line.answer->untold, unit);
    unit.metadata.emplace_back(studied_row(context.connection), line.answer->key);
    unit.counters.push_back({"studies", 1});
    unit.counters.push_back({"records_studied", line.answer->records});
  }
  const auto rows = unit.findings.size();
  snapshot.reset();
  if (!commit(std::move(unit), sweep_, rows)) return false;
  if (!last) {
    line.detections->advance();
    return true;
  }
  line.studied = line.answer->key;
  line.study_at.reset();
  line.patience.reset();
  line.asked.clear();
  line.detections.reset();
  line.answer.reset();
  return true;
}

// The study that waits for them can be asked for.
bool Hall::on(TrailsRead& e, model::Instant now) {
  (void)now;
  lines_.at(e.connection).study_at.reset();
  return true;
}

// A study is asked for at once after new rules, and when a day begins; it waits for the trails of the day, but not for
// ever: what comes later has it made again.
std::optional<model::Instant> Hall::next_study(Line& line, const store::Snapshot& snapshot, model::Instant now) {
  if (!line.loaded || !line.read || line.sweep || line.turning || !line.asked.empty()) return std::nullopt;
  if (line.study_at && now < *line.study_at) return line.study_at;
  if (line.studied != study_key(*line.context, snapshot, now)) {
    if (trails_read(*line.context, snapshot, now)) return now;
    if (!line.patience) line.patience = now + line.context->options.trails_wait;
    if (now >= *line.patience) return now;
    line.study_at = line.patience;
    return line.study_at;
  }
  const auto& calendar = line.context->world->calendar;
  line.study_at = calendar.zone().start_of(calendar.today(now) + std::chrono::days(1));
  return line.study_at;
}

void Hall::study(Line& line, model::Instant now) {
  if (line.study_at && now < *line.study_at) return;
  auto snapshot = look();
  const auto at = next_study(line, *snapshot, now);
  if (!at || *at > now) return;
  line.asked = study_key(*line.context, *snapshot, now);
  outside_.study(line.context, line.asked, now);
}

bool Hall::turn(Line& line, model::Instant now) {
  if (!line.turning) return false;
  auto snapshot = look();
  if (overdue(*snapshot, line, now)) return false;
  auto unit = line.turning->next(*line.context, *snapshot, sweep_.get(), now);
  const auto records = unit.make_due.size();
  snapshot.reset();
  if (!commit(std::move(unit), sweep_, records)) return false;
  line.turning->advance();
  if (line.turning->done()) line.turning.reset();
  return true;
}

}  // namespace coachd::pipeline
