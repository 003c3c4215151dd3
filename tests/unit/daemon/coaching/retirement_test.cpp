#include "daemon/coaching/retirement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace coachd::coaching {
namespace {

using testing::HasSubstr;
using State = RetireState;

constexpr const char* owner = "deal-desk@example.com";

// A field with its own hand on the clock: each step says what it was and is kept where it is not refused.
class RetirementTest : public testing::Test {
 protected:
  RetirementTest() {
    field.object = "opportunity";
    field.field = "legacy_score";
  }
  RetireDecision go(const RetireEvent& event) {
    auto d = decide(field, event, grace, house, now);
    if (d.refused.empty())
      field = d.field;
    else
      EXPECT_EQ(d.field, field) << "a refusal changes nothing";
    return d;
  }
  std::string refused(const RetireEvent& event) {
    auto d = go(event);
    EXPECT_FALSE(d.refused.empty());
    EXPECT_FALSE(d.ask || d.withdraw_question || d.call) << "a refusal does nothing";
    return d.refused;
  }
  RetireDecision taken(const RetireEvent& event) {
    auto d = go(event);
    EXPECT_EQ(d.refused, "");
    return d;
  }
  void days(int n) { now += std::chrono::days(n); }

  static Propose propose() { return {{"revops@example.com", "nobody fills it"}, true, "", owner, "ana"}; }
  static Exported exported(const char* digest = "d1") { return {me(), {"out.csv", 12, digest, {}}}; }
  static RetireWho me() { return {"revops@example.com", ""}; }
  static Hide hide(const char* digest = "d1") { return {me(), digest, false}; }
  static Archive archive(const char* digest = "d1") { return {me(), digest, false}; }
  static OwnerAnswered yes() { return {OwnerAnswered::How::agreed, owner, ""}; }
  static Called done() { return {true, false, ""}; }

  void announced() {
    taken(propose());
    taken(yes());
    taken(Announce{me()});
    taken(exported());
  }
  void hidden() {
    announced();
    days(30);
    taken(hide());
    taken(done());
    ASSERT_EQ(field.now.state, State::hidden);
  }
  void archived() {
    hidden();
    days(30);
    taken(archive());
    taken(done());
    ASSERT_EQ(field.now.state, State::archived);
  }

