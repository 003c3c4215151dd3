// Where the cases of a test file play: its rules, loaded against the fields and stages that the test itself tells of,
// and the world around them. Made once per file, immutable afterwards.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/types.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/error.hpp"

namespace coachd::app::rule_tests {

struct Scene {
  std::shared_ptr<const rules::RuleSet> rules;  ///< null after an error
  std::string object;                           ///< of a case that names none
  std::unique_ptr<const Types> types;
  rules::World world;                          ///< meetings aside: each case has its own
  std::vector<model::Diagnostic> diagnostics;  ///< of the rule files: their errors
};

/// Reads the rule files that the test names. Mistakes of the test stand in its document.
[[nodiscard]] Scene make_scene(TestFile& file);

}  // namespace coachd::app::rule_tests
