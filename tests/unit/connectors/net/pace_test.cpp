#include "connectors/net/pace.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <random>

#include "connectors/net/retry.hpp"

namespace coachd::net {
namespace {

using namespace std::chrono_literals;

const SteadyTime start{1000h};

TEST(Pace, NoWindowHoldsMoreThanTheLimit) {
  Pace pace(5, 10s);
  std::mt19937 random(7);
  std::deque<SteadyTime> made;
  SteadyTime now = start;
  for (int i = 0; i < 400; ++i) {
    now += std::chrono::milliseconds(random() % 3000);
    const auto wait = pace.take(now);
    if (wait.count() > 0) {
      now += wait;
      ASSERT_EQ(pace.take(now).count(), 0) << "it waits exactly as long as told";
    }
    made.push_back(now);
    if (made.size() > 5) {
      EXPECT_GE(now - made.front(), 10s);
      made.pop_front();
    }
  }
}

TEST(Pace, ALoweredLimitAndAPauseAreKept) {
  Pace pace(3, 10s);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pace.take(start + i * 1s), 0ms);
  pace.limit(1, 10s);
  EXPECT_EQ(pace.take(start + 3s), 9s) << "all three must leave the window";
  pace.hold(30s, start + 3s);
  EXPECT_EQ(pace.take(start + 13s), 20s);
  EXPECT_EQ(pace.take(start + 33s), 0ms);
}

TEST(Pace, ZeroIsNoLimit) {
  Pace pace(0, 10s);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(pace.take(start), 0ms);
  pace.hold(2s, start);
  EXPECT_EQ(pace.take(start), 2s);
}

}  // namespace
}  // namespace coachd::net
