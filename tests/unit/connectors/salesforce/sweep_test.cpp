// The cursor against a small table in memory that answers as Salesforce would.
#include "connectors/net/sweep.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "connectors/salesforce/soql.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {
namespace {

using namespace std::chrono_literals;
using model::Instant;
using net::Sweep;

const Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

TEST(Sweep, FirstLoadHasOnlyAnUpperBound) {
  auto sweep = *Sweep::parse("", "Opportunity");
  EXPECT_TRUE(sweep.first());
  sweep.begin(start, 600s, 1s);
  EXPECT_EQ(condition(sweep, "SystemModstamp"), "SystemModstamp <= 2026-03-01T23:59:59Z");
  EXPECT_TRUE(sweep.advance(start - 1h, "006A", true, start, 1s));
  EXPECT_EQ(condition(sweep, "SystemModstamp"),
            "((SystemModstamp = 2026-03-01T23:00:00Z AND Id > '006A') OR SystemModstamp > 2026-03-01T23:00:00Z) AND "
            "SystemModstamp <= 2026-03-01T23:59:59Z");
  EXPECT_FALSE(sweep.advance(std::nullopt, "", false, start, 1s));
  EXPECT_FALSE(sweep.first());
}

TEST(Sweep, TheOverlapIsInTheQueryAndNeverInTheCursor) {
  auto sweep = *Sweep::parse("", "x");
  sweep.begin(start, 600s, 0s);
  ASSERT_FALSE(sweep.advance(std::nullopt, "", false, start, 0s));
  const std::string after_one = sweep.text("x");
  for (int i = 0; i < 5; ++i) {  // no time passes: the mark must not creep backwards
    sweep = *Sweep::parse(sweep.text("x"), "x");
    sweep.begin(start, 600s, 0s);
    EXPECT_EQ(condition(sweep, "S"), "S >= 2026-03-01T23:50:00Z AND S <= 2026-03-02T00:00:00Z");
    ASSERT_FALSE(sweep.advance(start - 5min, "A", false, start, 0s));
    EXPECT_EQ(sweep.text("x"), after_one);
  }
}

TEST(Sweep, APageInTheMiddleSurvivesBeingStored) {
  auto sweep = *Sweep::parse("", "x");
  sweep.begin(start, 600s, 0s);
  ASSERT_TRUE(sweep.advance(start - 1h, "O'A", true, start, 0s));
  const auto stored = Sweep::parse(sweep.text("x"), "x");
  ASSERT_TRUE(stored);
  EXPECT_EQ(condition(*stored, "S"), condition(sweep, "S"));
  EXPECT_TRUE(stored->under_way());
}

TEST(Sweep, AClockThatWasSetBackLeavesNoHole) {
  auto sweep = *Sweep::parse("", "x");
  sweep.begin(start, 600s, 0s);
  ASSERT_FALSE(sweep.advance(std::nullopt, "", false, start, 0s));
  sweep.begin(start - 300s, 600s, 0s);
  EXPECT_EQ(condition(sweep, "S"), "S >= 2026-03-01T23:45:00Z AND S <= 2026-03-01T23:55:00Z");
}

TEST(Sweep, GoesOnOnceWhenTheClockRanAhead) {
  auto sweep = *Sweep::parse("", "x");
  sweep.begin(start, 600s, 0s);
  EXPECT_TRUE(sweep.advance(std::nullopt, "", false, start + 1h, 0s));
  EXPECT_EQ(condition(sweep, "S"), "S >= 2026-03-02T00:00:00Z AND S <= 2026-03-02T01:00:00Z");
  EXPECT_FALSE(sweep.advance(std::nullopt, "", false, start + 2h, 0s)) << "but not for ever";
  sweep.begin(start + 2h, 600s, 0s);
  EXPECT_EQ(condition(sweep, "S"), "S >= 2026-03-01T23:50:00Z AND S <= 2026-03-02T02:00:00Z")
      << "the overlap is that of its first bound";
}

/// Rows with a stamp, visible from a later instant on.
struct Row {
  Instant stamp, visible;
  std::string id;
};

// Random writers whose transactions take up to the overlap, pages of three rows, crashes between pages: nothing is
// lost.
TEST(Sweep, LosesNothingWhoseCommitFitsIntoTheOverlap) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    const auto draw = [&](int below) { return static_cast<int>(random() % static_cast<std::uint32_t>(below)); };
    std::vector<Row> rows;
    for (int i = 0; i < 150; ++i) {
      const Instant stamp = start + std::chrono::seconds(draw(40) * 60);
      rows.push_back({stamp, stamp + std::chrono::seconds(draw(4) == 0 ? draw(590) : 0), std::to_string(1000 + i)});
    }
    std::set<std::string> seen;
    std::string cursor;
    for (Instant now = start; now <= start + 12h; now += std::chrono::seconds(20 + draw(200))) {
      auto sweep = *Sweep::parse(cursor, "x");
      sweep.begin(now, 600s, 1s);
      const std::string asked = condition(sweep, "S");
      // the condition, read back: `S >= T` or `(S = T AND Id > 'L') OR S > T`, and `S <= U`
      const auto at = [&](std::string_view before) {
        const auto found = asked.find(before);
        return found == std::string::npos
                   ? std::optional<Instant>()
                   : model::parse_instant(std::string_view(asked).substr(found + before.size(), 20));
      };
      const auto upper = *at("S <= ");
      const auto from = at("S >= "), same = at("S = ");
      const std::string last = same ? asked.substr(asked.find('\'') + 1, 4) : "";
      std::vector<Row> page;
      for (const Row& row : rows)
        if (row.visible <= now && row.stamp <= upper && (!from || row.stamp >= *from) &&
            (!same || row.stamp > *same || (row.stamp == *same && row.id > last)))
          page.push_back(row);
      std::sort(page.begin(), page.end(),
                [](const Row& a, const Row& b) { return std::tie(a.stamp, a.id) < std::tie(b.stamp, b.id); });
      const bool full = page.size() > 3;
      if (full) page.resize(3);
      for (const Row& row : page) seen.insert(row.id);
      const bool more = page.empty() ? sweep.advance(std::nullopt, "", false, now, 1s)
                                     : sweep.advance(page.back().stamp, page.back().id, full, now, 1s);
      cursor = sweep.text("x");
      if (more) now -= 19s;  // the next page comes at once
    }
    EXPECT_EQ(seen.size(), rows.size()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace coachd::salesforce
