#include "daemon/pipeline/study.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/trails.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/detections.hpp"
#include "daemon/pipeline/fill_beside.hpp"
#include "daemon/pipeline/trails.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/day_facts.hpp"
#include "rules/engine/detect.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/timing.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

std::string study_key(const Context& context, const store::Snapshot& snapshot, model::Instant now) {
  auto key = model::to_string(context.world->calendar.today(now)) + " " + std::to_string(context.rules->hash) + " " +
             std::to_string(context.world->version) + " ";
  for (const auto& [object, beside] : context.beside) key += was_read_whole(snapshot, beside.whole) ? '1' : '0';
  for (const auto trail : connectors::every_trail) {
    if (!wants_trail(context, trail)) continue;
    const auto state = trail_state(snapshot, context.connection, trail);
    key += !state || !state->is_of_today(context, now) ? '0' : state->why_not.empty() ? '1' : 'x';
  }
  return key;
}

std::string studied_row(const std::string& connection) {
  return "studied: " + connection;
}

Study::Study(std::shared_ptr<const Context> context, std::string key, model::Instant now)
    : context_(std::move(context)), now_(now), evidence_(*context_, now) {
  out_.connection = context_->connection;
  out_.key = std::move(key);
  const auto& rules = *context_->rules;
  for (const auto& [object, plan] : rules.objects) {
    Walk walk{&plan, false, rules::DayFactTally::wanted(plan), rules::TimingStudy(rules, plan, {}),
              std::make_unique<rules::DetectorRun>(rules, plan, *context_->world, now)};
    if (!walk.facts && walk.timing.empty() && walk.detectors->empty()) continue;
    detects_ = detects_ || !walk.detectors->empty();
    walk.history =
        std::any_of(plan.slots.begin(), plan.slots.end(), [](const auto& slot) { return slot.needs_history; });
    walks_.push_back(std::move(walk));
  }
}

bool Study::step(const store::Snapshot& snapshot, std::size_t limit) {
  if (at_ == walks_.size()) {
    const bool more = detects_ && evidence_.step(snapshot, limit);
    if (!more) at_ = 0;
    return more;
  }
  auto& walk = walks_[at_];
  auto rows = snapshot.records_after(context_->connection, walk.plan->object, after_, limit);
  const bool last = rows.size() < limit;
  if (!rows.empty()) after_ = rows.back().record;
  for (auto& row : rows)
    if (!row.deleted) see(walk, snapshot, std::move(row));
  if (last) {
    ++at_;
    after_.clear();
  }
  return true;
}

void Study::see(Walk& walk, const store::Snapshot& snapshot, store::SnapshotRow row) {
  const auto& plan = *walk.plan;
  std::vector<store::StoredHistory> history;
  std::vector<store::Snapshot::FieldKnown> known;
  if (walk.history) {
    history = snapshot.history(context_->connection, plan.object, row.record);
    known = snapshot.known_since(context_->connection, plan.object, row.record);
  }
  const auto built = build_case(*context_, plan, std::move(row), std::move(history), known);
  if (!built) return;
  ++out_.records;
  const auto& world = *context_->world;
  const bool detects = !walk.detectors->empty();
  if (detects || rules::DayFactTally::wants_activities(plan, built->value, world, now_))
    fill_surroundings(*context_, plan, snapshot, *built);
  if (walk.facts) facts_.add(plan, built->value, world, now_);
  if (!walk.timing.empty()) walk.timing.add(built->value, world, now_);
  if (detects) walk.detectors->see(built->value, read_facts(*context_, plan, built->value, snapshot));
}

void Study::untold(std::uint32_t rule, const std::string& why, std::int64_t count) {
  const auto key = rule_key(context_->rules->rules[rule]);
  const auto same = std::find_if(out_.untold.begin(), out_.untold.end(),
                                 [&](const auto& one) { return one.rule == key && one.reason == why; });
  if (same != out_.untold.end())
    same->delta += count;
  else
    out_.untold.push_back({context_->connection, key, why, count});
}

bool Study::conclude_one() {
  if (at_ == walks_.size()) return false;
  auto& walk = walks_[at_];
  if (const auto answer = walk.detectors->conclude_next(evidence_.evidence())) {
    for (const auto& found : answer->detection.findings)
      out_.found.push_back(finding_row(*context_, *walk.plan, answer->rule, found));
    for (const auto& u : answer->detection.untold) untold(answer->rule, u.why, static_cast<std::int64_t>(u.count));
    return true;
  }
  for (const auto& timing : walk.timing.finish(*context_->world, now_)) {
    for (auto& row : timing_rows(*context_, *walk.plan, timing)) out_.found.push_back(std::move(row));
    for (const auto& why : timing.required_untold) untold(timing.rule, "whether the CRM requires it: " + why, 1);
  }
  ++at_;
  return true;
}

Studied Study::finish() {
  const auto& world = *context_->world;
  out_.facts = facts_.finish(world.calendar.today(now_), world);
  return std::move(out_);
}

}  // namespace coachd::pipeline
