#include "rules/engine/day_facts.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "rules/conditions/day_facts.hpp"
#include "rules/model/time.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;

const auto now = lab::at("2026-05-15T09:00:00Z");
std::string p90() {
  return lab::rule("{stage_age: {above: p90}}");
}

// Won after ten days in Qualification and five in Proposal.
void won(Bench& b) {
  b.known_since("2026-01-01T08:00:00Z");
  b.change("stage", "2026-01-11T08:00:00Z", "Proposal").change("stage", "2026-01-16T08:00:00Z", "Closed Won");
}

DayFacts facts_of(int proposals, std::chrono::seconds length) {
  DayFacts facts;
  facts.stage_ages["opportunity"][{"", "Proposal"}] =
      StayLengths(std::vector<std::chrono::seconds>(static_cast<std::size_t>(proposals), length));
  return facts;
}

TEST(DayFacts, AreCountedWhereATestRestsOnThem) {
  Bench b(p90());
  EXPECT_TRUE(DayFactTally::wanted(*b.plan));
  EXPECT_EQ(b.plan->percentiles, std::set<int>{90});
  Bench plain(lab::rule("{stage_age: {above: 14d}}"));
  EXPECT_FALSE(DayFactTally::wanted(*plain.plan));
  Bench silent(lab::rule("{activity: {none_for: 14d}}"));
  EXPECT_TRUE(DayFactTally::wanted(*silent.plan));
  Bench beside(lab::rule("{stage_age: {above: {percentile: p50, by_stage: {Proposal: 3d}}}}"));
  EXPECT_EQ(beside.plan->percentiles, std::set<int>{50});
}

TEST(DayFacts, TellHowLongWonRecordsStoodInEachStage) {
  Bench b(p90());
  won(b);
  DayFactTally tally;
  for (int i = 0; i < 40; ++i) tally.add(*b.plan, b.c, b.world, now);
  const auto facts = tally.finish(*model::parse_day("2026-05-15"), {});
  EXPECT_EQ(facts.facts_day, model::parse_day("2026-05-15"));
  const auto& ages = facts.stage_ages.at("opportunity");
  EXPECT_EQ(ages.at({"", "Qualification"}).won(), 40U);
  EXPECT_EQ(ages.at({"", "Qualification"}).percentile(90), std::chrono::hours(240));
  EXPECT_EQ(ages.at({"", "Proposal"}).percentile(90), std::chrono::hours(120));
}

TEST(DayFacts, TurnRecordsOfTheStagesWhosePercentileMoved) {
  Bench b(p90());
  b.set("stage", "Proposal");
  const auto turned = [&](const DayFacts& before, const DayFacts& after) {
    return FactsTurned(*b.plan, before, after).touches(*b.plan, b.c, b.world);
  };
  const auto ten = facts_of(30, std::chrono::hours(240));
  EXPECT_FALSE(turned(ten, ten));
  EXPECT_TRUE(FactsTurned(*b.plan, ten, ten).none());
  EXPECT_TRUE(turned(ten, facts_of(30, std::chrono::hours(241))));
  EXPECT_TRUE(turned({}, ten)) << "it can be told from now on";
  EXPECT_TRUE(turned(ten, {}));
  EXPECT_FALSE(turned(ten, facts_of(31, std::chrono::hours(240)))) << "one more, and the same percentile";
  EXPECT_FALSE(turned(facts_of(3, std::chrono::hours(1)), facts_of(29, std::chrono::hours(9))))
      << "too few before and after";
  b.set("stage", "Qualification");
  EXPECT_FALSE(turned(ten, facts_of(30, std::chrono::hours(241)))) << "another stage";
}

TEST(DayFacts, TellWhetherSilenceTellsAnything) {
  Bench b(lab::rule("{activity: {none_for: 14d}}"));
  b.known_since("2026-01-01T00:00:00Z").change("stage", "2026-04-01T08:00:00Z", "Closed Won");
  b.activities_since("2025-01-01T00:00:00Z");
  EXPECT_TRUE(DayFactTally::wants_activities(*b.plan, b.c, b.world, now));
  DayFactTally tally;
  tally.add(*b.plan, b.c, b.world, now);
  const auto poor = tally.finish(*model::parse_day("2026-05-15"), {});
  EXPECT_EQ(poor.activity_coverage.deals, (WonDeals{.won = 1, .silent = 1}));
  EXPECT_FALSE(poor.activity_coverage.tells());
  EXPECT_TRUE(FactsTurned(*b.plan, {}, poor).touches(*b.plan, b.c, b.world));
  EXPECT_TRUE(FactsTurned(*b.plan, poor, poor).none());
  // Without a won deal to count it stays as it was.
  EXPECT_FALSE(DayFactTally().finish(*model::parse_day("2026-05-16"), poor).activity_coverage.tells());
  Bench other(lab::rule("{stage_age: {above: 14d}}"));
  EXPECT_TRUE(FactsTurned(*other.plan, {}, poor).none()) << "no test of it looks at activities";
}

}  // namespace
}  // namespace coachd::rules
