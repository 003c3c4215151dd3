// The day that a sentence of a note names: "on Friday", "am 12. Mai", "dans 2 semaines", seen from the day on which it
// was written. English, German, Spanish, French, Portuguese. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "rules/model/time.hpp"

namespace coachd::rules {

/// Text in lower case without accents, every run of other characters one blank, blanks at both ends:
/// ` i ll call on 12 may `.
[[nodiscard]] std::string plain_line(std::string_view text);

inline constexpr std::chrono::days longest_promise{400};

/// The first way of naming a day that is found, from `written` on, at most `longest_promise` ahead. A weekday is the
/// next one. Nothing where day and month cannot be told apart (03/04).
[[nodiscard]] std::optional<model::Day> due_day(std::string_view sentence, model::Day written);

}  // namespace coachd::rules
