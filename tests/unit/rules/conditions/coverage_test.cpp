// Whether "no activity" says anything: shares with a gap between in and out, and what tests say where it does not.
#include "rules/conditions/coverage.hpp"

#include <gtest/gtest.h>

#include <random>

#include "rules/engine/won_deals.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;

TEST(Coverage, IsPoorAboveThirtyPercentAndGoodAgainBelowTwenty) {
  const auto poor = [](std::int64_t silent, bool was) { return poor_coverage({.won = 100, .silent = silent}, was); };
  EXPECT_FALSE(poor(30, false));
  EXPECT_TRUE(poor(31, false));
  EXPECT_TRUE(poor(20, true));
  EXPECT_FALSE(poor(19, true));
  for (std::int64_t silent = 20; silent <= 30; ++silent) {
    EXPECT_TRUE(poor(silent, true)) << silent;
    EXPECT_FALSE(poor(silent, false)) << silent;
  }
  EXPECT_FALSE(poor_coverage({}, false));
  EXPECT_TRUE(poor_coverage({}, true)) << "without a deal won nothing is known anew";
}

// It never turns twice within the gap, whatever the days bring.
TEST(Coverage, DoesNotFlicker) {
  std::mt19937 random(7);
  ActivityCoverage c;
  const model::Day day{};
  for (int i = 0; i < 2000; ++i) {
    const std::int64_t won = 1 + static_cast<std::int64_t>(random() % 200);
    const WonDeals deals{won, static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(won + 1))};
    const auto next = c.counted(deals, day + std::chrono::days(i));
    const double share = static_cast<double>(deals.silent) / static_cast<double>(deals.won);
    if (next.poor != c.poor) EXPECT_TRUE(next.poor ? share > 0.3 : share < 0.2) << share;
    if (share > 0.3) EXPECT_TRUE(next.poor);
    if (share < 0.2) EXPECT_FALSE(next.poor);
    c = next;
  }
}

TEST(Coverage, ReadsAsASentence) {
  const auto day = *model::parse_day("2026-05-04");
  auto c = ActivityCoverage{}.counted({.won = 40, .silent = 14}, day);
  ASSERT_FALSE(c.tells());
  EXPECT_EQ(c.why(),
            "activities: 14 of 40 deals won in the 90 days before 2026-05-04 show none at all, so that much of what "
            "people do is not in the CRM");
  World world;
  EXPECT_TRUE(world.silence_tells());
  world.unread_captures = {"Einstein Activity Capture"};
  EXPECT_FALSE(world.silence_tells());
  EXPECT_EQ(world.why_silence_is_untold(),
            "activities: Einstein Activity Capture keeps some of them where they cannot be read");
}

TEST(Coverage, WherePoorSilenceCannotBeToldAndWhatIsKnownStillDecides) {
  const auto one = [](const std::string& when, bool called) {
    Bench b(lab::rule(when));
    b.activities_since("2025-01-01T00:00:00Z");
    if (called) b.activity("2026-05-10T00:00:00Z");
    b.world.activity_coverage = ActivityCoverage{}.counted({.won = 10, .silent = 4}, model::Day{});
    return b.one("2026-05-15T09:00:00Z");
  };
  EXPECT_EQ(one("{activity: {none_for: 14d}}", false), "?");
  EXPECT_EQ(one("{activity: {none_for: 14d}}", true), "no");
  EXPECT_EQ(one("{activity: {any_within: 14d}}", false), "?");
  EXPECT_EQ(one("{activity: {any_within: 14d}}", true), "yes");
  EXPECT_EQ(one("{next_activity: {none_within: 14d}}", false), "?");
}

TEST(WonDeals, CountsWhatWasWonInNinetyDaysAndShowsNothing) {
  const auto counted = [](const std::string& won_at, const std::string& stage, bool called, const std::string& known) {
    Bench b(lab::rule("{activity: {none_for: 14d}}"));
    b.known_since("2026-01-01T00:00:00Z").change("stage", won_at, stage);
    if (!known.empty()) b.activities_since(known);
    if (called) b.activity("2026-02-01T00:00:00Z");
    WonDeals out;
    count_won_deal(*b.plan, b.c, b.world, lab::at("2026-05-15T09:00:00Z"), out);
    return std::pair(out.won, out.silent);
  };
  using Counts = std::pair<std::int64_t, std::int64_t>;
  const std::string always = "2025-01-01T00:00:00Z";
  EXPECT_EQ(counted("2026-04-01T08:00:00Z", "Closed Won", false, always), Counts(1, 1));
  EXPECT_EQ(counted("2026-04-01T08:00:00Z", "Closed Won", true, always), Counts(1, 0));
  EXPECT_EQ(counted("2026-04-01T08:00:00Z", "Closed Lost", false, always), Counts(0, 0));
  EXPECT_EQ(counted("2026-01-20T08:00:00Z", "Closed Won", false, always), Counts(0, 0)) << "more than 90 days ago";
  EXPECT_EQ(counted("2026-04-01T08:00:00Z", "Closed Won", false, ""), Counts(0, 0)) << "not read: nothing is known";
  EXPECT_EQ(counted("2026-04-01T08:00:00Z", "Closed Won", true, ""), Counts(1, 0));
}

}  // namespace
}  // namespace coachd::rules
