#include "rules/conditions/day_facts.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <vector>

#include "rules/conditions/world.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using std::chrono::seconds;

TEST(StayLengths, AHundredMarksTellEveryPercentileOfAnyNumberOfRecords) {
  std::mt19937 random(7);
  for (const std::size_t n : {30U, 31U, 99U, 100U, 101U, 250U, 999U, 4321U}) {
    StayLengths lengths;
    std::vector<seconds> all;
    for (std::size_t i = 0; i < n; ++i) {
      all.emplace_back(random() % 10'000'000);
      lengths.add(all.back());
    }
    lengths.finish();
    std::sort(all.begin(), all.end());
    EXPECT_EQ(lengths.won(), n);
    EXPECT_LE(lengths.marks().size(), 100U);
    for (std::size_t p = 1; p <= 99; ++p)
      ASSERT_EQ(lengths.percentile(static_cast<int>(p)), all[(n * p + 99) / 100 - 1]) << n << " p" << p;
    EXPECT_EQ(StayLengths(lengths.won(), lengths.marks()), lengths) << "as it is kept";
  }
}

TEST(StayLengths, FewerThanThirtyTellNothing) {
  EXPECT_EQ(StayLengths(std::vector<seconds>(29, seconds(5))).percentile(90), std::nullopt);
  EXPECT_EQ(StayLengths(std::vector<seconds>(30, seconds(5))).percentile(90), seconds(5));
}

TEST(MeetingTimes, TheLastOneUntilAMoment) {
  const auto at = [](int day) { return model::Instant(std::chrono::hours(24 * day)); };
  const MeetingTimes times(std::vector{at(3), at(10), at(17)});
  EXPECT_EQ(times.last(at(2)), std::nullopt);
  EXPECT_EQ(times.last(at(3)), at(3));
  EXPECT_EQ(times.last(at(16)), at(10));
  EXPECT_EQ(times.last(at(99)), at(17));
}

}  // namespace
}  // namespace coachd::rules
