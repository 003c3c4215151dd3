// What all tests of the stage share: where the record stands, since when, and why that cannot be told.
#pragma once

#include "rules/conditions/builder.hpp"
#include "rules/conditions/past.hpp"

namespace coachd::rules {

// What all tests of the stage share. A record without a stage fails tests on its stage, and cannot be told open, won or
// lost.
class StageLeaf : public Test {
 public:
  explicit StageLeaf(const Frame& frame) : stage_(frame.stage), pipeline_(frame.pipeline) {}
  void slots(std::vector<Slot>& out) const override { out.push_back(stage_); }
  [[nodiscard]] std::string missing(const View& v) const override { return stage_missing(v.stage()); }
  [[nodiscard]] std::string saw(const View& v) const override {
    const auto value = v.value(stage_);
    return value.is_unread() ? "not read yet" : value.is_blank() ? "blank" : '"' + model::to_string(value) + '"';
  }
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Truth now_is) const override {
    return value_since(v, stage_,
                       [&](const model::Value& value) { return judge_stage(v, v.find_stage(value)) == now_is; });
  }
  [[nodiscard]] Truth judge(const View& v) const override { return judge_stage(v, v.stage()); }
  [[nodiscard]] virtual Truth judge_stage(const View& v, const View::Stage& s) const = 0;

 protected:
  Slot stage_, pipeline_;
};

/// False where the object has no stages (reported).
[[nodiscard]] bool needs_stages(std::string_view word, const model::Place& at, Builder& b);

}  // namespace coachd::rules
