// What must hold for every record and every moment: walking from wake-up to wake-up sees every change of an answer,
// none too late and none for nothing; `changed_within` is the exact negation of `unchanged_for`; the order of tests
// does not show.
#include <algorithm>
#include <random>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using model::Instant;

const std::string rules_text = lab::head + R"(segments: {big: {field: amount, at_least: 1000}}
fields:
  champion: {decision: d, knowable_from: {stage: qualified}, ask_from: {before: {field: close_date, by: 3w}}, needed_by: {before: {field: close_date, by: 5d}}, valid_for: 2mo, pause_while: {field: waiting_for, until: {field: waiting_until}, at_most: 30d}}
  loss_reason: {decision: d, knowable_from: {stage: lost}, needed_by: {when: {field: stage, unchanged_for: 5d}}}
done_means:
  - {id: a, check: {field: next_step, real: true, changed_within: 2w}}
  - {id: b, for: {open: true}, check: {not: {field: close_date, before: today}}}
rules:
  - {id: r1, kind: stale, control: [flag], for: {open: true}, when: {field: next_step, unchanged_for: {by_stage: {Prospecting: 20d, default: 9d}}}}
  - {id: r2, kind: stale, control: [flag], when: {field: close_date, moved_later: {at_least: 2, within: 30d}}}
  - {id: r3, kind: stale, control: [flag], when: {any: [{stage_age: {above: 25d}}, {field: close_date, in_period: [this_week, next_month]}]}}
  - {id: r4, kind: stale, control: [flag], when: {segment: big, field: close_date, on_or_before: today+10bd}, silences: [r1]}
  - {id: r5, kind: stale, control: [flag], when: {age: {above: 1mo}, not: {field: next_step, changed: {within: 36h}}}, exceptions: [{record: 006A, until: 2026-03-20}]}
  - {id: r6, kind: stale, control: [flag], when: {field: contract_end, older_than: 1mo, newer_than: 3mo}}
  - {id: a1, kind: stale, control: [flag], when: {activity: {none_for: 9d}}}
  - {id: a2, kind: stale, control: [flag], when: {activity: {any_within: 36h, by: owner, on: [record, account]}}}
  - {id: a3, kind: stale, control: [flag], when: {activity: {none_since: {field: contract_end}}}}
  - {id: a4, kind: stale, control: [flag], when: {activity: {none_for: {since_meeting: forecast-call}, by: owner_manager}}}
  - {id: a5, kind: stale, control: [flag], when: {next_activity: {none_within: 5d}}}
  - {id: a6, kind: stale, control: [flag], when: {next_activity: {any_within: 3bd, by: owner}}}
  - {id: a7, kind: stale, control: [flag], when: {reviewed: {by: owner_manager, within: 12d}}}
  - {id: a8, kind: stale, control: [flag], when: {stage_age: {above: {by_stage: {Proposal: p80, Qualification: 31d, default: 21d}}}}}
  - {id: a9, kind: stale, control: [flag], when: {related: task, count: {at_least: 1, below: 3}, where: {field: due, before: today}}}
  - {id: b1, kind: stale, control: [flag], when: {field: next_step, changed_within: {since_meeting: forecast-call}}}
  - {id: b2, kind: stale, control: [flag], when: {field: next_step, changed: {by: not_setter, within: 20d}}}
)";

