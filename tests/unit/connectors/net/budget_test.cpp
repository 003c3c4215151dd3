#include "connectors/net/budget.hpp"

#include <gtest/gtest.h>
#include <optional>
#include "connectors/net/retry.hpp"

namespace coachd::net {
namespace {

using namespace std::chrono_literals;

const SteadyTime start{240h + 5min};

void call(Budget& budget, int times, SteadyTime at) {
  for (int i = 0; i < times; ++i) budget.called(at);
}

TEST(Budget, AllowsEverythingUntilTheLimitIsKnown) {
  Budget budget({});
  call(budget, 100'000, start);
  EXPECT_FALSE(budget.wait(Purpose::read, start));
  EXPECT_FALSE(budget.ours());
}

TEST(Budget, ReadsStopBeforeWritesAtTheShare) {
  Budget budget({.share = 0.2, .reads_up_to = 0.9});
  budget.limits(50, 1000);
  EXPECT_EQ(budget.ours(), 200);
  call(budget, 179, start);
  EXPECT_FALSE(budget.wait(Purpose::read, start));
  call(budget, 1, start);
  EXPECT_TRUE(budget.wait(Purpose::read, start));
  EXPECT_FALSE(budget.wait(Purpose::write, start));
  call(budget, 20, start);
  EXPECT_EQ(budget.wait(Purpose::write, start), 55min) << "until the hour ends";
}

TEST(Budget, CallsAreForgottenAfterADay) {
  Budget budget({.share = 0.2});
  budget.limits(0, 1000);
  call(budget, 150, start);
  call(budget, 50, start + 2h);
  EXPECT_EQ(budget.used_by_us(start + 23h), 200);
  EXPECT_TRUE(budget.wait(Purpose::write, start + 23h));
  EXPECT_EQ(budget.used_by_us(start + 24h), 50);
  EXPECT_FALSE(budget.wait(Purpose::read, start + 24h));
  EXPECT_EQ(budget.used_by_us(start + 26h), 0);
}

TEST(Budget, ALongSilenceForgetsEverything) {
  Budget budget({});
  call(budget, 10, start);
  EXPECT_EQ(budget.used_by_us(start + 1000h), 0);
  call(budget, 3, start + 1000h);
  EXPECT_EQ(budget.used_by_us(start + 1000h), 3);
}

TEST(Budget, AFullOrganisationStopsReadsAndLooksAgainLater) {
  Budget budget({.after_limit = 900s});
  budget.limits(960, 1000);
  EXPECT_FALSE(budget.wait(Purpose::write, start));
  EXPECT_EQ(budget.wait(Purpose::read, start), 900s);
  EXPECT_FALSE(budget.wait(Purpose::read, start + 900s)) << "one read goes out to learn the new numbers";
  budget.limits(970, 1000);
  EXPECT_TRUE(budget.wait(Purpose::read, start + 901s));
}

TEST(Budget, KeepsQuietAsLongAsAsked) {
  Budget budget({});
  budget.hold(30s, start);
  budget.hold(10s, start);  // the longer one counts
  EXPECT_EQ(budget.wait(Purpose::write, start + 1s), 29s);
  EXPECT_FALSE(budget.wait(Purpose::write, start + 30s));
  budget.hold(std::nullopt, start + 30s);
  EXPECT_EQ(budget.wait(Purpose::write, start + 30s), 900s);
}

}  // namespace
}  // namespace coachd::net
