#include "daemon/coaching/windows.hpp"

#include <gtest/gtest.h>

#include "rules/calendar/tz.hpp"

namespace coachd::coaching {
namespace {

using model::parse_instant;
using model::to_string;

class WindowsTest : public ::testing::Test {
 protected:
  WindowAnswer at(const char* instant, const char* zone = "Europe/Berlin") const {
    return delivery_window(hours, working, calendar::load_zone(zone), *parse_instant(instant));
  }
  DeliveryHours hours;
  calendar::Calendar working{calendar::load_zone("Europe/Berlin"), {*model::parse_day("2026-05-14")}, 1, 1};
};

TEST_F(WindowsTest, OpensAtTheWallTimeOfThePersonAndClosesAfterIt) {
  EXPECT_FALSE(at("2026-05-04T06:59:59Z").open);  // 08:59 in Berlin
  EXPECT_EQ(to_string(at("2026-05-04T06:59:59Z").next), "2026-05-04T07:00:00Z");
  EXPECT_TRUE(at("2026-05-04T07:00:00Z").open);
  EXPECT_TRUE(at("2026-05-04T07:44:59Z").open);
  EXPECT_FALSE(at("2026-05-04T07:45:00Z").open);
  EXPECT_EQ(to_string(at("2026-05-04T07:45:00Z").next), "2026-05-04T11:00:00Z");
  EXPECT_EQ(to_string(at("2026-05-04T07:00:00Z", "America/New_York").next), "2026-05-04T13:00:00Z");
}

TEST_F(WindowsTest, PassesOverWeekendsAndHolidays) {
  EXPECT_EQ(to_string(at("2026-05-08T15:30:00Z").next), "2026-05-11T07:00:00Z");  // Friday evening -> Monday
  EXPECT_EQ(to_string(at("2026-05-13T16:00:00Z").next), "2026-05-15T07:00:00Z");  // over the holiday
}

TEST_F(WindowsTest, KeepsTheWallTimeAcrossDaylightSaving) {
  EXPECT_EQ(to_string(at("2026-03-27T16:30:00Z").next), "2026-03-30T07:00:00Z");  // Berlin went to +02:00 on the 29th
}

TEST_F(WindowsTest, SkipsWindowsThatLieInQuietHours) {
  hours.windows = {std::chrono::hours(7), std::chrono::hours(12)};
  EXPECT_EQ(to_string(at("2026-05-04T04:00:00Z").next), "2026-05-04T10:00:00Z");
  hours.quiet_from = hours.quiet_to = std::chrono::minutes(0);
  EXPECT_EQ(to_string(at("2026-05-04T04:00:00Z").next), "2026-05-04T05:00:00Z");
}

TEST_F(WindowsTest, WithoutAnyWindowLooksAgainTomorrow) {
  hours.windows.clear();
  const auto answer = at("2026-05-04T07:00:00Z");
  EXPECT_FALSE(answer.open);
  EXPECT_EQ(to_string(answer.next), "2026-05-05T07:00:00Z");
}

}  // namespace
}  // namespace coachd::coaching
