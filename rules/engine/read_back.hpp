// A rule said back as one plain sentence, from its compiled tests: what its author is to recognise. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/engine/plan.hpp"

namespace coachd::rules {

struct ReadBack {
  std::string id;        ///< of the rule, card (`timing:champion`) or criterion (`acceptance.not-ready: ID`)
  std::string sentence;  ///< without the full stop, so that a count may follow
};

/// One sentence a rule or card, one a criterion of `done_means`.
[[nodiscard]] std::vector<ReadBack> read_back(const RuleSet& rules, std::uint32_t rule);

/// "opportunities", "contact roles": several records of an object.
[[nodiscard]] std::string in_plural(const std::string& object);

}  // namespace coachd::rules
