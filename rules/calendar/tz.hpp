// The one place that reads the machine's tz database (through date-tz). Not pure, unlike the rest of rules/calendar:
// only daemon/app and the commands call it, once per zone and reload; rules are handed the finished table. Thread-safe.
#pragma once

#include <string_view>

#include "rules/calendar/calendar.hpp"

namespace coachd::calendar {

/// True where the tz database knows the name: `Europe/Berlin`, `UTC`. Throws std::runtime_error where there is no
/// database.
[[nodiscard]] bool is_zone(std::string_view iana);

/// The offsets of a zone from 1970 on. Daylight saving is known as far as the database files list it (2037); later
/// instants have the last listed offset. Throws std::runtime_error with one sentence for a person where the name is
/// unknown or the database is missing (Debian package tzdata).
[[nodiscard]] Zone load_zone(std::string_view iana);

}  // namespace coachd::calendar
