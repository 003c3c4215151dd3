#include "rules/engine/day_facts.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/conditions/case.hpp"
#include "rules/conditions/day_facts.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/stage_ages.hpp"
#include "rules/engine/won_deals.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

const StageAges& ages_of(const DayFacts& facts, const std::string& object) {
  static const StageAges none;
  const auto it = facts.stage_ages.find(object);
  return it == facts.stage_ages.end() ? none : it->second;
}

const StayLengths& lengths_of(const StageAges& ages, const StageAges::key_type& stage) {
  static const StayLengths none;
  const auto it = ages.find(stage);
  return it == ages.end() ? none : it->second;
}

}  // namespace

void DayFactTally::add(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now) {
  if (!plan.percentiles.empty()) add_stage_ages(plan, c, world, now, facts_.stage_ages[plan.object]);
  if (plan.needs_activities) count_won_deal(plan, c, world, now, won_);
}

bool DayFactTally::wants_activities(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now) {
  return plan.needs_activities && won_lately(plan, c, world, now);
}

DayFacts DayFactTally::finish(model::Day day, const DayFacts& before) {
  facts_.facts_day = day;
  facts_.activity_coverage = before.activity_coverage.counted(won_, day);
  for (auto& [object, ages] : facts_.stage_ages)
    for (auto& [stage, lengths] : ages) lengths.finish();
  return std::move(facts_);
}

FactsTurned::FactsTurned(const ObjectPlan& plan, const DayFacts& before, const DayFacts& after)
    : coverage_(plan.needs_activities && before.activity_coverage.tells() != after.activity_coverage.tells()) {
  const auto& was = ages_of(before, plan.object);
  const auto& is = ages_of(after, plan.object);
  for (const auto* all : {&was, &is})
    for (const auto& [stage, lengths] : *all) {
      const auto& old = lengths_of(was, stage);
      const auto& now = lengths_of(is, stage);
      if (std::any_of(plan.percentiles.begin(), plan.percentiles.end(),
                      [&](int p) { return old.percentile(p) != now.percentile(p); }))
        stages_.insert(stage);
    }
}

bool FactsTurned::touches(const ObjectPlan& plan, const Case& c, const World& world) const {
  if (coverage_) return true;
  const Facts none(plan.facts.size());
  const View v(plan.compiled->frame, c, none, world, model::Instant{});
  const auto& stage = v.stage();
  return stage.kind == View::Stage::Kind::found &&
         stages_.contains(std::pair<std::string, std::string>(stage.at.pipeline->name, stage.at.stage->name));
}

}  // namespace coachd::rules
