// What `coachd explain` says of each family of tests: the value it saw, where that came from, and from when on the
// answer is another by itself.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <utility>

#include "rules/engine/evaluate.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using rules::lab::Bench;
const std::string folder = std::string(COACHD_SOURCE_DIR) + "/tests/golden/explain/";
const std::string now = "2026-05-15T09:00:00Z";

std::string file(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(folder + name).rdbuf();
  return text.str();
}

Bench bench() {
  Bench b(file("every-test.yaml"));
  b.person("ana", "li").person("li", "", "manager").known_since("2026-01-01T00:00:00Z");
  b.world.people.at("ana").name = "Ana Berg";
  b.set("stage", "Prospecting").change("stage", "2026-04-20T08:00:00Z", "Qualification");
  b.change("next_step", "2026-05-04T08:00:00Z", "Send the quote");
  b.change("close_date", "2026-03-10T08:00:00Z", "2026-05-20")
      .change("close_date", "2026-04-10T08:00:00Z", "2026-05-28");
  b.change("champion", "2026-02-20T08:00:00Z", "Petra Lang", "li");
  b.set("amount", "80000");
  b.activity("2026-05-06T10:00:00Z").activities_since("2026-01-01T00:00:00Z");
  b.c.reviews_known_since = rules::lab::at("2026-01-01T00:00:00Z");
  b.beside({{"role", "Evaluator"}});
  for (auto& fact : b.facts) fact = {.known = true, .sum = 160000, .count = 4};
  return b;
}

// Every leaf test, wherever it stands.
void each_leaf(const rules::Explained& e, const std::function<void(const rules::Explained&)>& see) {
  if (e.parts.empty()) see(e);
  for (const auto& p : e.parts) each_leaf(p, see);
}

TEST(Explain, EveryTestSaysWhatItSaw) {
  const auto b = bench();
  int leaves = 0;
  for (std::uint32_t rule = 0; rule < b.loaded.rules->rules.size(); ++rule)
    each_leaf(rules::explain(*b.loaded.rules, *b.plan, rule, b.c, b.facts, b.world, rules::lab::at(now)),
              [&](const rules::Explained& leaf) {
                ++leaves;
                EXPECT_FALSE(leaf.test.empty());
                EXPECT_FALSE(leaf.saw.empty()) << leaf.test;
                EXPECT_EQ(leaf.missing, "") << leaf.test;
              });
  EXPECT_GE(leaves, 25);
}

rules::Explained only_test(Bench& b) {
  auto e = rules::explain(*b.loaded.rules, *b.plan, 0, b.c, b.facts, b.world, rules::lab::at(now));
  while (!e.parts.empty()) {
    auto part = e.parts.front();
    e = std::move(part);
  }
  return e;
}

TEST(Explain, SaysWhoSetTheValueAndByWhoseWord) {
  Bench b(rules::lab::rule("{field: next_step, unchanged_for: 14d}"));
  b.person("ana", "li").known_since("2026-01-01T00:00:00Z");
  EXPECT_EQ(only_test(b).from, "next step as the record was made on 2026-01-01T08:00:00Z");
  b.change("next_step", "2026-05-04T08:00:00Z", "Send the quote");
  EXPECT_EQ(only_test(b).from, "next step set 2026-05-04T08:00:00Z by ana, by its history");
  b.world.people.at("ana").name = "Ana Berg";
  b.c.past[b.slot("next_step")].changes.back().source = model::HistorySource::diff;
  EXPECT_EQ(only_test(b).from, "next step set 2026-05-04T08:00:00Z by Ana Berg, as coachd saw it change");
  b.change("next_step", "2026-05-06T08:00:00Z", "");
  EXPECT_EQ(only_test(b).from, "next step emptied 2026-05-06T08:00:00Z by Ana Berg, by its history");
  Bench untold(rules::lab::rule("{field: next_step, filled: true}"));
  untold.set("next_step", "Call Dana");
  EXPECT_EQ(only_test(untold).from, "next step as it was read; since when is not known");
}

// The answer of a rule is another from that instant on, and not a microsecond before.
TEST(Explain, TheInstantIsTheFirst) {
  const auto b = bench();
  int told = 0;
  for (std::uint32_t rule = 0; rule < b.loaded.rules->rules.size(); ++rule) {
    const auto at = [&](model::Instant when) {
      return rules::explain(*b.loaded.rules, *b.plan, rule, b.c, b.facts, b.world, when);
    };
    const auto is = at(rules::lab::at(now));
    if (!is.turns) continue;
    ++told;
    const auto same = [&](const rules::Explained& e) { return e.outcome == is.outcome && e.saw == is.saw; };
    EXPECT_FALSE(same(at(*is.turns))) << is.test;
    EXPECT_EQ(at(*is.turns - std::chrono::microseconds(1)).outcome, is.outcome) << is.test;
  }
  EXPECT_GE(told, 8);
}

}  // namespace
}  // namespace coachd::rules
