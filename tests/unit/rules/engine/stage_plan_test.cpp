// What is left to ask in each stage, and that leaving out the rest changes no answer.
#include "rules/engine/stage_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/engine/compiled.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
const std::string now = "2026-05-15T09:00:00Z";
const std::vector<std::string> stage_names = {"Prospecting", "Qualification", "Proposal",
                                              "Negotiation", "Closed Won",    "Closed Lost"};

const std::vector<StagePlan::Step>* steps_in(Bench& b, const std::string& stage) {
  b.set("stage", stage);
  const CompiledObject& object = *b.plan->compiled;
  const View view(object.frame, b.c, b.facts, b.world, lab::at(now));
  return object.by_stage->steps(view.stage());
}

// Which of the rule's parts count in a stage: f before Proposal, g before Negotiation, h anywhere but in Closed Lost.
const std::string early_or_not_lost =
    "{any: [{field: f, is: x, stage: {before: Proposal}}, {field: g, is: x, stage: {before: Negotiation}}, "
    "{field: h, is: x, not: {stage: {is: Closed Lost}}}]}";

TEST(StagePlan, OfAlternativesOnlyWhatTheStageLeavesOpenIsAsked) {
  Bench b(lab::rule(early_or_not_lost));
  for (const char* several : {"Prospecting", "Proposal"}) {
    const auto* steps = steps_in(b, several);
    ASSERT_NE(steps, nullptr);
    ASSERT_EQ(steps->size(), 1U) << several;
    ASSERT_EQ((*steps)[0].all.size(), 1U);
    EXPECT_EQ((*steps)[0].all[0]->shape(), coachd::rules::Test::Shape::any) << several;
  }
  for (const char* one : {"Negotiation", "Closed Won"}) {
    const auto* steps = steps_in(b, one);
    ASSERT_NE(steps, nullptr);
    ASSERT_EQ(steps->size(), 1U) << one;
    ASSERT_EQ((*steps)[0].all.size(), 1U);
    EXPECT_EQ((*steps)[0].all[0]->shape(), coachd::rules::Test::Shape::leaf) << one;
  }
  const auto* none = steps_in(b, "Closed Lost");
  ASSERT_NE(none, nullptr);
  EXPECT_TRUE(none->empty());
  EXPECT_EQ(steps_in(b, "No such stage"), nullptr);
}

TEST(StagePlan, AnswersAreThoseOfTheWholeRule) {
  const std::vector<std::string> values = {"x", "other", "", "unread"};
  for (std::size_t s = 0; s < stage_names.size(); ++s)
    for (std::size_t i = 0; i < 64; ++i) {
      Bench b(lab::rule(early_or_not_lost));
      b.set("stage", stage_names[s]);
      Truth expected = Truth::no;
      const auto give = [&](const std::string& field, const std::string& value, bool counts) {
        if (value == "unread")
          b.unread(field);
        else
          b.set(field, value);
        if (counts) expected = std::max(expected, value == "unread" ? Truth::unknown : truth(value == "x"));
      };
      give("f", values[i % 4], s < 2);
      give("g", values[i / 4 % 4], s < 3);
      give("h", values[i / 16], s < 5);
      EXPECT_EQ(b.one(now), expected == Truth::yes  ? "yes"
                            : expected == Truth::no ? "no"
                                                    : "?")
          << stage_names[s] << ' ' << i;
    }
}

TEST(StagePlan, AnAlternativeThatAlwaysHoldsInAStageIsNotAsked) {
  Bench b(lab::rule("{any: [{stage: {is: Proposal}}, {field: f, is: x}]}"));
  const auto* here = steps_in(b, "Proposal");
  ASSERT_NE(here, nullptr);
  ASSERT_EQ(here->size(), 1U);
  EXPECT_TRUE((*here)[0].all.empty());
  EXPECT_EQ(b.one(now), "yes");
  b.set("stage", "Negotiation");
  EXPECT_EQ(b.one(now), "no");
  b.set("f", "x");
  EXPECT_EQ(b.one(now), "yes");
}

TEST(StagePlan, RulesOfOtherStagesAreLeftOut) {
  Bench b(lab::head +
          "rules:\n  - {id: early, kind: stale, control: [flag], for: {stage: {before: Proposal}}, "
          "when: {field: f, filled: true}}\n"
          "  - {id: late, kind: stale, control: [flag], for: {stage: {at_least: Proposal}, open: true}, "
          "when: {field: f, filled: true}}\n");
  b.set("f", "y");
  const std::vector<std::string> said = {"early", "early", "late", "late", "", ""};
  for (std::size_t s = 0; s < stage_names.size(); ++s) {
    const auto* steps = steps_in(b, stage_names[s]);
    ASSERT_NE(steps, nullptr);
    EXPECT_EQ(steps->size(), said[s].empty() ? 0U : 1U) << stage_names[s];
    EXPECT_EQ(b.judge(now), said[s].empty() ? std::vector<std::string>{} : std::vector<std::string>{said[s]});
  }
}

}  // namespace
}  // namespace coachd::rules
