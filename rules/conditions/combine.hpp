// `all`, `any` and `not`, and tests that always say the same.
#pragma once

#include <vector>

#include "rules/conditions/test.hpp"

namespace coachd::rules {

/// Holds when all parts hold (also with none); fails when one fails. One part is that part. REQUIRES: no part is null.
[[nodiscard]] TestPtr all_of(std::vector<TestPtr> parts);
/// Holds when one part holds; fails when all fail.
[[nodiscard]] TestPtr any_of(std::vector<TestPtr> parts);
[[nodiscard]] TestPtr not_of(TestPtr part);

}  // namespace coachd::rules
