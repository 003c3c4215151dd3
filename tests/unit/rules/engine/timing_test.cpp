// What `coachd timing` counts: too early, with the stage, corrected, and the stage by which values had settled.
#include "rules/engine/timing.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using testing::IsEmpty;
using testing::SizeIs;

const std::string now = "2026-05-04T09:00:00Z";
const std::string card =
    lab::head +
    "fields:\n  champion: {decision: d, knowable_from: {stage: proposal}, needed_by: {stage: negotiation}}\n";

// Each story is one record from its creation on 1 January in Prospecting.
class Study {
 public:
  explicit Study(std::string yaml = card, Binding binding = Bench::standard())
      : yaml_(std::move(yaml)), binding_(std::move(binding)) {}
  Study& record(const std::function<void(Bench&)>& story, int times = 1) {
    stories_.push_back({story, times});
    return *this;
  }
  std::vector<FieldTiming> all() {
    Bench rules(yaml_, binding_);
    TimingStudy study(*rules.loaded.rules, *rules.plan, "");
    for (const auto& [story, times] : stories_) {
      // The texts of a story live in its own bench, numbers of fields are the same in all.
      Bench b(yaml_, binding_);
      b.known_since("2025-12-01T00:00:00Z").set("stage", "Prospecting");
      story(b);
      for (int i = 0; i < times; ++i) study.add(b.c, b.world, lab::at(now));
    }
    return study.finish(rules.world, lab::at(now));
  }
  TimingEvidence one() { return all().front().evidence; }

 private:
  std::string yaml_;
  Binding binding_;
  std::vector<std::pair<std::function<void(Bench&)>, int>> stories_;
};

void placeholder_then_real(Bench& b) {
  b.change("champion", "2026-01-03T10:00:00Z", "tbd");
  b.change("stage", "2026-02-01T10:00:00Z", "Proposal");
  b.change("champion", "2026-02-10T10:00:00Z", "Ana Ruiz");
  b.change("stage", "2026-03-01T10:00:00Z", "Closed Won");
}

TEST(Timing, APlaceholderBeforeTheWindowThatWasMendedInIt) {
  const auto e = Study().record(placeholder_then_real, 30).one();
  EXPECT_EQ(e.records, 30);
  EXPECT_EQ(e.set, 30);
  EXPECT_EQ(e.early, 30);
  EXPECT_EQ(e.early_placeholder, 30);
  EXPECT_EQ(e.corrected, 30);
  EXPECT_EQ(e.lasted, 30);
  EXPECT_TRUE(e.too_early());
  ASSERT_THAT(e.proposals, SizeIs(1));
  EXPECT_EQ(e.proposals[0].stage, "Proposal");
  EXPECT_EQ(e.proposals[0].by_then, 30);
  EXPECT_EQ(e.stages[0].first, 30);
  EXPECT_EQ(e.stages[2].lasted, 30);
}

TEST(Timing, FewerThanThirtyProveNothing) {
  const auto e = Study().record(placeholder_then_real, 29).one();
  EXPECT_FALSE(e.too_early());
  EXPECT_THAT(e.proposals, IsEmpty());
}

TEST(Timing, OneInFiveIsTheLimit) {
  const auto real = [](Bench& b) {
    b.change("stage", "2026-02-01T10:00:00Z", "Proposal");
    b.change("champion", "2026-02-10T10:00:00Z", "Ana Ruiz");
  };
  EXPECT_TRUE(Study().record(placeholder_then_real, 8).record(real, 32).one().too_early());
  EXPECT_FALSE(Study().record(placeholder_then_real, 8).record(real, 33).one().too_early());
}

TEST(Timing, ASaveThatAlsoOpenedTheWindowIsNotEarly) {
  const auto e = Study()
                     .record([](Bench& b) {
                       b.change("champion", "2026-02-01T10:00:00Z", "Ana Ruiz");
                       b.change("stage", "2026-02-01T10:00:02Z", "Proposal");
                     })
                     .one();
  EXPECT_EQ(e.early, 0);
  EXPECT_EQ(e.with_stage_change, 1);
  EXPECT_EQ(e.stages[0].first, 1) << "when it was written, the stage was the old one still";
}

TEST(Timing, ButAnotherPersonOrALaterSaveIs) {
  const auto e = Study()
                     .record([](Bench& b) {
                       b.change("champion", "2026-02-01T10:00:00Z", "Ana Ruiz");
                       b.change("stage", "2026-02-01T10:00:02Z", "Proposal", "ben");
                     })
                     .record([](Bench& b) {
                       b.change("champion", "2026-02-01T10:00:00Z", "Ana Ruiz");
                       b.change("stage", "2026-02-01T10:00:05Z", "Proposal");
                     })
                     .one();
  EXPECT_EQ(e.early, 2);
  EXPECT_EQ(e.with_stage_change, 0);
}

