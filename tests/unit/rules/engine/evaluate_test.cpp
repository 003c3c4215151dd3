#include "rules/engine/evaluate.hpp"

#include <gmock/gmock.h>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using testing::ElementsAre;

TEST(Evaluate, FindsWhatIsOverdueAndWakesWhenTheNextTurns) {
  Bench b(lab::rule("{open: true, field: close_date, before: today}"));
  b.set("close_date", "2026-05-10");
  auto e = b.evaluate("2026-05-04T09:00:00Z");
  EXPECT_TRUE(e.verdicts.empty());
  ASSERT_TRUE(e.revisit_at);
  EXPECT_EQ(model::to_string(*e.revisit_at), "2026-05-11T00:00:00Z");
  e = b.evaluate("2026-05-11T00:00:00Z");
  EXPECT_THAT(b.ids(e.verdicts), ElementsAre("r"));
  EXPECT_EQ(e.verdicts[0].since, lab::at("2026-05-11T00:00:00Z"));
  EXPECT_FALSE(e.revisit_at);
}

TEST(Evaluate, NoWakeUpWhereTimeAloneChangesNothing) {
  // The date will pass, but the record is won: nothing to look at again.
  Bench b(lab::rule("{open: true, field: close_date, before: today}"));
  b.set("close_date", "2026-05-10").set("stage", "Closed Won");
  EXPECT_FALSE(b.evaluate("2026-05-04T09:00:00Z").revisit_at);
}

TEST(Evaluate, CommitWithoutEvidence) {
  Bench b(
      lab::rule("{field: forecast_category, in: [commit], any: [{field: next_step, real: false}, {field: next_step, "
                "unchanged_for: 14d}]}"));
  b.set("forecast_category", "Forecast").set("next_step", "tbd");
  EXPECT_EQ(b.one("2026-05-04T09:00:00Z"), "yes");
  b.set("next_step", "Call with purchasing");
  EXPECT_EQ(b.one("2026-05-04T09:00:00Z"), "?");
  b.known_since("2026-01-01T00:00:00Z");
  EXPECT_EQ(b.one("2026-05-04T09:00:00Z"), "yes");
  b.change("next_step", "2026-04-25T10:00:00Z", "Send the redlines");
  EXPECT_EQ(b.one("2026-05-04T09:00:00Z"), "no");
  EXPECT_EQ(b.evaluate("2026-05-04T09:00:00Z").revisit_at, lab::at("2026-05-10T00:00:00Z"));
}

TEST(Mended, WhatIsAskedForAndNotWhatMovedAway) {
  Bench b(lab::rule("{stage: {at_least: Qualification}, field: next_step, real: false}"));
  const auto mended_by = [&](const std::function<void(Bench&)>& change) {
    const Case before = b.c;
    change(b);
    const bool out =
        mended(*b.loaded.rules, *b.plan, 0, "", before, b.c, b.facts, b.world, lab::at("2026-05-04T09:00:00Z"));
    b.c = before;
    return out;
  };
  EXPECT_TRUE(mended_by([](Bench& x) { x.set("next_step", "Call them"); }));
  EXPECT_FALSE(mended_by([](Bench& x) { x.set("next_step", "tbd"); }));
  EXPECT_FALSE(mended_by([](Bench& x) { x.set("stage", "Prospecting"); })) << "overtaken";
  EXPECT_TRUE(mended_by([](Bench& x) { x.set("stage", "Prospecting").set("next_step", "Call them"); }));

  Bench date(lab::rule("{open: true, field: close_date, before: today}"));
  date.set("close_date", "2026-05-01");
  const Case before = date.c;
  date.set("close_date", "2026-06-01");
  EXPECT_TRUE(mended(*date.loaded.rules, *date.plan, 0, "", before, date.c, date.facts, date.world,
                     lab::at("2026-05-04T09:00:00Z")));
}

TEST(Evaluate, AShortSalesforceIdNamesItsRecord) {
  Bench b(lab::head +
          "rules:\n  - {id: r, kind: stale, control: [flag], when: {open: true}, exceptions: [{record: "
          "006000000000001}]}\n");
  b.c.id = "006000000000001AAA";
  EXPECT_EQ(b.one("2026-05-04T09:00:00Z"), "no");
  b.c.id = "006000000000002AAA";
  EXPECT_EQ(b.one("2026-05-04T09:00:00Z"), "yes");
}

}  // namespace
}  // namespace coachd::rules