  Retirement field;
  GracePeriods grace;
  calendar::Calendar house;
  model::Instant now = *model::parse_instant("2026-05-04T09:00:00Z");
};

TEST_F(RetirementTest, GoesItsWholeWayWithTheOwnersYesAndTheExport) {
  EXPECT_TRUE(taken(propose()).ask);
  EXPECT_EQ(field.now.state, State::proposed);
  taken(yes());
  EXPECT_TRUE(field.consent->in_crm);
  taken(Announce{me()});
  EXPECT_EQ(field.now.not_before, model::parse_instant("2026-06-03T09:00:00Z"));
  taken(exported());
  days(30);
  EXPECT_EQ(taken(hide()).call, FieldCall::hide);
  EXPECT_EQ(field.now.state, State::announced) << "it is hidden when the CRM says so";
  taken(done());
  EXPECT_EQ(field.now.state, State::hidden);
  EXPECT_EQ(field.now.not_before, model::parse_instant("2026-07-03T09:00:00Z"));
  days(30);
  EXPECT_EQ(taken(archive()).call, FieldCall::archive);
  taken(done());
  EXPECT_EQ(field.now.state, State::archived);
  std::vector<std::string> steps;
  for (const auto& s : field.steps) steps.push_back(s.what);
  EXPECT_EQ(steps,
            (std::vector<std::string>{"propose", "agree, in the CRM", "announce", "export of 12 values",
                                      "hide, asked of the CRM", "hide", "archive, asked of the CRM", "archive"}));
  EXPECT_EQ(field.steps.front().by, "revops@example.com");
  EXPECT_EQ(field.steps.front().because, "nobody fills it");
  EXPECT_EQ(field.steps.front().at, *model::parse_instant("2026-05-04T09:00:00Z"));
  EXPECT_EQ(field.steps.back().by, "revops@example.com");
}

TEST_F(RetirementTest, OnlyACandidateIsProposed) {
  auto e = propose();
  e.candidate = false;
  e.why_not = "it is in use: real on 40 of 100 records";
  EXPECT_THAT(refused(e), HasSubstr("in use: real on 40 of 100 records"));
  taken(propose());
  EXPECT_THAT(refused(propose()), HasSubstr("is proposed already, since 2026-05-04"));
}

TEST_F(RetirementTest, AnOwnerWithoutASeatIsNotAskedInTheCrm) {
  auto e = propose();
  e.person.clear();
  EXPECT_FALSE(taken(e).ask);
  EXPECT_EQ(field.now.state, State::proposed);
}

TEST_F(RetirementTest, NothingIsAnnouncedWithoutTheOwner) {
  EXPECT_THAT(refused(Announce{me()}),
              HasSubstr("only a proposed field is announced; begin with `coachd retire propose"));
  taken(propose());
  EXPECT_THAT(refused(Announce{me()}), HasSubstr("deal-desk@example.com, has not agreed"));
}

TEST_F(RetirementTest, AWordOfTheOwnerIsRecordedAsSuch) {
  EXPECT_THAT(refused(Agree{{"revops@example.com", "by phone"}, owner}), HasSubstr("nobody proposed"));
  taken(propose());
  EXPECT_THAT(refused(Agree{{"revops@example.com", "by phone"}, ""}), HasSubstr("--by EMAIL"));
  EXPECT_THAT(refused(Agree{{"revops@example.com", "by phone"}, "boss@example.com"}),
              HasSubstr("is deal-desk@example.com, not boss@example.com"));
  EXPECT_THAT(refused(Agree{{"revops@example.com", ""}, owner}), HasSubstr("--because"));
  const auto d = taken(Agree{{"revops@example.com", "by phone"}, "Deal-Desk@Example.com"});
  EXPECT_TRUE(d.withdraw_question);
  EXPECT_FALSE(field.consent->in_crm);
  EXPECT_EQ(field.consent->recorded, "revops@example.com");
  EXPECT_EQ(field.consent->because, "by phone");
  EXPECT_THAT(refused(Agree{{"revops@example.com", "again"}, owner}), HasSubstr("agreed already, on 2026-05-04"));
}

TEST_F(RetirementTest, ADismissedQuestionIsNoYesAndIsNotAskedAgain) {
  taken(propose());
  taken(OwnerAnswered{OwnerAnswered::How::declined, "", ""});
  EXPECT_FALSE(field.consent);
  EXPECT_THAT(refused(Announce{me()}), HasSubstr("dismissed the question on 2026-05-04"));
  taken(Undo{me()});
  EXPECT_FALSE(taken(propose()).ask);
  taken(Agree{{"revops@example.com", "changed their mind in the forecast call"}, owner});
  taken(Announce{me()});
}

TEST_F(RetirementTest, AnAnswerThatDoesNotCountLeavesItOpen) {
  taken(propose());
  taken(OwnerAnswered{OwnerAnswered::How::not_counted, "ben", "it was completed in a heap with others"});
  EXPECT_FALSE(field.consent);
  EXPECT_EQ(field.steps.back().because, "it was completed in a heap with others");
  EXPECT_THAT(refused(Announce{me()}), HasSubstr("has not agreed"));
}

TEST_F(RetirementTest, AnAnswerAfterTheProposalWasUndoneIsNoConsent) {
  taken(propose());
  taken(Undo{me()});
  taken(yes());
  EXPECT_FALSE(field.consent);
}

TEST_F(RetirementTest, NothingIsHiddenWithoutAllValuesExported) {
  taken(propose());
  taken(yes());
  taken(Announce{me()});
  days(40);
  EXPECT_THAT(refused(hide()), HasSubstr("were not exported: `coachd retire export legacy_score` --to FILE first"));
  taken(exported("d0"));
  EXPECT_THAT(refused(hide("d1")), HasSubstr("set, changed or cleared since the export of 2026-06-13"));
  taken(exported("d1"));
  EXPECT_EQ(taken(hide("d1")).call, FieldCall::hide);
}

TEST_F(RetirementTest, GraceIsKept) {
  announced();
  days(29);
  EXPECT_THAT(refused(hide()), HasSubstr("announced on 2026-05-04 and may be hidden from 2026-06-03 on"));
  days(1);
  taken(hide());
  taken(done());
  days(29);
  EXPECT_THAT(refused(archive()), HasSubstr("hidden on 2026-06-03 and may be archived from 2026-07-03 on"));
}

TEST_F(RetirementTest, ACardSetsTheGrace) {
  grace.announced = grace.hidden = *model::parse_span("10m");
  announced();
  EXPECT_THAT(refused(hide()), HasSubstr("from 2026-05-04T09:10:00Z on"));
  now += std::chrono::minutes(10);
  taken(hide());
}

TEST_F(RetirementTest, StepsAreNotSkipped) {
  EXPECT_THAT(refused(hide()), HasSubstr("not proposed: only an announced field is hidden; begin with"));
  EXPECT_THAT(refused(exported()), HasSubstr("nobody proposed"));
  taken(propose());
  EXPECT_THAT(refused(hide()), HasSubstr("next is `coachd retire announce legacy_score`"));
  taken(yes());
  taken(Announce{me()});
  EXPECT_THAT(refused(archive()), HasSubstr("next is `coachd retire hide legacy_score`"));
}

TEST_F(RetirementTest, ARefusalOfTheCrmChangesNothing) {
  announced();
  days(30);
  taken(hide());
  taken(Called{false, false, "HubSpot refused the request (HTTP 400)"});
  EXPECT_EQ(field.now.state, State::announced);
  EXPECT_FALSE(field.calling);
  EXPECT_EQ(field.steps.back().because, "HubSpot refused the request (HTTP 400)");
  taken(hide());
}

TEST_F(RetirementTest, ALostAnswerIsSettledByTheSameStepOrItsUndoing) {
  announced();
  days(30);
  taken(hide());
  taken(Called{false, true, "cut"});
  EXPECT_EQ(field.now.state, State::announced);
  EXPECT_EQ(field.calling, FieldCall::hide);
  EXPECT_THAT(refused(Keep{{"me", "why"}, *model::parse_day("2027-01-01")}), HasSubstr("has no answer yet"));
  EXPECT_THAT(refused(propose()), HasSubstr("has no answer yet"));
  EXPECT_EQ(taken(hide()).call, FieldCall::hide);
  taken(done());
  EXPECT_EQ(field.now.state, State::hidden);

  days(30);
  taken(archive());
  taken(Called{false, true, "cut"});
  EXPECT_EQ(taken(Undo{me()}).call, FieldCall::look);
  taken(done());
  EXPECT_EQ(field.now.state, State::hidden) << "the archiving never was";
  EXPECT_FALSE(field.calling);
}

TEST_F(RetirementTest, UndoGoesBackStepByStepAndWithTheCrm) {
  archived();
  EXPECT_EQ(taken(Undo{me()}).call, FieldCall::look);
  taken(Called{false, false, "restore it in the settings"});
  EXPECT_EQ(field.now.state, State::archived);
  taken(Undo{me()});
  taken(done());
  EXPECT_EQ(field.now.state, State::hidden);
  EXPECT_EQ(taken(Undo{me()}).call, FieldCall::show);
  taken(done());
  EXPECT_EQ(field.now.state, State::announced);
  EXPECT_EQ(field.now.not_before, model::parse_instant("2026-06-03T09:00:00Z")) << "its grace is over already";
  EXPECT_TRUE(field.consent && field.exported);
  taken(hide());
  taken(done());
  taken(Undo{me()});
  taken(done());
  taken(Undo{me()});
  EXPECT_EQ(field.now.state, State::proposed);
  EXPECT_TRUE(taken(Undo{me()}).withdraw_question);
  EXPECT_EQ(field.now.state, State::none);
  EXPECT_FALSE(field.consent || field.exported);
  EXPECT_THAT(refused(Undo{me()}), HasSubstr("nothing was done"));
}

TEST_F(RetirementTest, APackageNeedsTheSameAndNoCall) {
  taken(propose());
  taken(yes());
  taken(Announce{me()});
  days(30);
  EXPECT_THAT(refused(Hide{me(), "d1", true}), HasSubstr("were not exported"));
  taken(exported());
  EXPECT_FALSE(taken(Hide{me(), "d1", true}).call);
  EXPECT_EQ(field.now.state, State::hidden);
  EXPECT_TRUE(field.now.by_package);
  EXPECT_THAT(refused(Archive{me(), "d1", true}), HasSubstr("may be archived from"));
  days(30);
  EXPECT_FALSE(taken(Archive{me(), "d1", true}).call);
  EXPECT_FALSE(taken(Undo{me()}).call);
  EXPECT_EQ(field.now.state, State::hidden);
  EXPECT_FALSE(taken(Undo{me()}).call);
  EXPECT_EQ(field.now.state, State::announced);
}

TEST_F(RetirementTest, KeptHasAReasonAndADayAndEndsThere) {
  taken(propose());
  EXPECT_THAT(refused(Keep{{"me", ""}, *model::parse_day("2027-01-01")}), HasSubstr("--because"));
  EXPECT_THAT(refused(Keep{{"me", "audit"}, *model::parse_day("2026-05-04")}), HasSubstr("a day to come"));
  EXPECT_TRUE(taken(Keep{{"me", "audit"}, *model::parse_day("2026-07-01")}).withdraw_question);
  EXPECT_EQ(field.now.state, State::kept);
  EXPECT_THAT(refused(propose()), HasSubstr("is kept until 2026-07-01 (audit)"));
  EXPECT_THAT(refused(hide()), HasSubstr("is kept"));
  days(60);
  EXPECT_TRUE(taken(propose()).ask);
  taken(Undo{me()});
  EXPECT_EQ(field.now.state, State::kept);
  taken(Undo{me()});
  EXPECT_EQ(field.now.state, State::proposed);
}

TEST_F(RetirementTest, WhatIsHiddenIsBroughtBackBeforeItIsKept) {
  hidden();
  EXPECT_THAT(refused(Keep{{"me", "audit"}, *model::parse_day("2027-01-01")}), HasSubstr("`coachd retire undo"));
}

TEST_F(RetirementTest, NamesOfStatesAndCallsAreReadBack) {
  for (int i = 0; i < 6; ++i) {
    const auto s = static_cast<State>(i);
    EXPECT_EQ(parse_retire_state(to_string(s)), s);
  }
  for (int i = 0; i < 4; ++i) {
    const auto c = static_cast<FieldCall>(i);
    EXPECT_EQ(parse_field_call(to_string(c)), c);
  }
  EXPECT_EQ(parse_retire_state("gone"), std::nullopt);
}

}  // namespace
}  // namespace coachd::coaching