TEST(Timing, AValueOfUnknownAgeIsCountedAndNotGuessed) {
  const auto e = Study()
                     .record([](Bench& b) { b.known_since("2026-04-01T00:00:00Z").set("champion", "Ana Ruiz"); })
                     .record([](Bench& b) { b.set("champion", ""); })
                     .one();
  EXPECT_EQ(e.records, 2);
  EXPECT_EQ(e.set, 0);
  EXPECT_EQ(e.untold, 1);
}

TEST(Timing, PresentAtCreation) {
  const auto e = Study().record([](Bench& b) { b.set("champion", "Ana Ruiz"); }).one();
  EXPECT_EQ(e.at_creation, 1);
  EXPECT_EQ(e.early, 1);
  EXPECT_EQ(e.early_placeholder, 0);
}

TEST(Timing, ACorrectionWithinTheHourIsNone) {
  const auto e = Study()
                     .record([](Bench& b) {
                       b.change("champion", "2026-02-01T10:00:00Z", "Ana Ruis");
                       b.change("champion", "2026-02-01T10:30:00Z", "Ana Ruiz");
                     })
                     .record([](Bench& b) {
                       b.change("champion", "2026-02-01T10:00:00Z", "Ana Ruiz");
                       b.change("champion", "2026-02-03T10:30:00Z", "Ben Stone");
                     })
                     .one();
  EXPECT_EQ(e.corrected, 1);
}

TEST(Timing, WhereTheStageOfThatTimeIsUnknownItIsNotEarly) {
  const auto e = Study()
                     .record([](Bench& b) {
                       b.change("champion", "2026-02-01T10:00:00Z", "Ana Ruiz");
                       b.c.past[b.slot("stage")].known_since = lab::at("2026-03-01T00:00:00Z");
                     })
                     .one();
  EXPECT_EQ(e.early, 0);
  EXPECT_EQ(e.window_untold, 1);
}

TEST(Timing, ValuesOfLostDealsCountWhereTheySettled) {
  const auto late = [](Bench& b) {
    b.change("stage", "2026-02-01T10:00:00Z", "Negotiation");
    b.change("champion", "2026-02-10T10:00:00Z", "Ana Ruiz");
    b.change("stage", "2026-03-01T10:00:00Z", "Closed Lost");
  };
  const auto e = Study().record(placeholder_then_real, 20).record(late, 20).one();
  ASSERT_THAT(e.proposals, SizeIs(1));
  EXPECT_EQ(e.proposals[0].stage, "Negotiation");
}

TEST(Timing, RequiredBeforeItCanBeKnown) {
  auto binding = Bench::standard();
  model::ObjectDescription o;
  o.name = "opportunity";
  for (const char* name : {"champion", "source", "stage", "owner", "name"}) {
    model::FieldDescription f;
    f.name = f.label = name;
    f.type = model::FieldType::text;
    f.required = true;
    o.fields.push_back(f);
  }
  binding.description.emplace().objects["opportunity"] = o;
  const auto all = Study(card + "  source: {decision: d, knowable_from: {creation: true}}\n", binding).all();
  ASSERT_THAT(all, SizeIs(2));
  EXPECT_TRUE(all[0].required_too_early);
  EXPECT_FALSE(all[1].required_too_early) << "known when the record is made";
  ASSERT_THAT(all[0].required, SizeIs(1));
  EXPECT_EQ(all[0].required[0].words, "the CRM refuses every save without it");
  EXPECT_EQ(all[0].required[0].early_in, "Prospecting");
  EXPECT_EQ(all[0].required[0].knowable_from, "Proposal");
}

// How the CRM requires the champion, and what timing says of it.
class RequiredWhere : public testing::Test {
 protected:
  static model::Requirement rule(std::vector<std::string> in, std::string where = "", bool of_record = false) {
    model::Requirement r;
    r.name = "Champion_required";
    r.stages = std::move(in);
    r.where = std::move(where);
    r.of_record = of_record;
    return r;
  }
  FieldTiming asked(std::vector<model::Requirement> where, const std::string& yaml = card) {
    auto binding = Bench::standard();
    binding.stages["opportunity"] = stages;
    model::ObjectDescription o;
    o.name = "opportunity";
    for (const char* name : {"champion", "source", "stage", "owner", "name", "pipeline"}) {
      model::FieldDescription f;
      f.name = f.label = name;
      f.type = model::FieldType::text;
      o.fields.push_back(f);
    }
    o.fields[0].required_where = std::move(where);
    o.insists = insists;
    binding.description.emplace().objects["opportunity"] = o;
    return Study(yaml, binding).all().at(0);
  }
  std::vector<model::Pipeline> stages = lab::stages();
  model::Insistence insists;
};

