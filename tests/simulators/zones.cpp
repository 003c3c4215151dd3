#include "tests/simulators/zones.hpp"

#include <date/date.h>
#include <date/tz.h>
#include <chrono>
#include <string>
#include "tests/simulators/instants.hpp"

namespace coachd::sim {

using namespace std::chrono;

wall_time wall_clock(instant at, const std::string& zone) {
  const auto info = date::locate_zone(zone)->get_info(at);
  const auto local = at + info.offset;
  const auto d = floor<days>(local);
  const auto m = duration_cast<minutes>(local - d).count();
  return {d, static_cast<int>(m / 60), static_cast<int>(m % 60)};
}

instant at_wall(day date, seconds time_of_day, const std::string& zone) {
  const date::local_seconds local{date.time_since_epoch() + time_of_day};
  const auto info = date::locate_zone(zone)->get_info(local);
  return instant{local.time_since_epoch() - info.first.offset};
}

bool working_day(day date) {
  const auto w = weekday{date}.c_encoding();
  return w != 0 && w != 6;
}

instant into_working_hours(instant at, const std::string& zone) {
  auto wall = wall_clock(at, zone);
  if (working_day(wall.date) && wall.hour >= 9 && wall.hour < 17) return at;
  auto date = wall.date;
  if (!working_day(date) || wall.hour >= 17) {
    do {
      date += days{1};
    } while (!working_day(date));
  }
  return at_wall(date, hours{9}, zone);
}

}  // namespace coachd::sim
