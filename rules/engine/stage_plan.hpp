// What is left of an object's rules once it is known in which stage a record stands: rules that say nothing there are
// left out, tests that always hold there are not asked. Made by the loader for the stages it knows; immutable.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/engine/compiled.hpp"

namespace coachd::rules {

class StagePlan {
 public:
  struct Step {
    std::uint32_t rule = 0;        ///< index into CompiledRules::rules
    bool whole = false;            ///< ask `answer`; else the three below, none of them owned
    std::vector<const Test*> all;  ///< scope and condition: the smallest answer counts
    const Test* pause = nullptr;   ///< may be null
  };
  StagePlan() = default;
  /// `rules` outlive the plan; `object`: those of one object.
  StagePlan(const std::vector<CompiledRule>& rules, const std::vector<std::uint32_t>& object, const Frame& frame,
            std::size_t slots, const StageTable& stages);

  /// The steps for a place, in the order of the rules; null where the stage was not known at load.
  [[nodiscard]] const std::vector<Step>* steps(const View::Stage& s) const noexcept {
    if (s.kind != View::Stage::Kind::found || s.fingerprint != fingerprint_ || first_.empty()) return nullptr;
    return &steps_[first_[s.pipeline] + s.at.index];
  }

 private:
  std::uint64_t fingerprint_ = 0;
  std::vector<std::size_t> first_;  // by pipeline: where its stages begin; empty: no plan
  std::vector<std::vector<Step>> steps_;
};

}  // namespace coachd::rules
