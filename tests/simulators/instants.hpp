// Instants and days as the simulated CRM reads and writes them: whole seconds in UTC, calendar days, the text forms of
// REST answers, of SOQL literals and of HTTP. Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace coachd::sim {

using instant = std::chrono::sys_seconds;
using day = std::chrono::sys_days;

// "2026-01-02T03:04:05Z", with an optional fraction (cut off) and Z, +hh:mm, -hh:mm or +hhmm; nothing else.
[[nodiscard]] std::optional<instant> parse_instant(std::string_view text);
// "2026-01-02"; an impossible day is none.
[[nodiscard]] std::optional<day> parse_day(std::string_view text);

[[nodiscard]] std::string rest_instant(instant at);  // 2026-01-02T03:04:05.000+0000, as REST answers have it
[[nodiscard]] std::string iso_instant(instant at);   // 2026-01-02T03:04:05Z
[[nodiscard]] std::string iso_day(day d);            // 2026-01-02
[[nodiscard]] std::string http_date(instant at);     // Fri, 02 Jan 2026 03:04:05 GMT

}  // namespace coachd::sim
