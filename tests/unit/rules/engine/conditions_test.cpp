// Each test of the language on one record: what holds, what does not, what cannot be told.
#include <gmock/gmock.h>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
const std::string now = "2026-05-15T09:00:00Z";

std::string one(const std::string& when, const std::function<void(Bench&)>& prepare, const std::string& at = now) {
  Bench b(lab::rule(when));
  prepare(b);
  return b.one(at);
}
std::function<void(Bench&)> with(const std::string& field, const std::string& value) {
  return [=](Bench& b) { b.set(field, value); };
}

TEST(Values, ABlankFailsAllButFiveTests) {
  for (const char* holds : {"filled: false", "real: false", "placeholder: false", "is_not: x", "not_in: [x, y]"})
    EXPECT_EQ(one("{field: next_step, " + std::string(holds) + "}", with("next_step", "")), "yes") << holds;
  for (const char* fails : {"filled: true", "real: true", "placeholder: true", "is: x", "in: [x]", "contains: x",
                            "matches: '.*'", "above: 1", "below: 1", "before: today", "after: today", "older_than: 1d",
                            "newer_than: 1d", "in_period: [this_year]", "set_by: human"})
    EXPECT_EQ(one("{field: f, " + std::string(fails) + "}", with("f", "")), "no") << fails;
}

TEST(Values, UnreadCannotBeToldAndNotKeepsIt) {
  EXPECT_EQ(one("{field: f, filled: false}", [](Bench& b) { b.unread("f"); }), "?");
  EXPECT_EQ(one("{not: {field: f, filled: false}}", [](Bench& b) { b.unread("f"); }), "?");
  EXPECT_EQ(one("{all: [{field: f, filled: true}, {field: g, filled: true}]}", [](Bench& b) { b.unread("f"); }), "no")
      << "all fails when one fails";
  EXPECT_EQ(one("{any: [{field: f, filled: true}, {field: g, filled: false}]}", [](Bench& b) { b.unread("f"); }), "yes")
      << "any holds when one holds";
}

TEST(Values, TextIsComparedWithoutCaseAndOuterSpace) {
  EXPECT_EQ(one("{field: f, is: High}", with("f", "  high ")), "yes");
  EXPECT_EQ(one("{field: f, in: [null, no]}", with("f", "No")), "yes") << "words as they are written";
  EXPECT_EQ(one("{field: f, contains: [purchas, legal]}", with("f", "Call PURCHASING")), "yes");
  EXPECT_EQ(one("{field: f, matches: '^A[0-9]+$'}", with("f", "A17")), "yes");
}

TEST(Values, NumbersCompareAsNumbers) {
  EXPECT_EQ(one("{field: amount, above: 250000}", with("amount", "250000")), "no");
  EXPECT_EQ(one("{field: amount, at_least: 250000}", with("amount", "250000")), "yes");
  EXPECT_EQ(one("{field: amount, in: [0, 1]}", with("amount", "1")), "yes");
  EXPECT_EQ(one("{field: amount, above: {EUR: 5}}", with("amount", "10")), "?") << "no rate";
  const std::string by_stage = "{field: amount, below: {by_stage: {Qualification: 100, default: 10}}}";
  EXPECT_EQ(one(by_stage, with("amount", "50")), "yes");
  EXPECT_EQ(one(by_stage, [](Bench& b) { b.set("amount", "50").set("stage", "Proposal"); }), "no");
  EXPECT_EQ(one("{field: amount, below: {by_stage: {Proposal: 100}}}", with("amount", "50")), "?");
}

TEST(Values, ForecastCategoryIsTheSameInBothCrms) {
  for (const char* spelled : {"Commit", "Forecast", "COMMIT", "commit"})
    EXPECT_EQ(one("{field: forecast_category, in: [commit]}", with("forecast_category", spelled)), "yes") << spelled;
  EXPECT_EQ(one("{field: forecast_category, is: best_case}", with("forecast_category", "Best Case")), "yes");
  EXPECT_EQ(one("{field: forecast_category, is: best_case}", with("forecast_category", "BestCase")), "yes");
  EXPECT_EQ(one("{field: forecast_category, is: commit}", with("forecast_category", "Best Case")), "no");
}

