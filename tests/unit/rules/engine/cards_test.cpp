// Field cards: due, missing, placeholder, outdated; windows; what is overtaken.
#include <gmock/gmock.h>

#include <string>

#include "rules/engine/evaluate.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using testing::ElementsAre;
using testing::IsEmpty;

std::string card(const std::string& keys, const std::string& field = "champion") {
  return lab::head + "fields:\n  " + field + ": {decision: d, " + keys + "}\n";
}
const std::string now = "2026-05-04T09:00:00Z";

TEST(Card, NothingBeforeKnowableDueInTheWindowMissingFromNeeded) {
  Bench b(card("knowable_from: {stage: qualified}, needed_by: {stage: negotiation}"));
  EXPECT_THAT(b.set("stage", "Prospecting").judge(now), IsEmpty());
  EXPECT_THAT(b.set("stage", "Qualification").judge(now), ElementsAre("timing.due:champion"));
  EXPECT_THAT(b.set("stage", "Proposal").judge(now), ElementsAre("timing.due:champion"));
  EXPECT_THAT(b.set("stage", "Negotiation").judge(now), ElementsAre("timing.missing:champion"));
  EXPECT_THAT(b.set("champion", "tbd").judge(now), ElementsAre("timing.placeholder:champion"));
  EXPECT_THAT(b.set("champion", "Ana Ruiz").judge(now), IsEmpty());
  EXPECT_THAT(b.set("champion", "").set("stage", "Closed Won").judge(now), IsEmpty());
}

TEST(Card, APlaceholderBeforeNeededIsDue) {
  Bench b(card("knowable_from: {stage: qualified}, needed_by: {stage: negotiation}"));
  EXPECT_THAT(b.set("champion", "tbd").judge(now), ElementsAre("timing.due:champion"));
}

TEST(Card, AnHonestBlankIsNotAskedAgainBeforeNeeded) {
  Bench b(card("knowable_from: {stage: qualified}, needed_by: {stage: negotiation}, not_known_yet: [Unknown]"));
  EXPECT_THAT(b.set("champion", "unknown").judge(now), IsEmpty());
  EXPECT_THAT(b.set("stage", "Negotiation").judge(now), ElementsAre("timing.missing:champion"));
}

TEST(Card, NeededBeforeAskedWins) {
  Bench b(
      card("knowable_from: {creation: true}, ask_from: {before: {field: close_date, by: 10d}}, needed_by: {stage: "
           "proposal}"));
  b.set("close_date", "2026-09-30");
  EXPECT_THAT(b.judge(now), IsEmpty());
  EXPECT_THAT(b.set("stage", "Proposal").judge(now), ElementsAre("timing.missing:champion"));
  b.set("stage", "Prospecting").set("close_date", "2026-05-14");
  EXPECT_THAT(b.judge("2026-05-03T23:59:00Z"), IsEmpty());
  EXPECT_THAT(b.judge("2026-05-04T00:00:00Z"), ElementsAre("timing.due:champion"));
  EXPECT_THAT(b.set("close_date", "").judge(now), IsEmpty()) << "with a blank date never";
}

TEST(Card, KnowableHoldsWhateverElseDoes) {
  Bench b(card("knowable_from: {stage: proposal}, needed_by: {creation: true}"));
  EXPECT_THAT(b.judge(now), IsEmpty());
  EXPECT_THAT(b.set("stage", "Proposal").judge(now), ElementsAre("timing.missing:champion"));
}

TEST(Card, AnOldAnswerIsDueAgainThenOutdated) {
  Bench b(card("knowable_from: {stage: qualified}, needed_by: {stage: negotiation}, valid_for: 180d"));
  b.c.created = lab::at("2025-01-01T00:00:00Z");
  b.known_since("2025-01-01T00:00:00Z").change("champion", "2025-10-01T10:00:00Z", "Ana Ruiz");
  EXPECT_THAT(b.judge("2026-03-30T23:00:00Z"), IsEmpty());
  EXPECT_THAT(b.judge("2026-03-31T00:00:00Z"), ElementsAre("timing.due:champion"));
  b.set("stage", "Negotiation");
  EXPECT_THAT(b.judge("2026-03-31T00:00:00Z"), ElementsAre("timing.outdated:champion"));
}

TEST(Card, AReasonForLosingIsAskedOfLostRecordsForThirtyDays) {
  Bench b(card("knowable_from: {stage: lost}, needed_by: {stage: lost}", "loss_reason"));
  b.known_since("2026-01-01T00:00:00Z");
  EXPECT_THAT(b.judge(now), IsEmpty()) << "open";
  b.change("stage", "2026-05-01T10:00:00Z", "Closed Lost");
  EXPECT_THAT(b.judge(now), ElementsAre("timing.missing:loss_reason"));
  EXPECT_THAT(b.judge("2026-05-31T23:00:00Z"), ElementsAre("timing.missing:loss_reason"));
  EXPECT_THAT(b.judge("2026-06-01T00:00:00Z"), IsEmpty());
  EXPECT_EQ(b.evaluate(now).revisit_at, lab::at("2026-06-01T00:00:00Z"));
}

TEST(Card, LostHasReachedOnlyWhatNamesLost) {
  Bench b(card("knowable_from: {stage: won}, needed_by: {stage: won}"));
  b.known_since("2026-01-01T00:00:00Z").change("stage", "2026-05-01T10:00:00Z", "Closed Lost");
  EXPECT_THAT(b.judge(now), IsEmpty());
  b.change("stage", "2026-05-02T10:00:00Z", "Closed Won");
  EXPECT_THAT(b.judge(now), ElementsAre("timing.missing:champion"));
}

