// All rules with `detect:` of one object over one stream of its records: the host hands over each record once, in any
// order, then asks what was found. Where an object has no such rule a run is empty and costs nothing. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::rules {

struct DetectRule;

class DetectorRun {
 public:
  /// All must outlive it.
  DetectorRun(const RuleSet& rules, const ObjectPlan& plan, const World& world, model::Instant now);
  [[nodiscard]] bool empty() const noexcept { return runs_.empty(); }
  void see(const Case& c, const Facts& facts);
  struct Answer {
    std::uint32_t rule = 0;  ///< index into the rule set
    Unit unit = Unit::record;
    Detection detection;
  };
  /// Said once. Records of which it cannot be told whether the rule looks at them are among what cannot be told.
  [[nodiscard]] std::vector<Answer> conclude(const Evidence& evidence);
  /// The same rule by rule, for a host that must not be away for long; nothing after the last one.
  [[nodiscard]] std::optional<Answer> conclude_next(const Evidence& evidence);

 private:
  struct Run {
    std::uint32_t rule = 0;
    const DetectRule* how = nullptr;
    std::unique_ptr<Detector> detector;
    std::uint64_t outside_unknown = 0;
  };
  const RuleSet& rules_;
  const ObjectPlan& plan_;
  const World& world_;
  model::Instant now_;
  std::vector<Run> runs_;
  std::size_t concluded_ = 0;
};

}  // namespace coachd::rules
