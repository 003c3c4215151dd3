#include "tests/unit/rules/lint/said.hpp"

namespace coachd::lint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string card =
    "stages: [New, Fit, Offer, {name: Won, won: true}, {name: Lost, lost: true}]\n"
    "fields:\n  champion: {decision: d, knowable_from: {stage: Fit}, needed_by: {stage: Offer}, gives_back: g}\n"
    "  loss_reason: {decision: d, knowable_from: {stage: lost}, needed_by: {stage: lost}, gives_back: g}\n";

std::vector<std::string> of_rule(const std::string& scope, const std::string& when,
                                 const std::string& control = "prompt") {
  return said("asks-before-knowable", card + "rules:\n  - id: r\n    kind: stale\n    for: " + scope +
                                          "\n    when: " + when + "\n    control: [" + control +
                                          "]\n    prompt: {ask: a, gives_back: g}\n");
}

TEST(AsksBeforeKnowable, ARuleThatAsksInEveryStage) {
  EXPECT_THAT(of_rule("{open: true}", "{field: champion, real: false}"),
              ElementsAre(testing::AllOf(testing::StartsWith("9: "), HasSubstr("`r` asks for `champion`"),
                                         HasSubstr("from Fit on"))));
  EXPECT_THAT(of_rule("{open: true}", "{any: [{field: amount, above: 5}, {field: champion, placeholder: true}]}"),
              ElementsAre(HasSubstr("champion")));
}

TEST(AsksBeforeKnowable, IsQuietWhereTheStageHasCome) {
  EXPECT_THAT(of_rule("{stage: {at_least: Fit}}", "{field: champion, real: false}"), IsEmpty());
  EXPECT_THAT(of_rule("{open: true}", "{stage: {in: [Fit, Offer]}, field: champion, filled: false}"), IsEmpty());
  EXPECT_THAT(of_rule("{open: true}", "{any: [{all: [{stage: {after: New}}, {field: champion, filled: false}]}]}"),
              IsEmpty());
  EXPECT_THAT(of_rule("{won: true}", "{field: champion, real: false}"), IsEmpty());
}

TEST(AsksBeforeKnowable, AnEarlierStageIsNoneAndAnUnknownOneCannotBeTold) {
  EXPECT_THAT(of_rule("{stage: {at_least: New}}", "{field: champion, real: false}"), testing::SizeIs(1));
  EXPECT_THAT(of_rule("{stage: {in: [New, Offer]}}", "{field: champion, real: false}"), testing::SizeIs(1));
  EXPECT_THAT(of_rule("{stage: {at_least: Elsewhere}}", "{field: champion, real: false}"), IsEmpty());
}

TEST(AsksBeforeKnowable, WhatIsLostIsKnownWhenItIsLost) {
  EXPECT_THAT(of_rule("{open: true}", "{field: loss_reason, real: false}"), testing::SizeIs(1));
  EXPECT_THAT(of_rule("{won: true}", "{field: loss_reason, real: false}"), testing::SizeIs(1));
  EXPECT_THAT(of_rule("{lost: true}", "{field: loss_reason, real: false}"), IsEmpty());
}

TEST(AsksBeforeKnowable, WhoDoesNotAskMayLook) {
  EXPECT_THAT(of_rule("{open: true}", "{field: champion, real: false}", "flag"), IsEmpty());
  EXPECT_THAT(of_rule("{open: true}", "{field: champion, real: true}"), IsEmpty());
  EXPECT_THAT(of_rule("{open: true}", "{not: {field: champion, filled: false}}"), IsEmpty());
}

TEST(AsksBeforeKnowable, TheWorkflowsForCounts) {
  EXPECT_THAT(said("asks-before-knowable", "for: {stage: {at_least: Offer}}\n" + card +
                                               "rules:\n  - {id: r, kind: stale, when: {field: champion, real: false}, "
                                               "control: [prompt], prompt: {ask: a, gives_back: g}}\n"),
              IsEmpty());
}

TEST(AsksBeforeKnowable, ACardThatNeedsItTooEarly) {
  EXPECT_THAT(
      said("asks-before-knowable",
           "fields:\n  champion: {decision: d, knowable_from: {stage: proposal}, needed_by: {stage: qualified}}\n"
           "  competitor: {decision: d, needed_by: {creation: true}}\n"
           "  source: {decision: d, knowable_from: {creation: true}, needed_by: {creation: true}}\n"),
      ElementsAre(HasSubstr("`champion` has its `needed_by` at qualified"), HasSubstr("`competitor` is asked")));
}

}  // namespace
}  // namespace coachd::lint
