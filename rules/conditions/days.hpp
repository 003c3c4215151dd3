// Days and instants of values, and when a length of time has passed: one meaning for all tests.
// Pure functions.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

class View;

/// The day of a date, datetime, or text that is one; nothing for anything else.
[[nodiscard]] std::optional<model::Day> as_day(const model::Value& v, const calendar::Zone& zone);
/// The same as an instant: a day is its first moment in the zone.
[[nodiscard]] std::optional<model::Instant> as_instant(const model::Value& v, const calendar::Zone& zone);
/// A number, or a text that is one.
[[nodiscard]] std::optional<double> as_number(const model::Value& v);

/// True when strictly more than `d` has passed since `from`: on 15 May, 14d have passed since 30 April, not since 1
/// May.
[[nodiscard]] bool passed(const View& v, model::Instant from, model::Span d);
[[nodiscard]] bool passed(const View& v, model::Day from, model::Span d);
/// The first instant at which `passed` holds.
[[nodiscard]] model::Instant passes_at(const View& v, model::Instant from, model::Span d);
[[nodiscard]] model::Instant passes_at(const View& v, model::Day from, model::Span d);
/// True when what is known completely from `known` on covers all that is not `passed`.
[[nodiscard]] bool reaches_back(const View& v, model::Instant known, model::Span d);
[[nodiscard]] model::Instant reaches_back_at(const View& v, model::Instant known, model::Span d);

/// Adds `at` where it lies after now; the end of time is never.
void add_instant(const View& v, model::Instant at, std::vector<model::Instant>& out);
/// The first day after `after` on which `holds` is true, as its first moment. REQUIRES: once true it stays true. Looks
/// 200 years ahead.
[[nodiscard]] std::optional<model::Instant> first_day(const View& v, model::Day after,
                                                      const std::function<bool(model::Day)>& holds);
/// The same where it is known to hold from the day `from` on.
[[nodiscard]] std::optional<model::Instant> first_day(const View& v, model::Day after, model::Day from);

/// "14 days", "3 months", "10 business days", "6 hours".
[[nodiscard]] std::string in_words(model::Span s);
/// "3 May", with its year where that is not the present one.
[[nodiscard]] std::string day_in_words(const View& v, model::Instant at);
/// Whole days from `then` to now in words: "today", "1 day", "12 days".
[[nodiscard]] std::string days_since(const View& v, model::Instant then);

}  // namespace coachd::rules