TEST(Days, OlderMeansStrictlyMore) {
  EXPECT_EQ(one("{field: close_date, older_than: 14d}", with("close_date", "2026-04-30")), "yes");
  EXPECT_EQ(one("{field: close_date, older_than: 14d}", with("close_date", "2026-05-01")), "no");
  EXPECT_EQ(one("{field: close_date, newer_than: 14d}", with("close_date", "2026-05-01")), "yes");
  EXPECT_EQ(one("{field: close_date, newer_than: 14d}", with("close_date", "2026-04-30")), "no");
  EXPECT_EQ(one("{field: close_date, on_or_after: today, on_or_before: today+14d}", with("close_date", "2026-05-29")),
            "yes");
  EXPECT_EQ(one("{field: close_date, on_or_after: today, on_or_before: today+14d}", with("close_date", "2026-05-30")),
            "no");
  EXPECT_EQ(one("{field: close_date, in_period: [this_quarter]}", with("close_date", "2026-06-30")), "yes");
  EXPECT_EQ(one("{field: close_date, before: {field: contract_end}}",
                [](Bench& b) { b.set("close_date", "2026-06-30").set("contract_end", "2026-07-01"); }),
            "yes");
  EXPECT_EQ(one("{age: {above: 3mo}}", [](Bench&) {}), "yes");
  EXPECT_EQ(one("{age: {above: 5mo}}", [](Bench&) {}), "no");
}

TEST(Days, ClockSpansRunByTheClock) {
  EXPECT_EQ(one("{field: touched, older_than: 6h}", with("touched", "2026-05-15T03:00:00Z")), "no");
  EXPECT_EQ(one("{field: touched, older_than: 6h}", with("touched", "2026-05-15T02:59:59Z")), "yes");
}

TEST(Unchanged, FourWaysOfKnowing) {
  const std::string rule = "{field: f, unchanged_for: 14d}";
  EXPECT_EQ(one(rule, with("f", "x")), "?") << "no history";
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("f", "x").c.created = lab::at("2026-05-10T00:00:00Z"); }), "no")
      << "the record is younger";
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("f", "x").c.modified = lab::at("2026-04-30T23:00:00Z"); }), "yes")
      << "nothing at all was modified";
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("f", "x").c.modified = lab::at("2026-05-01T00:00:00Z"); }), "?");
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("f", "x").known_since("2026-05-01T00:00:00Z"); }), "yes")
      << "history reaches back";
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("f", "x").known_since("2026-05-01T00:00:01Z"); }), "?")
      << "part of a day that counts is not known";
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("f", "x").change("f", "2026-05-02T10:00:00Z", "y"); }), "no");
  EXPECT_EQ(one(rule, [](Bench& b) { b.known_since("2026-01-01T00:00:00Z").change("f", "2026-05-02T10:00:00Z", "y"); }),
            "no")
      << "the filling counts";
  EXPECT_EQ(one(rule,
                [](Bench& b) {
                  b.set("f", "Call them")
                      .known_since("2026-01-01T00:00:00Z")
                      .change("f", "2026-05-02T10:00:00Z", "call, them!");
                }),
            "yes")
      << "case and punctuation alone are no change";
  EXPECT_EQ(one(rule, [](Bench& b) { b.known_since("2026-01-01T00:00:00Z"); }), "yes")
      << "a blank field like any other";
}

TEST(Unchanged, StageAge) {
  const auto in_stage = [](Bench& b) {
    b.known_since("2026-01-01T00:00:00Z")
        .set("stage", "Prospecting")
        .change("stage", "2026-04-30T10:00:00Z", "Proposal");
  };
  EXPECT_EQ(one("{stage_age: {above: 14d}}", in_stage), "yes");
  EXPECT_EQ(one("{stage_age: {above: 15d}}", in_stage), "no");
  EXPECT_EQ(one("{stage_age: {above: {by_stage: {Proposal: 15d, default: 3d}}}}", in_stage), "no");
  EXPECT_EQ(one("{stage_age: {above: 14d}}", [](Bench&) {}), "?");
}

