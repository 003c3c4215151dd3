// Wall clocks of the simulated people. Over date-tz, kept to this one source. Pure functions over the zone database.
#pragma once

#include <chrono>
#include <string>

#include "tests/simulators/instants.hpp"

namespace coachd::sim {

struct wall_time {
  day date;
  int hour = 0;
  int minute = 0;
};

// Throws std::runtime_error for a zone that the database does not hold.
[[nodiscard]] wall_time wall_clock(instant at, const std::string& zone);
// The instant of a wall time; in a gap or an overlap the earlier one.
[[nodiscard]] instant at_wall(day date, std::chrono::seconds time_of_day, const std::string& zone);

[[nodiscard]] bool working_day(day date);  // Monday to Friday
// `at` itself when it is Monday to Friday from 9 to 17 there, else the next morning's opening.
[[nodiscard]] instant into_working_hours(instant at, const std::string& zone);

}  // namespace coachd::sim
