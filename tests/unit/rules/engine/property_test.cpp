// What must hold for every record and every moment: walking from wake-up to wake-up sees every change of an answer,
// none too late and none for nothing; `changed_within` is the exact negation of `unchanged_for`; the order of tests
// does not show.
#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/rules/engine/random_past.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using lab::random_past;
using lab::random_surroundings;
using lab::varied_rules;
using model::Instant;

bool equal(const std::vector<model::Verdict>& a, const std::vector<model::Verdict>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].rule != b[i].rule || a[i].outcome != b[i].outcome || a[i].id != b[i].id || a[i].since != b[i].since ||
        a[i].missing != b[i].missing)
      return false;
  return true;
}

TEST(Revisit, NeverLateAndNeverForNothing) {
  std::mt19937 rng(20260504);
  int flips = 0;
  for (int round = 0; round < 60; ++round) {
    Bench b(varied_rules);
    random_past(b, rng);
    if (round % 3 == 1)
      b.world.calendar =
          calendar::Calendar(calendar::Zone{"Test",
                                            {{Instant::min(), std::chrono::seconds(3600)},
                                             {lab::at("2026-03-29T01:00:00Z"), std::chrono::seconds(7200)}}},
                             {model::Day(std::chrono::year(2026) / 4 / 6)}, 2, 1);
    Instant now = lab::at("2026-03-10T05:00:00Z") + std::chrono::minutes(rng() % 10000);
    const Instant end = now + std::chrono::days(60);
    auto known = b.evaluate(model::to_string(now));
    // Step through time; the remembered answer may be out of date only from the wake-up on, and the wake-up must change
    // it.
    for (Instant t = now; t < end; t += std::chrono::minutes(371)) {
      while (known.revisit_at && *known.revisit_at <= t) {
        const auto woken = b.evaluate(model::to_string(*known.revisit_at));
        EXPECT_FALSE(equal(known.verdicts, woken.verdicts))
            << "round " << round << ": woken for nothing at " << model::to_string(*known.revisit_at);
        ++flips;
        if (woken.revisit_at) {
          ASSERT_GT(*woken.revisit_at, *known.revisit_at);
        }
        known = woken;
      }
      std::vector<model::Verdict> scratch;
      judge(*b.loaded.rules, *b.plan, b.c, b.facts, b.world, t, true, scratch);
      ASSERT_TRUE(equal(known.verdicts, scratch)) << "round " << round << ": late at " << model::to_string(t)
                                                  << ", known " << testing::PrintToString(b.ids(known.verdicts))
                                                  << ", from scratch " << testing::PrintToString(b.ids(scratch));
    }
  }
  EXPECT_GT(flips, 100) << "the histories must make answers flip at all";
}

TEST(Unchanged, ChangedWithinIsItsExactNegation) {
  std::mt19937 rng(7);
  int still = 0, moved = 0, untold = 0;
  for (int round = 0; round < 60; ++round) {
    const auto d = round % 5 == 0 ? "{since_meeting: forecast-call}"
                                  : std::to_string(1 + rng() % 40) + (rng() % 3 == 0   ? "bd"
                                                                      : rng() % 2 == 0 ? "d"
                                                                                       : "h");
    Bench b(lab::head +
            "rules:\n  - {id: u, kind: stale, control: [flag], when: {field: next_step, unchanged_for: " + d + "}}\n" +
            "  - {id: c, kind: stale, control: [flag], when: {field: next_step, changed_within: " + d + "}}\n");
    for (const char* f : {"next_step"}) b.set(f, "Call them");
    if (rng() % 2 == 0) b.known_since("2026-02-10T12:00:00Z");
    if (rng() % 2 == 0)
      b.change("next_step", "2026-03-0" + std::to_string(1 + rng() % 9) + "T10:00:00Z", "Send redlines");
    if (rng() % 3 == 0) b.c.created.reset();
    if (rng() % 3 == 0) b.c.modified = lab::at("2026-03-08T10:00:00Z");
    if (rng() % 2 == 0) b.world.meetings["forecast-call"][""] = lab::at("2026-03-12T10:00:00Z");
    for (int i = 0; i < 60; ++i) {
      const auto t = model::to_string(lab::at("2026-03-09T11:00:00Z") + std::chrono::hours(i * 19));
      const auto got = b.judge(t);
      if (got.size() == 2) {
        EXPECT_EQ(got, (std::vector<std::string>{"?u", "?c"}));
        ++untold;
      } else {
        ASSERT_EQ(got.size(), 1u) << d << " at " << t;
        EXPECT_NE(got[0][0], '?');
        ++(got[0] == "u" ? still : moved);
      }
    }
  }
  for (const int seen : {still, moved, untold}) EXPECT_GT(seen, 100);
}