TEST(Changes, PushesCountOnceForEachRealMove) {
  const std::string rule = "{field: close_date, moved_later: {at_least: 2, within: 90d}}";
  const auto start = [](Bench& b) -> Bench& {
    return b.known_since("2026-01-01T00:00:00Z").set("close_date", "2026-03-31");
  };
  EXPECT_EQ(one(rule,
                [&](Bench& b) {
                  start(b)
                      .change("close_date", "2026-03-20T10:00:00Z", "2026-04-30")
                      .change("close_date", "2026-04-20T10:00:00Z", "2026-05-31");
                }),
            "yes");
  EXPECT_EQ(one(rule,
                [&](Bench& b) {
                  start(b)
                      .change("close_date", "2026-03-20T10:00:00Z", "2026-04-30")
                      .change("close_date", "2026-03-20T10:40:00Z", "2026-05-31");
                }),
            "no")
      << "a correction by the same person within an hour";
  EXPECT_EQ(one(rule,
                [&](Bench& b) {
                  start(b)
                      .change("close_date", "2026-03-20T10:00:00Z", "2026-04-30")
                      .change("close_date", "2026-03-20T10:40:00Z", "2026-05-31", "li");
                }),
            "yes");
  EXPECT_EQ(one(rule,
                [&](Bench& b) {
                  start(b)
                      .change("close_date", "2026-03-20T10:00:00Z", "2026-04-30")
                      .change("close_date", "2026-04-20T10:00:00Z", "2026-04-15");
                }),
            "no");
  EXPECT_EQ(one(rule,
                [&](Bench& b) {
                  start(b)
                      .change("close_date", "2026-01-01T08:00:00Z", "2026-04-30", "li")
                      .change("close_date", "2026-04-20T10:00:00Z", "2026-05-31");
                }),
            "no")
      << "in the second of creation";
  EXPECT_EQ(one(rule,
                [](Bench& b) {
                  b.known_since("2026-01-01T00:00:00Z")
                      .change("close_date", "2026-03-20T10:00:00Z", "2026-04-30")
                      .change("close_date", "2026-04-20T10:00:00Z", "2026-05-31");
                }),
            "no")
      << "the filling of a blank";
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("close_date", "2026-03-31"); }), "?") << "no history";
  EXPECT_EQ(one(rule,
                [&](Bench& b) {
                  start(b)
                      .change("close_date", "2026-01-20T10:00:00Z", "2026-04-30")
                      .change("close_date", "2026-04-20T10:00:00Z", "2026-05-31");
                }),
            "no")
      << "one of them is too long ago";
}

TEST(Changes, FromToByAndBack) {
  const auto moved = [](Bench& b) {
    b.known_since("2026-01-01T00:00:00Z")
        .set("stage", "Prospecting")
        .change("stage", "2026-02-01T10:00:00Z", "Proposal")
        .change("stage", "2026-05-01T10:00:00Z", "Qualification", "bot");
    b.world.integration_users = {"bot"};
  };
  EXPECT_EQ(one("{field: stage, changed: {within: 30d, back: true}}", moved), "yes");
  EXPECT_EQ(one("{field: stage, changed: {within: 30d, back: false}}", moved), "no");
  EXPECT_EQ(one("{stage: {moved_back: true}}", moved), "yes");
  EXPECT_EQ(one("{field: stage, changed: {to: [Proposal], by: human}}", moved), "yes");
  EXPECT_EQ(one("{field: stage, changed: {to: [Qualification], by: human}}", moved), "no");
  EXPECT_EQ(one("{field: stage, changed: {from: [Proposal], by: integration}}", moved), "yes");
  EXPECT_EQ(one("{field: stage, changes: {at_least: 2}}", moved), "yes");
  EXPECT_EQ(one("{field: stage, changed: {by: not_owner}}", moved), "yes");
  EXPECT_EQ(one("{field: f, changed: {to: [x]}}",
                [](Bench& b) { b.known_since("2026-01-01T00:00:00Z").change("f", "2026-02-01T10:00:00Z", "x"); }),
            "yes")
      << "the filling counts where `to` names it";
}

TEST(Set, InTheSaveOfAStageChange) {
  const std::string rule = "{field: champion, set_with_stage_change: true}";
  const auto stage = [](Bench& b) -> Bench& {
    return b.known_since("2026-01-01T00:00:00Z")
        .set("stage", "Prospecting")
        .change("stage", "2026-04-20T10:00:00Z", "Proposal");
  };
  EXPECT_EQ(one(rule, [&](Bench& b) { stage(b).change("champion", "2026-04-20T10:00:00Z", "Ana"); }), "yes");
  EXPECT_EQ(one(rule, [&](Bench& b) { stage(b).change("champion", "2026-04-20T10:00:02Z", "Ana"); }), "yes");
  EXPECT_EQ(one(rule, [&](Bench& b) { stage(b).change("champion", "2026-04-20T10:00:03Z", "Ana"); }), "no");
  EXPECT_EQ(one(rule, [&](Bench& b) { stage(b).change("champion", "2026-04-20T10:00:00Z", "Ana", "li"); }), "no");
  EXPECT_EQ(one(rule, with("champion", "Ana")), "?");
}

