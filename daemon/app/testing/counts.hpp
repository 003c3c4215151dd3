// How many prompts people get, against what a test says of it. Plain values.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/testing.hpp"
#include "rules/model/time.hpp"

namespace coachd::app::rule_tests {

/// At most one prompt a record and person, with a line for each finding.
struct Prompted {
  std::map<std::string, std::map<std::string, model::Instant>> first;  ///< person -> record -> when
  std::set<std::string> nobody;                                        ///< why findings brought none

  /// Those of a case, whose records are others than those of other cases.
  void add(const Prompted& more, const std::string& name);
};

/// In the day and week that begin at `begins`, within the file's budget. Unknown people are reported in its document.
[[nodiscard]] std::vector<Mismatch> check_counts(TestFile& file, const Scene& scene,
                                                 const std::vector<PromptCount>& expected, const Prompted& got,
                                                 model::Instant begins);

}  // namespace coachd::app::rule_tests
