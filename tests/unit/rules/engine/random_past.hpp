// Rules of every family, and records with a random past and random surroundings for them. The same seed gives the same.
#pragma once

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules::lab {

inline const std::string varied_rules = head + R"(segments: {big: {field: amount, at_least: 1000}}
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
inline void random_surroundings(Bench& b, std::mt19937& rng) {
  const auto start = at("2026-02-20T07:00:00Z");
  std::vector<model::Instant> when;
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
  if (rng() % 3 != 0) b.c.reviews_known_since = at("2026-03-01T12:00:00Z");
  if (rng() % 3 != 0)
    b.world.meetings["forecast-call"][rng() % 2 == 0 ? "" : "li"] = start + std::chrono::minutes(rng() % (60 * 1440));
  if (rng() % 2 == 0)
    for (int i = 1; i <= 40; ++i) b.world.stage_ages["opportunity"][{"", "Proposal"}].add(std::chrono::hours(20 * i));
  if (b.plan->related.empty() || rng() % 3 == 0) return;
  b.none_beside();
  for (auto n = rng() % 4; n > 0; --n)
    b.beside({{"due", rng() % 4 == 0 ? "?"
                                     : model::to_string(model::Day(std::chrono::year(2026) / 3 / 1) +
                                                        std::chrono::days(rng() % 70))}});
}

// A random past of a record over the first half of 2026.
inline void random_past(Bench& b, std::mt19937& rng) {
  const auto pick = [&](std::initializer_list<const char*> of) {
    return std::string(*(of.begin() + rng() % of.size()));
  };
  const auto day = [&] {
    return model::to_string(model::Day(std::chrono::year(2026) / 1 / 5) + std::chrono::days(rng() % 150));
  };
  const auto moment = [&](int i) {
    return at("2026-01-05T08:00:00Z") + std::chrono::hours(24 * (i * 9)) + std::chrono::seconds(rng() % (9 * 86400));
  };
  b.c.created = at("2026-01-05T08:00:00Z");
  if (rng() % 4 != 0) b.known_since(pick({"2026-01-05T08:00:00Z", "2026-02-01T00:00:00Z", "2026-03-03T13:00:00Z"}));
  b.set("stage", pick({"Prospecting", "Qualification"}))
      .set("amount", pick({"", "10", "5000"}))
      .set("close_date", day())
      .set("contract_end", day());
  b.set("next_step", pick({"", "tbd", "Call them"}))
      .set("champion", pick({"", "Ana Ruiz", "."}))
      .set("waiting_for", pick({"", "", "Board"}))
      .set("waiting_until", pick({"", "2026-03-20"}));
  model::Instant last = *b.c.created;
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

}  // namespace coachd::rules::lab
