#include "daemon/coaching/budget.hpp"
#include <chrono>
#include <cstdint>
#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::coaching {

BudgetPeriods budget_periods(const calendar::Zone& zone, model::Instant now) {
  const model::Day today = zone.day_of(now);
  const std::chrono::weekday wd(today);
  const model::Day monday = today - std::chrono::days(wd.iso_encoding() - 1);
  return {zone.start_of(today), zone.start_of(today + std::chrono::days(1)), zone.start_of(monday),
          zone.start_of(monday + std::chrono::days(7))};
}

BudgetAnswer within_budget(const NoiseBudget& budget, const BudgetPeriods& periods, std::int64_t sent_today,
                           std::int64_t sent_this_week) {
  if (sent_this_week >= budget.per_week) return {false, "budget of the week used", periods.week_to};
  if (sent_today >= budget.per_day) return {false, "budget of the day used", periods.day_to};
  return {};
}

}  // namespace coachd::coaching
