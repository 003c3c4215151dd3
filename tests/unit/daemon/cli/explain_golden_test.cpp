// What `coachd explain` says of each family of tests: the value it saw, where that came from, and from when on the
// answer is another by itself. With COACHD_UPDATE_GOLDEN set the answer is written instead: read the difference.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "daemon/cli/explained.hpp"
#include "rules/engine/evaluate.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::cli {
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
  b.change("stage", "2026-04-20T08:00:00Z", "Qualification");
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

TEST(ExplainGolden, EveryTestSaysWhatItSawWhenceAndUntilWhen) {
  auto b = bench();
  std::string got;
  for (std::uint32_t rule = 0; rule < b.loaded.rules->rules.size(); ++rule)
    append_explained(got, rules::explain(*b.loaded.rules, *b.plan, rule, b.c, b.facts, b.world, rules::lab::at(now)), 0,
                     Detail::in_full);
  if (std::getenv("COACHD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(folder + "every-test.expected") << got;
    return;
  }
  EXPECT_EQ(got, file("every-test.expected"));
}

// The answer of a rule is another from that instant on, and not a microsecond before.
TEST(ExplainGolden, TheInstantIsTheFirst) {
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
}  // namespace coachd::cli
