// How often rules would have asked in the weeks before now, had they been there: each record as it was, by its history,
// week by week. What history or the host does not tell is not counted. Pure; one thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

inline constexpr int replayed_weeks = 4;

class Replay {
 public:
  /// All must outlive it.
  Replay(const RuleSet& rules, const ObjectPlan& plan) : rules_(rules), plan_(plan) {}

  struct Asked {
    std::uint64_t opened = 0;      ///< findings that a week brought and the one before did not have
    std::set<std::string> owners;  ///< whose records they were then
  };
  void add(const Case& c, const World& world, model::Instant now);
  /// Of rules that prompt, by their index.
  [[nodiscard]] const std::map<std::uint32_t, Asked>& asked() const noexcept { return asked_; }

 private:
  [[nodiscard]] std::set<std::uint32_t> found(const Case& c, const World& world, model::Instant at) const;

  const RuleSet& rules_;
  const ObjectPlan& plan_;
  std::map<std::uint32_t, Asked> asked_;
};

}  // namespace coachd::rules