TEST(Card, WhatIsUnreadCannotBeTold) {
  Bench b(card("knowable_from: {stage: qualified}, needed_by: {stage: negotiation}"));
  EXPECT_THAT(b.unread("champion").judge(now), ElementsAre("?timing:champion"));
  EXPECT_THAT(b.set("stage", "Prospecting").judge(now), IsEmpty());
}

TEST(Card, PausesForAKnownReason) {
  Bench b(
      card("knowable_from: {stage: qualified}, needed_by: {stage: proposal}, pause_while: {field: waiting_for, until: "
           "{field: waiting_until}, at_most: 90d}"));
  b.known_since("2026-01-01T00:00:00Z")
      .set("stage", "Proposal")
      .change("waiting_for", "2026-04-01T10:00:00Z", "Board meeting")
      .set("waiting_until", "2026-05-04");
  EXPECT_THAT(b.judge(now), IsEmpty());
  EXPECT_EQ(b.evaluate(now).revisit_at, lab::at("2026-05-05T00:00:00Z"));
  EXPECT_THAT(b.judge("2026-05-05T00:00:00Z"), ElementsAre("timing.missing:champion"));
  EXPECT_THAT(b.set("waiting_until", "").judge(now), ElementsAre("timing.missing:champion"))
      << "a blank date pauses nothing";
  b.set("waiting_until", "2026-12-31");
  EXPECT_THAT(b.judge("2026-06-30T23:00:00Z"), IsEmpty());
  EXPECT_THAT(b.judge("2026-07-01T00:00:00Z"), ElementsAre("timing.missing:champion"))
      << "at most 90 days after it was said";
}

TEST(Card, SinceComesFromDataAndOnlyARealValueMends) {
  Bench b(card("knowable_from: {stage: qualified}, needed_by: {stage: proposal}"));
  b.known_since("2026-01-01T00:00:00Z").set("stage", "Prospecting");
  b.change("stage", "2026-02-01T10:00:00Z", "Qualification").change("stage", "2026-03-01T10:00:00Z", "Proposal");
  const auto e = b.evaluate(now);
  ASSERT_EQ(e.verdicts.size(), 1u);
  EXPECT_EQ(e.verdicts[0].since, lab::at("2026-03-01T10:00:00Z"));
  const Case before = b.c;
  b.set("champion", "tbd");
  EXPECT_FALSE(
      mended(*b.loaded.rules, *b.plan, 0, "timing.missing:champion", before, b.c, b.facts, b.world, lab::at(now)));
  b.set("champion", "Ana Ruiz");
  EXPECT_TRUE(
      mended(*b.loaded.rules, *b.plan, 0, "timing.missing:champion", before, b.c, b.facts, b.world, lab::at(now)));
  b.set("champion", "").set("stage", "Qualification");
  EXPECT_FALSE(
      mended(*b.loaded.rules, *b.plan, 0, "timing.missing:champion", before, b.c, b.facts, b.world, lab::at(now)));
}

TEST(Card, TextsAreMadeFromTheLabelOrWritten) {
  Bench b(
      card("knowable_from: {stage: qualified}, needed_by: {stage: proposal}, ask: {en: 'Who helps {name}?', de: 'Wer "
           "hilft {name}?'}, gives_back: Nobody asks again"));
  const auto e = b.evaluate(now);
  auto l = line(*b.loaded.rules, *b.plan, e.verdicts.at(0), b.c, b.facts, b.world, lab::at(now), "de");
  EXPECT_EQ(l.say, "Acme: „champion“ lässt sich jetzt beantworten.");
  EXPECT_EQ(l.ask, "Wer hilft Acme?");
  l = line(*b.loaded.rules, *b.plan, e.verdicts.at(0), b.c, b.facts, b.world, lab::at(now), "fr");
  EXPECT_EQ(l.ask, "Who helps Acme?");
  EXPECT_EQ(l.gives_back, "Nobody asks again");
}

TEST(Card, AnInstantInATextIsShownAsItsDay) {
  Bench b(
      card("knowable_from: {stage: qualified}, needed_by: {stage: proposal}, ask: 'Who helps until {close_date}?'"));
  b.set("close_date", "2026-06-25T12:00:00Z");
  const auto e = b.evaluate(now);
  const auto l = line(*b.loaded.rules, *b.plan, e.verdicts.at(0), b.c, b.facts, b.world, lab::at(now), "en");
  EXPECT_EQ(l.ask, "Who helps until 2026-06-25?");
}

TEST(Acceptance, NamesWhatFailsAndWhatCannotBeTold) {
  Bench b(lab::head + R"(done_means:
  - {id: next-step, say: the next step is stale, for: {stage: {at_least: qualified}}, check: {field: next_step, real: true, changed_within: 14d}}
  - {id: amount, check: {field: amount, above: 0}}
)");
  EXPECT_THAT(b.set("next_step", "").set("amount", "5").judge(now), ElementsAre("acceptance.not-ready"));
  const auto e = b.evaluate(now);
  EXPECT_EQ(line(*b.loaded.rules, *b.plan, e.verdicts[0], b.c, b.facts, b.world, lab::at(now), "en").say,
            "Acme is not review-ready because the next step is stale.");
  EXPECT_THAT(evidence(*b.loaded.rules, *b.plan, e.verdicts[0], b.c, b.facts, b.world, lab::at(now)),
              testing::Contains(b.slot("next_step")));
  EXPECT_THAT(b.set("next_step", "Call them").judge(now), ElementsAre("?acceptance.not-ready"));
  EXPECT_THAT(b.set("stage", "Prospecting").judge(now), IsEmpty());
  EXPECT_THAT(b.set("amount", "").judge(now), ElementsAre("acceptance.not-ready"));
  EXPECT_THAT(b.set("stage", "Closed Lost").judge(now), IsEmpty()) << "open records only";
}

}  // namespace
}  // namespace coachd::rules
