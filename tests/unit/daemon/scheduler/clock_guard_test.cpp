#include "daemon/scheduler/clock_guard.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "rules/model/time.hpp"

namespace coachd::scheduler {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class ClockGuardTest : public ::testing::Test {
 protected:
  // Moves both clocks.
  void pass(seconds calendar, seconds steady) {
    calendar_ += calendar;
    steady_ += steady;
    guard.tick(calendar_, steady_);
  }
  ClockGuard guard;
  model::Instant calendar_ = *model::parse_instant("2026-05-04T09:00:00Z");
  ClockGuard::Steady steady_{};
};

TEST_F(ClockGuardTest, LetsSmallCorrectionsPass) {
  pass(seconds(0), seconds(0));
  pass(minutes(40), minutes(31));
  EXPECT_FALSE(guard.holding());
}

TEST_F(ClockGuardTest, HoldsAfterAJumpUntilTwoHeadersInARowAgree) {
  pass(seconds(0), seconds(0));
  pass(minutes(60), minutes(1));
  EXPECT_TRUE(guard.holding());
  guard.server_date(calendar_ - minutes(59), calendar_);
  guard.server_date(calendar_ + seconds(3), calendar_);
  EXPECT_TRUE(guard.holding());
  guard.server_date(calendar_ - minutes(59), calendar_);
  guard.server_date(calendar_ + seconds(3), calendar_);
  EXPECT_TRUE(guard.holding()) << "the one between did not agree";
  guard.server_date(calendar_ - seconds(3), calendar_);
  EXPECT_FALSE(guard.holding());
}

TEST_F(ClockGuardTest, SeesAClockThatStandsStill) {
  pass(seconds(0), seconds(0));
  pass(seconds(0), minutes(11));
  EXPECT_TRUE(guard.holding());
}

TEST_F(ClockGuardTest, ATestClockRunsAtItsRate) {
  guard = ClockGuard(2000);
  pass(seconds(0), seconds(0));
  pass(seconds(20000), seconds(10));
  EXPECT_FALSE(guard.holding());
}

}  // namespace
}  // namespace coachd::scheduler