TEST_F(RequiredWhere, FromAStageBeforeItCanBeKnown) {
  const auto t = asked({rule({"Qualification", "Proposal", "Negotiation", "Closed Won"})});
  EXPECT_TRUE(t.required_too_early);
  ASSERT_THAT(t.required, SizeIs(1));
  EXPECT_EQ(t.required[0].words, "validation rule Champion_required requires it from Qualification on");
  EXPECT_EQ(t.required[0].early_in, "Qualification");
  EXPECT_EQ(t.required[0].knowable_from, "Proposal");
}

TEST_F(RequiredWhere, InTimeIsNoFault) {
  for (const auto& in_time : {rule({"Proposal", "Negotiation", "Closed Won"}), rule({"Negotiation"}),
                              rule({"Closed Won"}), rule({"Closed Lost"})}) {
    const auto t = asked({in_time});
    EXPECT_FALSE(t.required_too_early);
    ASSERT_THAT(t.required, SizeIs(1));
    EXPECT_EQ(t.required[0].too_early, Truth::no) << t.required[0].words;
  }
}

TEST_F(RequiredWhere, WhoSavesDoesNotExcuseItButOtherDataMay) {
  EXPECT_TRUE(asked({rule({}, "the record is new")}).required_too_early);
  const auto t = asked({rule({}, "Amount is above 5", true)});
  EXPECT_FALSE(t.required_too_early);
  EXPECT_EQ(t.required[0].too_early, Truth::unknown);
  EXPECT_EQ(t.required[0].words, "validation rule Champion_required requires it, where Amount is above 5");
}

TEST_F(RequiredWhere, PipelineByPipeline) {
  stages[0].name = "new";
  stages.push_back(stages[0]);
  stages[1].name = "old";
  stages[1].label = "Renewal";
  auto early = rule({"Qualification"});
  early.pipeline = "old";
  auto late = rule({"Proposal"});
  late.pipeline = "new";
  EXPECT_FALSE(asked({late}).required_too_early);
  const auto t = asked({early, late});
  EXPECT_TRUE(t.required_too_early);
  EXPECT_EQ(t.required[0].words, "validation rule Champion_required requires it in Qualification of Renewal");
  EXPECT_EQ(t.required[1].too_early, Truth::no);
}

TEST_F(RequiredWhere, APipelineWithoutTheMilestoneCannotBeTold) {
  stages[0].name = "new";
  stages.push_back(stages[0]);
  stages[1].name = "old";
  stages[1].stages.erase(stages[1].stages.begin() + 2);
  auto early = rule({"Qualification"});
  early.pipeline = "old";
  const std::string by_milestone = lab::head + "fields:\n  champion: {decision: d, knowable_from: {stage: proposal}}\n";
  const auto t = asked({early}, by_milestone);
  EXPECT_FALSE(t.required_too_early);
  EXPECT_EQ(t.required[0].too_early, Truth::unknown);
}

TEST_F(RequiredWhere, AWindowThatIsNoStage) {
  const std::string by_activity =
      lab::head + "fields:\n  champion: {decision: d, knowable_from: {when: {activity: {any_within: 30d}}}}\n";
  EXPECT_TRUE(asked({rule({})}, by_activity).required_too_early) << "nothing has happened on a new record";
  const auto t = asked({rule({"Proposal"})}, by_activity);
  EXPECT_FALSE(t.required_too_early);
  EXPECT_EQ(t.required[0].too_early, Truth::unknown);
}

TEST_F(RequiredWhere, WhatWasNotReadIsNamed) {
  model::Requirement unread;
  unread.name = "Champion_by_list";
  unread.unread = "it uses VLOOKUP";
  insists.layouts_untold = "page layouts cannot be read";
  insists.rules = {{"Hidden", true, "", "its formula is not shown"}, {"Off", false, "", ""}, {"Read", true, "ff", ""}};
  const auto t = asked({unread});
  EXPECT_FALSE(t.required_too_early);
  EXPECT_THAT(t.required, IsEmpty());
  EXPECT_EQ(t.required_unread,
            std::vector<std::string>{"validation rule Champion_by_list was not read: it uses VLOOKUP"});
  EXPECT_EQ(t.required_untold,
            (std::vector<std::string>{"page layouts cannot be read",
                                      "validation rule Hidden was not read: its formula is not shown"}));
}

TEST_F(RequiredWhere, ALayoutAsksFromTheBeginning) {
  model::Requirement layout;
  layout.by = model::Requirement::By::layout;
  const auto t = asked({layout});
  EXPECT_TRUE(t.required_too_early);
  EXPECT_EQ(t.required[0].words, "the page layout requires it");
}

}  // namespace
}  // namespace coachd::rules
