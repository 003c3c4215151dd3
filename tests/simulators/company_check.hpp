// The rules of the day restated over the simulated org, by another road than the product's: the generator proves with
// it that its background is clean and that each planted fault is there. Reads only.
#pragma once

#include <set>
#include <string>
#include <tuple>

#include "tests/simulators/sf_org.hpp"

namespace coachd::sim {

// (record Id, fault, field). The information about saves with a stage change is no rule and is left out.
using restated = std::set<std::tuple<std::string, std::string, std::string>>;

[[nodiscard]] bool is_placeholder(std::string_view text);
[[nodiscard]] restated restated_findings(org& company, instant now);

}  // namespace coachd::sim
