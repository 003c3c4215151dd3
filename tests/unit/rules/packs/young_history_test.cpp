// History that starts today makes nobody stale: over all shipped packs, what is told of a record whose history is not
// known is what its whole past tells, whichever that is. What that past would decide cannot be told.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/unit/rules/described.hpp"
#include "tests/unit/rules/generated_cases.hpp"

namespace coachd::rules {
namespace {

namespace fs = std::filesystem;

const model::Instant today{std::chrono::sys_days(std::chrono::year(2026) / 5 / 4)};
const model::Instant now = today + std::chrono::hours(9);

Loaded packs() {
  std::vector<Source> sources;
  for (const auto& entry : fs::directory_iterator(COACHD_SOURCE_DIR "/config/packs")) {
    const auto path = entry.path().string();
    if (!path.ends_with(".yaml") || path.ends_with(".test.yaml")) continue;
    std::ifstream in(path);
    sources.push_back({path, {std::istreambuf_iterator<char>(in), {}}});
  }
  Binding b;
  for (const char* f : {"close_date", "renewal_date", "contract_end", "start_date", "waiting_until"})
    b.column_types[f] = model::FieldType::date;
  for (const char* f : {"amount", "health_score"}) b.column_types[f] = model::FieldType::number;
  const auto pipelines = description().objects["opportunity"].pipelines;
  for (const char* object : {"opportunity", "account", "lead"}) b.stages[object] = pipelines;
  b.names.milestones["opportunity"][""] = {
      {"qualified", {"Qualification"}}, {"proposal", {"Proposal"}}, {"negotiation", {"Negotiation"}}};
  return load(sources, b);
}

// Since its creation everything is known.
void know_all(Case& c) {
  auto first = now;
  for (const auto& p : c.past)
    for (const auto& change : p.changes) first = std::min(first, change.at);
  for (const auto& a : c.activities.items) first = std::min(first, a.at);
  if (!c.created || *c.created > first) c.created = first - std::chrono::hours(1);
  for (auto& p : c.past) p.known_since = c.created;
  c.activities.known_since = c.reviews_known_since = c.created;
}

// The same record as it is seen by who began to look today; nothing happened since.
Case seen_from_today(const Case& whole) {
  Case c = whole;
  for (auto& p : c.past) {
    p.changes.clear();
    p.known_since = today;
  }
  std::erase_if(c.activities.items, [](const Activity& a) { return a.done || a.at < today; });
  c.activities.known_since = c.reviews_known_since = today;
  c.reviews.clear();
  c.modified.reset();
  return c;
}

TEST(Packs, HistoryThatStartsTodayMakesNobodyStale) {
  const auto loaded = packs();
  for (const auto& d : loaded.diagnostics)
    if (d.severity == model::Severity::error) ADD_FAILURE() << yaml::render(d, false);
  ASSERT_TRUE(loaded.rules);
  GeneratedCases cases(20260504);
  std::map<std::string, std::size_t> stale_with_history, untold;
  std::size_t told = 0;
  for (const auto& [object, plan] : loaded.rules->objects) {
    for (int i = 0; i < 1500; ++i) {
      const auto world = cases.world({{object, description().objects["opportunity"].pipelines}});
      const auto facts = cases.facts(plan);
      auto whole = cases.make(*loaded.rules, plan);
      whole.past.resize(plan.slots.size());
      know_all(whole);
      const auto young = seen_from_today(whole);
      std::vector<model::Verdict> from_whole, from_today;
      judge(*loaded.rules, plan, whole, facts, world, now, false, from_whole);
      judge(*loaded.rules, plan, young, facts, world, now, false, from_today);
      std::map<std::uint32_t, model::Outcome> is, seems;
      for (const auto& v : from_whole) is[v.rule] = v.outcome;
      for (const auto& v : from_today) seems[v.rule] = v.outcome;
      for (const auto r : plan.rules) {
        const auto& id = loaded.rules->rules[r].id.get();
        if (seems[r] == model::Outcome::cannot_tell) {
          if (is[r] == model::Outcome::finding) ++stale_with_history[id];
          ++untold[id];
          continue;
        }
        ++told;
        ASSERT_EQ(seems[r], is[r]) << id << " of record " << i << ": nothing but today is known, and it is told";
      }
    }
  }
  EXPECT_GT(told, 10'000u);
  // With their history these find what cannot be told from today on.
  for (const char* id :
       {"stale-next-step", "pushed-close-date", "stuck-in-stage", "commit-gone-quiet", "renewal-gone-quiet"})
    EXPECT_GT(stale_with_history[id], 0u) << id;
}

}  // namespace
}  // namespace coachd::rules
