#include "daemon/coaching/budget.hpp"

#include <gtest/gtest.h>

#include "rules/calendar/tz.hpp"

namespace coachd::coaching {
namespace {

TEST(Budget, PeriodsAreThePersonsDayAndWeek) {
  const auto zone = calendar::load_zone("America/New_York");
  const auto p = budget_periods(zone, *model::parse_instant("2026-05-05T02:00:00Z"));  // still Monday evening there
  EXPECT_EQ(model::to_string(p.day_from), "2026-05-04T04:00:00Z");
  EXPECT_EQ(model::to_string(p.day_to), "2026-05-05T04:00:00Z");
  EXPECT_EQ(model::to_string(p.week_from), "2026-05-04T04:00:00Z");
  EXPECT_EQ(model::to_string(p.week_to), "2026-05-11T04:00:00Z");
}

TEST(Budget, HoldsTheOneTooMany) {
  const auto periods = budget_periods(calendar::Zone{}, *model::parse_instant("2026-05-05T10:00:00Z"));
  const NoiseBudget budget{2, 6};
  EXPECT_TRUE(within_budget(budget, periods, 1, 5).allowed);
  EXPECT_EQ(within_budget(budget, periods, 2, 5).reason, "budget of the day used");
  EXPECT_EQ(within_budget(budget, periods, 2, 5).look_again, periods.day_to);
  EXPECT_EQ(within_budget(budget, periods, 2, 6).reason, "budget of the week used");
  EXPECT_EQ(within_budget(budget, periods, 0, 6).look_again, periods.week_to);
}

}  // namespace
}  // namespace coachd::coaching