// Activities, reviews and tasks around a record, a meeting that may be held later on, and how long won records took.
void random_surroundings(Bench& b, std::mt19937& rng) {
  const auto start = lab::at("2026-02-20T07:00:00Z");
  std::vector<Instant> when;
  for (auto n = rng() % 7; n > 0; --n) {
    auto at = start + std::chrono::minutes(rng() % (80 * 1440));
    if (rng() % 4 == 0) at = std::chrono::floor<std::chrono::days>(at);  // a day without a time
    when.push_back(at);
  }
  std::sort(when.begin(), when.end());
  b.person("ana", rng() % 3 == 0 ? "" : "li").person("li", "");
  const char* const who[] = {"ana", "li", ""};
  for (const auto at : when) {
    b.activity(model::to_string(at), who[rng() % 3], rng() % 3 != 0,
               rng() % 3 == 0 ? Activity::On::account : Activity::On::record);
    if (rng() % 3 == 0) b.c.reviews.push_back({at, rng() % 2 == 0 ? "li" : "ana"});
  }
  if (rng() % 4 != 0) b.activities_since(rng() % 2 == 0 ? "2026-01-01T00:00:00Z" : "2026-03-05T11:00:00Z");
  if (rng() % 3 != 0) b.c.reviews_known_since = lab::at("2026-03-01T12:00:00Z");
  if (rng() % 3 != 0)
    b.world.meetings["forecast-call"][rng() % 2 == 0 ? "" : "li"] = start + std::chrono::minutes(rng() % (60 * 1440));
  if (rng() % 2 == 0)
    for (int i = 1; i <= 40; ++i)
      b.world.stage_ages["opportunity"][{"", "Proposal"}].push_back(std::chrono::hours(20 * i));
  if (b.plan->related.empty() || rng() % 3 == 0) return;
  b.none_beside();
  for (auto n = rng() % 4; n > 0; --n)
    b.beside({{"due", rng() % 4 == 0 ? "?"
                                     : model::to_string(model::Day(std::chrono::year(2026) / 3 / 1) +
                                                        std::chrono::days(rng() % 70))}});
}

// A random past of a record over the first half of 2026.
void random_past(Bench& b, std::mt19937& rng) {
  const auto pick = [&](std::initializer_list<const char*> of) {
    return std::string(*(of.begin() + rng() % of.size()));
  };
  const auto day = [&] {
    return model::to_string(model::Day(std::chrono::year(2026) / 1 / 5) + std::chrono::days(rng() % 150));
  };
  const auto moment = [&](int i) {
    return lab::at("2026-01-05T08:00:00Z") + std::chrono::hours(24 * (i * 9)) +
           std::chrono::seconds(rng() % (9 * 86400));
  };
  b.c.created = lab::at("2026-01-05T08:00:00Z");
  if (rng() % 4 != 0) b.known_since(pick({"2026-01-05T08:00:00Z", "2026-02-01T00:00:00Z", "2026-03-03T13:00:00Z"}));
  b.set("stage", pick({"Prospecting", "Qualification"}))
      .set("amount", pick({"", "10", "5000"}))
      .set("close_date", day())
      .set("contract_end", day());
  b.set("next_step", pick({"", "tbd", "Call them"}))
      .set("champion", pick({"", "Ana Ruiz", "."}))
      .set("waiting_for", pick({"", "", "Board"}))
      .set("waiting_until", pick({"", "2026-03-20"}));
  Instant last = *b.c.created;
  const int changes = static_cast<int>(rng() % 8);
  for (int i = 0; i < changes; ++i) {
    last = moment(i);
    const auto when = model::to_string(last);
    const auto who = pick({"ana", "li"});
    switch (rng() % 5) {
      case 0:
        b.change("stage", when, pick({"Prospecting", "Qualification", "Proposal", "Closed Lost", "Closed Won"}), who);
        break;
      case 1: b.change("next_step", when, pick({"", "tbd", "Call them", "call them.", "Send redlines"}), who); break;
      case 2: b.change("close_date", when, day(), who); break;
      case 3: b.change("champion", when, pick({"", "Ana Ruiz", "tbd", "Bob"}), who); break;
      default: b.change("waiting_for", when, pick({"", "Board meeting"}), who); break;
    }
  }
  if (rng() % 2 == 0) b.c.modified = last;
  random_surroundings(b, rng);
}

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
    Bench b(rules_text);
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
      } else {
        ASSERT_EQ(got.size(), 1u) << d << " at " << t;
        EXPECT_NE(got[0][0], '?');
      }
    }
  }
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

}  // namespace
}  // namespace coachd::rules
