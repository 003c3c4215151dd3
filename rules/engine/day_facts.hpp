// Statistical facts of a day: counted while the daily study walks over the stored records, and which records' answers a
// new day turns. See rules/conditions/day_facts.hpp for what there is and how one more is added. Pure; one thread.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "rules/conditions/case.hpp"
#include "rules/conditions/coverage.hpp"
#include "rules/conditions/day_facts.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

class DayFactTally {
 public:
  /// A test of the object rests on such a fact: its records are to be shown, with their history.
  [[nodiscard]] static bool wanted(const ObjectPlan& plan) noexcept {
    return !plan.percentiles.empty() || plan.needs_activities;
  }
  /// What people did on this record is looked at: its case is to have that.
  [[nodiscard]] static bool wants_activities(const ObjectPlan& plan, const Case& c, const World& world,
                                             model::Instant now);
  /// One record, in any order, each once.
  void add(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now);
  /// Said once, after the last record. `day`: on which the walk began; `before`: the facts until now.
  [[nodiscard]] DayFacts finish(model::Day day, const DayFacts& before);

 private:
  DayFacts facts_;
  WonDeals won_;
};

/// Which records of one object may have other answers under new facts: those that the hall makes due.
class FactsTurned {
 public:
  FactsTurned(const ObjectPlan& plan, const DayFacts& before, const DayFacts& after);
  /// Nothing that its tests read differs.
  [[nodiscard]] bool none() const noexcept { return stages_.empty() && !coverage_; }
  [[nodiscard]] bool touches(const ObjectPlan& plan, const Case& c, const World& world) const;

 private:
  std::set<std::pair<std::string, std::string>, std::less<>> stages_;  // pipeline and stage, as stored
  bool coverage_ = false;  // whether silence tells anything is another: that is every record's matter
};

}  // namespace coachd::rules
