// A finding never appears, and never goes, without a test that flipped: whatever time passes and whatever is changed on
// the record, where all tests of a rule answer as before, the rule does.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "rules/engine/evaluate.hpp"
#include "rules/model/finding.hpp"
#include "tests/unit/rules/engine/random_past.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;

// The answers of the tests alone, not of what joins them.
void add_leaves(const Explained& e, std::string& out) {
  if (e.parts.empty()) out += e.test + '=' + std::to_string(static_cast<int>(e.outcome)) + ';';
  for (const auto& p : e.parts) add_leaves(p, out);
}

struct Seen {
  std::vector<model::Outcome> outcomes;  // by rule
  std::vector<std::string> leaves;
};

Seen look(const Bench& b, model::Instant now) {
  Seen out;
  const auto& rules = b.loaded.rules->rules;
  out.outcomes.assign(rules.size(), model::Outcome::ok);
  std::vector<model::Verdict> verdicts;
  judge(*b.loaded.rules, *b.plan, b.c, b.facts, b.world, now, false, verdicts);
  for (const auto& v : verdicts) out.outcomes[v.rule] = v.outcome;
  std::size_t silencing = 0, silenced = 0;
  for (std::uint32_t r = 0; r < rules.size(); ++r) {
    add_leaves(explain(*b.loaded.rules, *b.plan, r, b.c, b.facts, b.world, now), out.leaves.emplace_back());
    if (rules[r].id.get() == "r4") silencing = r;
    if (rules[r].id.get() == "r1") silenced = r;
  }
  out.leaves[silenced] += out.leaves[silencing];  // `silences: [r1]`
  return out;
}

TEST(Findings, NeverAppearWithoutATestThatFlipped) {
  std::mt19937 rng(20260505);
  std::map<std::string, int> appeared;
  for (int round = 0; round < 40; ++round) {
    Bench b(lab::varied_rules);
    lab::random_past(b, rng);
    auto now = lab::at("2026-03-26T05:00:00Z");  // after all that happened
    auto before = look(b, now);
    for (int step = 0; step < 60; ++step) {
      now += std::chrono::minutes(1 + rng() % 4000);
      const char* const texts[] = {"", "tbd", "Call them", "Send redlines"};
      const char* const stages[] = {"Prospecting", "Qualification", "Proposal", "Closed Lost"};
      const auto when = model::to_string(now);
      switch (rng() % 8) {
        case 0: b.change("next_step", when, texts[rng() % 4]); break;
        case 1: b.change("champion", when, texts[rng() % 4], "li"); break;
        case 2: b.change("stage", when, stages[rng() % 4]); break;
        case 3:
          b.change("close_date", when,
                   model::to_string(now + std::chrono::days(rng() % 30) - std::chrono::days(9)).substr(0, 10));
          break;
        default: break;  // time alone
      }
      auto after = look(b, now);
      for (std::size_t r = 0; r < after.outcomes.size(); ++r) {
        if (after.outcomes[r] == before.outcomes[r]) continue;
        const auto id = b.loaded.rules->rules[r].id.get();
        EXPECT_NE(after.leaves[r], before.leaves[r])
            << "round " << round << ": " << id << " became " << model::to_string(after.outcomes[r]) << " at " << when;
        if (after.outcomes[r] == model::Outcome::finding) ++appeared[id];
      }
      before = std::move(after);
    }
  }
  EXPECT_GT(appeared.size(), 15u) << "most rules must find something at all";
}

}  // namespace
}  // namespace coachd::rules
