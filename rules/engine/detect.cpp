#include "rules/engine/detect.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

DetectorRun::DetectorRun(const RuleSet& rules, const ObjectPlan& plan, const World& world, model::Instant now)
    : rules_(rules), plan_(plan), world_(world), now_(now) {
  for (const std::uint32_t rule : plan.detectors) {
    const auto& how = std::get<DetectRule>(rules.compiled->rules[rule].body);
    runs_.push_back({rule, &how, how.kind->make(how.settings), 0});
  }
}

void DetectorRun::see(const Case& c, const Facts& facts) {
  if (runs_.empty()) return;
  const View v(plan_.compiled->frame, c, facts, world_, now_);
  for (Run& run : runs_) {
    if (excepted(rules_.compiled->rules[run.rule], v)) continue;
    Truth inside = judge_all(run.how->scope, v);
    if (inside != Truth::no && run.how->pause) inside = std::min(inside, negate(run.how->pause->judge(v)));
    if (inside == Truth::yes) run.detector->see(v);
    if (inside == Truth::unknown) ++run.outside_unknown;
  }
}

std::vector<DetectorRun::Answer> DetectorRun::conclude(const Evidence& evidence) {
  std::vector<Answer> out;
  while (auto answer = conclude_next(evidence)) out.push_back(std::move(*answer));
  return out;
}

std::optional<DetectorRun::Answer> DetectorRun::conclude_next(const Evidence& evidence) {
  if (concluded_ == runs_.size()) return std::nullopt;
  const Run& run = runs_[concluded_++];
  Answer a{run.rule, run.how->kind->unit, run.detector->conclude(evidence, world_, now_)};
  if (run.outside_unknown > 0)
    a.detection.untold.push_back({"whether the rule's `for` looks at the record", run.outside_unknown});
  return a;
}

}  // namespace coachd::rules
