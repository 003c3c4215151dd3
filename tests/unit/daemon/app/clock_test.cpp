#include "daemon/app/clock.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

TEST(ClockSpec, ReadsStartAndRate) {
  const auto plain = parse_clock("2026-05-04T09:00:00Z");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->rate, 1);
  const auto fast = parse_clock("2026-05-04T09:00:00Zx2000");
  ASSERT_TRUE(fast);
  EXPECT_EQ(fast->rate, 2000);
  EXPECT_EQ(model::to_string(fast->start), "2026-05-04T09:00:00Z");
}

TEST(ClockSpec, RefusesWhatIsNoClock) {
  for (const char* bad : {"", "x5", "2026-05-04T09:00:00Zx", "2026-05-04T09:00:00Zx0", "2026-05-04T09:00:00Zx-1",
                          "2026-13-04T09:00:00Z", "nowx2"})
    EXPECT_FALSE(parse_clock(bad)) << bad;
}

TEST(Clock, NeverStepsBehindItsFloor) {
  Clock clock(*model::parse_instant("2026-05-04T09:00:00Z"), 1);
  const auto later = *model::parse_instant("2026-05-05T09:00:00Z");
  clock.floor(later);
  EXPECT_GE(clock.now(), later);
  EXPECT_EQ(clock.until(later), std::chrono::nanoseconds(0));
  EXPECT_LT(clock.wall(), later) << "but tells the calendar as it is to who asks for it";
}

TEST(Clock, CountsRealTimeByItsRate) {
  const Clock clock(*model::parse_instant("2026-05-04T09:00:00Z"), 1000);
  EXPECT_EQ(clock.real(std::chrono::hours(1)), std::chrono::milliseconds(3600));
  EXPECT_TRUE(clock.test());
}

}  // namespace
}  // namespace coachd::app
