// Words for stages: a stage of a pipeline or a milestone, looked up in each record's own pipeline. Answers for the
// stages known at load are kept by the table's fingerprint; other tables are answered by name. Immutable; thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/conditions/test.hpp"

namespace coachd::rules {

/// pipeline ("" = any) -> milestone -> stages.
using Milestones = std::map<std::string, std::map<std::string, std::vector<std::string>>>;

/// Places in `p` that `word` means: the stage written exactly so, else the milestone (`won` and `lost` need no map),
/// else the stage without case. Empty: this pipeline has no such thing.
[[nodiscard]] std::vector<std::uint16_t> places(const model::Pipeline& p, std::string_view word,
                                                const Milestones& milestones);

/// A test of the stage as one answer per stage of each pipeline.
class StageAnswers {
 public:
  /// Makes the answers of one pipeline: one entry per stage.
  class Maker {
   public:
    virtual ~Maker() = default;
    [[nodiscard]] virtual std::vector<std::uint8_t> answers(const model::Pipeline& p) const = 0;
  };
  StageAnswers(std::unique_ptr<const Maker> maker, const StageTable& known);

  /// The answer for a place. REQUIRES: s.kind == found.
  [[nodiscard]] std::uint8_t at(const View::Stage& s) const {
    if (s.fingerprint == fingerprint_) return kept_[first_[s.pipeline] + s.at.index];
    return maker_->answers(*s.at.pipeline)[s.at.index];  // the stages changed since the rules were loaded
  }

 private:
  std::unique_ptr<const Maker> maker_;
  std::uint64_t fingerprint_ = 0;
  std::vector<std::size_t> first_;  // by pipeline: where its answers begin
  std::vector<std::uint8_t> kept_;  // by pipeline, by stage
};

}  // namespace coachd::rules