TEST(Activity, NoneForIsTheNegationOfAnyWithinButForYoungRecords) {
  std::mt19937 rng(23);
  int told = 0;
  for (int round = 0; round < 80; ++round) {
    const auto d = std::to_string(1 + rng() % 30) + (rng() % 3 == 0 ? "bd" : rng() % 2 == 0 ? "d" : "h");
    const auto with = d + (rng() % 2 == 0 ? ", by: owner}" : ", on: [record, account]}");
    Bench b(lab::head + "rules:\n  - {id: n, kind: stale, control: [flag], when: {activity: {none_for: " + with +
            "}}\n  - {id: a, kind: stale, control: [flag], when: {activity: {any_within: " + with + "}}\n" +
            "  - {id: y, kind: stale, control: [flag], when: {not: {age: {above: " + d + "}}}}\n");
    b.known_since("2026-01-01T08:00:00Z");
    random_surroundings(b, rng);
    for (int i = 0; i < 60; ++i) {
      const auto t = model::to_string(lab::at("2026-03-01T11:00:00Z") + std::chrono::hours(i * 29));
      auto got = b.judge(t);
      const bool young = !got.empty() && got.back() == "y";
      if (young) {
        EXPECT_NE(got[0], "n") << d << " at " << t;
        EXPECT_NE(got[0], "?n") << d << " at " << t;
        continue;
      }
      if (got.size() == 2) {
        EXPECT_EQ(got, (std::vector<std::string>{"?n", "?a"})) << d << " at " << t;
      } else {
        ASSERT_EQ(got.size(), 1u) << d << " at " << t;
        EXPECT_NE(got[0][0], '?') << d << " at " << t;
        ++told;
      }
    }
  }
  EXPECT_GT(told, 500);
}

TEST(Conditions, OrderDoesNotShow) {
  std::mt19937 rng(11);
  std::vector<std::string> parts{"{field: next_step, real: false}",
                                 "{field: close_date, before: today}",
                                 "{field: champion, unchanged_for: 10d}",
                                 "{open: true}",
                                 "{not: {field: amount, above: 100}}",
                                 "{field: waiting_for, filled: true}",
                                 "{activity: {none_for: 9d}}",
                                 "{not: {reviewed: {within: 12d}}}",
                                 "{related: task, where: {field: due, before: today}}"};
  for (int round = 0; round < 30; ++round) {
    const auto text = [&](const char* how) {
      std::string s;
      for (const auto& p : parts) s += (s.empty() ? "" : ", ") + p;
      return lab::rule(std::string("{") + how + ": [" + s + "]}");
    };
    const char* how = round % 2 == 0 ? "all" : "any";
    Bench first(text(how));
    std::shuffle(parts.begin(), parts.end(), rng);
    Bench second(text(how));
    const auto seed = static_cast<unsigned>(rng());
    for (auto* b : {&first, &second}) {
      std::mt19937 own(seed);
      for (const char* f : {"next_step", "champion", "waiting_for"}) {
        const auto kind = own() % 4;
        if (kind == 0)
          b->unread(f);
        else
          b->set(f, kind == 1 ? "" : kind == 2 ? "tbd" : "Call them");
      }
      b->set("close_date", own() % 2 == 0 ? "2026-04-01" : "2026-06-01").set("amount", own() % 2 == 0 ? "" : "500");
      random_surroundings(*b, own);
    }
    const auto a = first.evaluate("2026-05-04T09:00:00Z"), c = second.evaluate("2026-05-04T09:00:00Z");
    ASSERT_TRUE(equal(a.verdicts, c.verdicts));
    for (std::size_t i = 0; i < a.verdicts.size(); ++i) EXPECT_EQ(a.verdicts[i].missing, c.verdicts[i].missing);
    EXPECT_EQ(a.revisit_at, c.revisit_at);
  }
}

// The keys of one map, and the rules of a file, in any order.
TEST(Conditions, OrderOfKeysAndRulesDoesNotShow) {
  std::mt19937 rng(12);
  std::vector<std::string> keys{"open: true",
                                "field: next_step, real: true, unchanged_for: 9d",
                                "not: {field: close_date, before: today}",
                                "activity: {none_for: 9d}",
                                "any: [{field: amount, filled: false}, {age: {above: 1mo}}]",
                                "stage: {before: proposal}"};
  std::vector<std::string> rules{"r1, when: {field: champion, filled: false}", "r2, when: {stage_age: {above: 25d}}",
                                 "r3, when: {next_activity: {none_within: 5d}}", "r4, when: {reviewed: {within: 12d}}"};
  const auto text = [&] {
    std::string all = lab::head + "rules:\n  - {id: keys, kind: stale, control: [flag], when: {";
    for (const auto& k : keys) all += (k == keys.front() ? "" : ", ") + k;
    all += "}}\n";
    for (const auto& r : rules) all += "  - {kind: stale, control: [flag], id: " + r + "}\n";
    return all;
  };
  std::map<model::Outcome, int> seen;
  for (int round = 0; round < 200; ++round) {
    const auto seed = static_cast<unsigned>(rng());
    std::map<std::string, std::pair<model::Outcome, std::optional<Instant>>> first;
    std::optional<Instant> revisit;
    for (int turn = 0; turn < 2; ++turn) {
      Bench b(text());
      ASSERT_TRUE(b.loaded.rules);
      std::mt19937 own(seed);
      random_past(b, own);
      const auto e = b.evaluate("2026-03-24T09:00:00Z");
      std::map<std::string, std::pair<model::Outcome, std::optional<Instant>>> got;
      for (const auto& v : e.verdicts) got[b.loaded.rules->rules[v.rule].id.get()] = {v.outcome, v.since};
      if (turn == 0) {
        first = got;
        revisit = e.revisit_at;
        if (const auto it = got.find("keys"); it != got.end()) ++seen[it->second.first];
      }
      EXPECT_EQ(got, first) << text();
      EXPECT_EQ(e.revisit_at, revisit) << text();
      std::shuffle(keys.begin(), keys.end(), rng);
      std::shuffle(rules.begin(), rules.end(), rng);
    }
  }
  EXPECT_GT(seen[model::Outcome::finding], 0);
  EXPECT_GT(seen[model::Outcome::cannot_tell], 0);
}

}  // namespace
}  // namespace coachd::rules
