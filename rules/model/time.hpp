// Instants, days and the lengths that rules are written in. Instants are microseconds UTC, as the store keeps them.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coachd::model {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;  ///< a point in time, UTC
using Day = std::chrono::sys_days;                                 ///< a calendar date without a zone

/// A length as rules write it: `90s 30m 6h` run by the clock, `14d 2w 3mo 1y 10bd` by the calendar.
struct Span {
  enum class Unit : std::uint8_t { seconds, days, months, business_days };
  Unit unit = Unit::days;
  std::int32_t count = 0;  ///< weeks are held as days, years as months, minutes and hours as seconds
  auto operator<=>(const Span&) const = default;

  [[nodiscard]] bool by_clock() const noexcept { return unit == Unit::seconds; }
};

/// Reads `14d`, `2w`, `3mo`, `1y`, `10bd`, `90s`, `30m`, `6h`; nothing else (no sign, no blank, no fraction).
[[nodiscard]] std::optional<Span> parse_span(std::string_view text);
/// The shortest form that parse_span reads back to the same span.
[[nodiscard]] std::string to_string(Span span);

/// `2026-05-04`, exactly ten characters, a day that exists; otherwise nothing.
[[nodiscard]] std::optional<Day> parse_day(std::string_view text);
/// RFC 3339 with `Z`, `+hh:mm` or `+hhmm`; seconds may have a fraction; a date alone is midnight UTC.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
[[nodiscard]] std::string to_string(Day day);
/// ISO 8601 UTC: `2026-05-04T09:00:00Z`, with a fraction only where there is one.
[[nodiscard]] std::string to_string(Instant at);
void append(std::string& out, Instant at);  ///< the same, behind what stands there

}  // namespace coachd::model
