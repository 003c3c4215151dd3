#include "connectors/net/retry.hpp"

#include <gtest/gtest.h>
#include <chrono>
#include <cstdint>
#include "rules/model/error.hpp"

namespace coachd::net {
namespace {

using namespace std::chrono_literals;
using model::CrmError;
using model::Failure;

const SteadyTime start{1000s};

CrmError error(Failure failure, bool may_have_happened = false, std::chrono::microseconds after = 0us) {
  return {failure, "it failed", "", after.count(), may_have_happened};
}

TEST(Retry, BacksOffWithJitterUpToAGrowingCeiling) {
  int differing = 0;
  for (std::uint32_t seed = 1; seed <= 200; ++seed) {
    Retry retry({.attempts = 4, .first_wait = 500ms}, true, start, seed);
    for (const auto ceiling : {500ms, 1000ms, 2000ms}) {
      const auto action = retry.failed(error(Failure::transient), start);
      ASSERT_TRUE(action.again);
      EXPECT_LE(action.wait, ceiling);
      EXPECT_GE(action.wait, 0ms);
      differing += action.wait > ceiling / 2 ? 1 : 0;
    }
    EXPECT_FALSE(retry.failed(error(Failure::transient), start).again) << "the fourth call was the last";
  }
  EXPECT_GT(differing, 200);  // of 600: the waits fill their range
  EXPECT_LT(differing, 400);
}

TEST(Retry, SameSeedGivesSameWaits) {
  Retry a({}, true, start, 7), b({}, true, start, 7);
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(a.failed(error(Failure::transient), start).wait, b.failed(error(Failure::transient), start).wait);
}

TEST(Retry, NeverRepeatsAWriteThatMayHaveHappened) {
  Retry create({}, false, start, 1);
  EXPECT_FALSE(create.failed(error(Failure::transient, true), start).again);
  Retry refused({}, false, start, 1);
  EXPECT_TRUE(refused.failed(error(Failure::transient, false), start).again) << "it never reached the server";
  Retry removal({}, true, start, 1);
  EXPECT_TRUE(removal.failed(error(Failure::transient, true), start).again);
}

TEST(Retry, SignInAndPermanentErrorsEndAtOnce) {
  for (const auto failure : {Failure::auth, Failure::permanent}) {
    Retry retry({}, true, start, 1);
    EXPECT_FALSE(retry.failed(error(failure), start).again);
  }
}

TEST(Retry, AnUnreadableAnswerIsAskedForOnceMore) {
  Retry retry({}, true, start, 1);
  EXPECT_TRUE(retry.failed(error(Failure::corrupt), start).again);
  EXPECT_FALSE(retry.failed(error(Failure::corrupt), start).again);
}

TEST(Retry, WaitsAtLeastAsLongAsTheServerAsks) {
  for (std::uint32_t seed = 1; seed < 50; ++seed) {
    Retry retry({}, true, start, seed);
    const auto action = retry.failed(error(Failure::throttled, false, 3s), start);
    ASSERT_TRUE(action.again);
    EXPECT_GE(action.wait, 3s);
    EXPECT_LE(action.wait, 3500ms);
  }
}

TEST(Retry, DoesNotWaitBeyondTheTotal) {
  Retry retry({.total = 10s}, true, start, 1);
  EXPECT_FALSE(retry.failed(error(Failure::throttled, false, 11s), start).again);
  Retry late({.total = 10s}, true, start, 1);
  EXPECT_FALSE(late.failed(error(Failure::throttled, false, 3s), start + 8s).again);
}

}  // namespace
}  // namespace coachd::net
