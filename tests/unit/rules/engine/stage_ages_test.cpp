// Percentiles of won records: the same whichever order they are counted in, and from the won of 18 months alone.
#include "rules/engine/stage_ages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;

const char* const slow = "{stage_age: {above: p80}}";

// A record's way through the stages: how many days it stood in each, and how it ended.
struct Way {
  std::vector<int> days;
  std::string end;
  int ended_days_ago = 0;
};

Case way_of(Bench& b, const Way& way) {
  const auto now = lab::at("2026-05-04T09:00:00Z");
  static const std::vector<std::string> stages{"Prospecting", "Qualification", "Proposal", "Negotiation"};
  int total = 0;
  for (const int d : way.days) total += d;
  auto at = now - std::chrono::days(total + way.ended_days_ago);
  b.c.created = at;
  for (auto& p : b.c.past) p = {};
  b.known_since(model::to_string(at));
  b.set("stage", stages[0]);
  for (std::size_t i = 0; i < way.days.size(); ++i) {
    at += std::chrono::days(way.days[i]);
    b.change("stage", model::to_string(at), i + 1 < way.days.size() ? stages[i + 1] : way.end);
  }
  return b.c;
}

StageAges counted(const Bench& b, const std::vector<Case>& records, model::Instant now) {
  StageAges ages;
  for (const auto& c : records) add_stage_ages(*b.plan, c, b.world, now, ages);
  for (auto& [stage, lengths] : ages) lengths.finish();
  return ages;
}

TEST(StageAges, AreTheSameInAnyOrder) {
  std::mt19937 rng(5);
  const auto now = lab::at("2026-05-04T09:00:00Z");
  for (int round = 0; round < 20; ++round) {
    Bench b(lab::rule(slow));
    std::vector<Case> records;
    std::vector<std::chrono::seconds> proposal;  // by hand
    for (int i = 0; i < 80; ++i) {
      Way way;
      for (int s = 0; s < 4; ++s) way.days.push_back(1 + static_cast<int>(rng() % 60));
      way.end = rng() % 4 == 0 ? "Closed Lost" : "Closed Won";
      way.ended_days_ago = static_cast<int>(rng() % 800);
      records.push_back(way_of(b, way));
      if (way.end == "Closed Won" && now - std::chrono::days(way.ended_days_ago) >= lab::at("2024-11-04T09:00:00Z"))
        proposal.emplace_back(std::chrono::days(way.days[2]));
    }
    auto first = counted(b, records, now);
    EXPECT_EQ((first[{"", "Proposal"}]), StayLengths(proposal));
    std::shuffle(records.begin(), records.end(), rng);
    const auto again = counted(b, records, now);
    EXPECT_EQ(again, first);
    // And so is what rests on them.
    Bench two(lab::rule(slow));
    b.world.stage_ages["opportunity"] = first;
    two.world.stage_ages["opportunity"] = again;
    for (int days = 1; days < 70; days += 7) {
      for (auto* bench : {&b, &two}) way_of(*bench, {{10, 10}, "Proposal", days});
      EXPECT_EQ(b.judge("2026-05-04T09:00:00Z"), two.judge("2026-05-04T09:00:00Z"));
    }
  }
}

TEST(StageAges, StaysBeforeHistoryBeginsAreNotCounted) {
  Bench b(lab::rule(slow));
  const auto now = lab::at("2026-05-04T09:00:00Z");
  auto c = way_of(b, {{30, 20, 10, 5}, "Closed Won", 3});
  for (auto& p : c.past) p.known_since = *c.created + std::chrono::days(40);  // in the second stay
  for (auto& p : c.past) std::erase_if(p.changes, [&](const FieldChange& f) { return f.at < *p.known_since; });
  auto ages = counted(b, {c}, now);
  EXPECT_FALSE(ages.contains({"", "Prospecting"}));
  EXPECT_FALSE(ages.contains({"", "Qualification"})) << "when it began is not known";
  EXPECT_EQ((ages[{"", "Proposal"}]), StayLengths(std::vector<std::chrono::seconds>{std::chrono::days(10)}));
}

}  // namespace
}  // namespace coachd::rules
