// Tests of dates that cards make themselves.
#pragma once

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

/// `before: {field: D, by: 45d}`: holds from the day D - 45d on; with a blank D never. Null after an error (reported).
[[nodiscard]] TestPtr days_before_test(const Field& f, model::Span by, const model::Place& at, Builder& b);

}  // namespace coachd::rules