TEST(Set, BeforeAStage) {
  const std::string rule = "{field: champion, set_before: {stage: proposal}}";
  const auto stage = [](Bench& b) -> Bench& {
    return b.known_since("2026-01-01T00:00:00Z")
        .set("stage", "Prospecting")
        .change("stage", "2026-04-20T10:00:00Z", "Negotiation");
  };
  EXPECT_EQ(one(rule, [&](Bench& b) { stage(b).change("champion", "2026-04-19T10:00:00Z", "Ana"); }), "yes");
  EXPECT_EQ(one(rule, [&](Bench& b) { stage(b).change("champion", "2026-04-20T10:00:00Z", "Ana"); }), "no");
  EXPECT_EQ(one(rule, [](Bench& b) { b.known_since("2026-01-01T00:00:00Z").set("champion", "Ana"); }), "yes")
      << "not yet reached";
}

TEST(Set, AValueOfTheCreationIsCopied) {
  const auto created = [](Bench& b) {
    b.known_since("2026-01-01T00:00:00Z").set("f", "x");
    b.world.integration_users = {"bot"};
  };
  EXPECT_EQ(one("{field: f, set_by: human}", created), "no");
  EXPECT_EQ(one("{field: f, set_by: human}",
                [&](Bench& b) {
                  created(b);
                  b.change("f", "2026-02-01T10:00:00Z", "y");
                }),
            "yes");
  EXPECT_EQ(one("{field: f, set_by: integration}",
                [&](Bench& b) {
                  created(b);
                  b.change("f", "2026-02-01T10:00:00Z", "y", "bot");
                }),
            "yes");
}

TEST(Stage, OrderMilestonesAndOtherFields) {
  EXPECT_EQ(one("{stage: {at_least: qualified}}", [](Bench&) {}), "yes");
  EXPECT_EQ(one("{stage: {before: proposal}}", [](Bench&) {}), "yes");
  EXPECT_EQ(one("{stage: {after: qualified}}", [](Bench&) {}), "no");
  EXPECT_EQ(one("{stage: {in: [proposal, qualification]}}", [](Bench&) {}), "yes");
  EXPECT_EQ(one("{stage: {before: {field: prior}}}", with("prior", "Negotiation")), "yes");
  EXPECT_EQ(one("{stage: {before: {field: prior}}}", with("prior", "")), "no");
  EXPECT_EQ(one("{stage: {before: {field: prior}}}", with("prior", "Elsewhere")), "?");
  EXPECT_EQ(one("{stage: {is: won}}", with("stage", "Closed Won")), "yes");
  EXPECT_EQ(one("{open: true}", with("stage", "Long forgotten")), "?");
  EXPECT_EQ(one("{lost: true}", with("stage", "Closed Lost")), "yes");
}

TEST(Facts, SameTextAndTheOwnersMean) {
  Bench same(lab::rule("{field: next_step, same_on_other_open_record_of_owner: true}"));
  same.set("next_step", "Call them");
  EXPECT_EQ(same.one(now), "?");
  same.facts[0] = {true, 0, 1};
  EXPECT_EQ(same.one(now), "no") << "the record itself is counted";
  same.facts[0].count = 2;
  EXPECT_EQ(same.one(now), "yes");
  same.set("stage", "Closed Won").facts[0].count = 1;
  EXPECT_EQ(same.one(now), "yes") << "closed: not one of those counted";
  same.set("next_step", "tbd");
  EXPECT_EQ(same.one(now), "no");

  Bench mean(lab::rule("{field: amount, times_owner_mean: {above: 2.5, at_least: 5}}"));
  EXPECT_EQ(mean.plan->facts.at(0).key, "owner_mean:amount");
  EXPECT_EQ(mean.plan->facts[0].mean_tests.at(0).at_least, 5);
  mean.set("amount", "100").facts[0] = {true, 200, 5};
  EXPECT_EQ(mean.one(now), "no") << "100 * 5 is not above 2.5 * 200";
  mean.facts[0].sum = 199.5;
  EXPECT_EQ(mean.one(now), "yes");
  mean.facts[0].count = 4;
  EXPECT_EQ(mean.one(now), "no");
  const auto mine = contribution(*mean.loaded.rules, *mean.plan, 0, mean.c, mean.world);
  ASSERT_TRUE(mine);
  EXPECT_EQ(mine->owner, "ana");
  EXPECT_EQ(mine->value, 100);
  mean.set("stage", "Closed Won");
  EXPECT_FALSE(contribution(*mean.loaded.rules, *mean.plan, 0, mean.c, mean.world));
}

TEST(Record, OwnerAndPipeline) {
  EXPECT_EQ(one("{owner: {active: false}}", [](Bench& b) { b.world.people["ana"].active = false; }), "yes");
  EXPECT_EQ(one("{owner: {active: false}}", [](Bench&) {}), "?");
  EXPECT_EQ(one("{pipeline: [new business]}", with("pipeline", "New Business")), "yes");
}

}  // namespace
}  // namespace coachd::rules
