// "Unchanged for D" where it is no test that a rule writes: stage age, `valid_for`, `pause_while`.
#pragma once

#include "rules/conditions/window.hpp"

namespace coachd::rules {

/// Unchanged for more than the limit; its negation is `changed_within`.
[[nodiscard]] TestPtr unchanged_test(const Field& f, Window limit, bool want);
/// Longer than the limit in its present stage: the stage unchanged for it.
[[nodiscard]] TestPtr stage_age_test(const Frame& frame, Window limit);

}  // namespace coachd::rules
