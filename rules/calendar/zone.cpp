#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::calendar {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::seconds;

// Index of the entry that is in force at `at`; the first one also before it begins. REQUIRES: changes is not empty.
std::size_t entry_at(const std::vector<Zone::Change>& changes, model::Instant at) noexcept {
  const auto after = std::upper_bound(changes.begin(), changes.end(), at,
                                      [](model::Instant t, const Zone::Change& c) { return t < c.from; });
  return after == changes.begin() ? 0 : static_cast<std::size_t>(after - changes.begin()) - 1;
}

}  // namespace

seconds Zone::offset_at(model::Instant at) const noexcept {
  return changes.empty() ? seconds(0) : changes[entry_at(changes, at)].offset;
}

model::Day Zone::day_of(model::Instant at) const noexcept {
  return floor<days>(at + offset_at(at));
}

seconds Zone::time_of_day(model::Instant at) const noexcept {
  const auto local = at + offset_at(at);
  return floor<seconds>(local - floor<days>(local));
}

model::Instant Zone::start_of(model::Day day) const noexcept {
  return at(day, seconds(0));
}

model::Instant Zone::at(model::Day day, seconds time_of_day) const noexcept {
  const model::Instant local = model::Instant(day) + time_of_day;  // as if the zone were UTC
  if (changes.empty()) return local;
  // Two days back is before any offset, and before a zone that skipped a whole day.
  for (auto i = entry_at(changes, local - days(2)); i < changes.size(); ++i) {
    const auto instant = local - changes[i].offset;
    if (i > 0 && instant < changes[i].from) return changes[i].from;  // the wall time was jumped over
    if (i + 1 == changes.size() || instant < changes[i + 1].from) return instant;
  }
  return local - changes.back().offset;
}

}  // namespace coachd::calendar
