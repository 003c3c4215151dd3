#include "daemon/coaching/windows.hpp"

#include <algorithm>
#include <chrono>
#include <vector>
#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::coaching {
namespace {

bool quiet(const DeliveryHours& hours, std::chrono::minutes at) {
  if (hours.quiet_from == hours.quiet_to) return false;
  if (hours.quiet_from < hours.quiet_to) return at >= hours.quiet_from && at < hours.quiet_to;
  return at >= hours.quiet_from || at < hours.quiet_to;  // over midnight
}

}  // namespace

WindowAnswer delivery_window(const DeliveryHours& hours, const calendar::Calendar& working, const calendar::Zone& zone,
                             model::Instant now) {
  auto windows = hours.windows;
  std::sort(windows.begin(), windows.end());
  std::erase_if(windows, [&](std::chrono::minutes w) { return quiet(hours, w); });
  const model::Day today = zone.day_of(now);
  // Two weeks hold a working day in any calendar but one that never works; then the prompt is looked at again tomorrow.
  for (int ahead = 0; ahead < 15; ++ahead) {
    const model::Day day = today + std::chrono::days(ahead);
    if (!working.is_business_day(day)) continue;
    for (const auto w : windows) {
      const auto start = zone.at(day, w);
      if (start > now) return {false, start};
      if (now < start + hours.open_for &&
          !quiet(hours, std::chrono::duration_cast<std::chrono::minutes>(zone.time_of_day(now))))
        return {true, now};
    }
  }
  return {false, now + std::chrono::days(1)};
}

}  // namespace coachd::coaching
