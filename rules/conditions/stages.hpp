// Tests of the stage that cards and criteria make themselves, and the stage's name as people see it.
#pragma once

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

/// `{stage: S}` of a card's window: in S or a later stage on the way to won; lost has reached only what names lost.
/// Null after an error (reported).
[[nodiscard]] TestPtr reached_test(std::string_view word, const model::Place& at, Builder& b);
/// REQUIRES: b.has_stages() was true.
[[nodiscard]] TestPtr open_test(Builder& b);
/// The label of the record's stage.
[[nodiscard]] std::string stage_label(const View& v);

}  // namespace coachd::rules
