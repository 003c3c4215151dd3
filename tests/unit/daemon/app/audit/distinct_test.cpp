#include "daemon/app/audit/distinct.hpp"

#include <gmock/gmock.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace coachd::app {
namespace {

using testing::ElementsAre;
using testing::Pair;

void add(Distinct& d, const std::string& value, std::uint64_t count = 1) {
  d.add(stable_hash(value), value, count);
}

TEST(Distinct, IsExactUpToTheLimit) {
  Distinct d;
  for (std::size_t i = 0; i < Distinct::exact_limit; ++i) add(d, "v" + std::to_string(i));
  for (std::size_t i = 0; i < Distinct::exact_limit; i += 2) add(d, "v" + std::to_string(i));
  EXPECT_EQ(d.count(), Distinct::exact_limit);
  EXPECT_FALSE(d.estimated());
  add(d, "one more");
  EXPECT_TRUE(d.estimated());
}

TEST(Distinct, EstimatesWithinThreePercent) {
  for (const std::uint64_t n : {12'000U, 100'000U, 500'000U}) {
    Distinct d;
    for (std::uint64_t i = 0; i < n; ++i) add(d, "value " + std::to_string(i * 7919));
    EXPECT_TRUE(d.estimated());
    EXPECT_NEAR(static_cast<double>(d.count()), static_cast<double>(n), 0.03 * static_cast<double>(n));
  }
}

TEST(Distinct, TopByCountThenValue) {
  Distinct d;
  for (const char* v : {"b", "a", "c", "c", "a", "b", "c"}) add(d, v);
  EXPECT_THAT(d.top(2), ElementsAre(Pair("c", 3), Pair("a", 2)));
  EXPECT_THAT(d.top(9), ElementsAre(Pair("c", 3), Pair("a", 2), Pair("b", 2)));
}

TEST(Distinct, TheCommonestSurviveAmongTooMany) {
  Distinct d;
  for (int i = 0; i < 60'000; ++i) {
    add(d, "rare " + std::to_string(i));
    if (i % 10 == 0) add(d, "common");
  }
  const auto top = d.top(1);
  ASSERT_EQ(top.size(), 1U);
  EXPECT_EQ(top[0].first, "common");
  EXPECT_EQ(top[0].second, 6'000U);
}

TEST(Distinct, WhatComesAgainAmongThousandsIsKept) {
  Distinct d;
  const auto add_others = [&](int from, int to) {
    for (int i = from; i < to; ++i) add(d, "other " + std::to_string(i));
  };
  add_others(0, 5'000);
  add(d, "late");
  add(d, "later", 2);
  add_others(5'000, 9'000);
  add(d, "late", 3);
  add(d, "other 17");
  EXPECT_EQ(d.count(), 9'002U);
  EXPECT_THAT(d.top(4), ElementsAre(Pair("late", 4), Pair("later", 2), Pair("other 17", 2), Pair("other 0", 1)));
  add_others(9'000, 60'000);
  EXPECT_THAT(d.top(3), ElementsAre(Pair("late", 4), Pair("later", 2), Pair("other 17", 2)));
  add(d, "later", 3);
  EXPECT_THAT(d.top(1), ElementsAre(Pair("later", 5)));
}

TEST(Distinct, OfTooManyThatCameAgainTheCommonestAreKept) {
  Distinct d;
  for (int i = 0; i < 30'000; ++i) add(d, "pair " + std::to_string(i), i % 1'000 == 0 ? 3 : 2);
  const auto top = d.top(31);
  ASSERT_EQ(top.size(), 31U);
  EXPECT_EQ(top[29].second, 3U);
  EXPECT_EQ(top[30].second, 2U);
}

TEST(Distinct, HashesAreTheSameEverywhere) {
  EXPECT_EQ(stable_hash("Select"), stable_hash(std::string("Select")));
  EXPECT_NE(stable_hash("Select"), stable_hash("select"));
  EXPECT_NE(stable_hash(""), stable_hash(std::string_view("\0", 1)));
  EXPECT_NE(stable_hash("12345678"), stable_hash("123456780"));
}

}  // namespace
}  // namespace coachd::app
