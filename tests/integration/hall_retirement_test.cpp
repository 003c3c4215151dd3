// The question to a field's owner on its way through the hall: a prompt about no record, by the budget, windows, outbox
// and doubts of all others; what people do to it is the answer, and every step is durable. The CRM is a list in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/app/retire_door.hpp"
#include "daemon/coaching/retirement.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

using coaching::RetireState;
using model::PromptState;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* rules_text = R"(
version: 1
workflow: retirement
object: opportunity
owner: revops@example.com
fields:
  next_step:
    definition_owner: Ana@Example.com
    retire: {grace: 10d}
)";

struct FakeCrm final : Outside {
  std::deque<Batch> batches;
  std::deque<std::vector<connectors::PromptItem>> questions;
  void write(Batch batch) override { batches.push_back(std::move(batch)); }
  void find(std::string, std::vector<connectors::PromptItem> items) override { questions.push_back(std::move(items)); }
  void read(const std::string&) override { ADD_FAILURE() << "nobody hinted at anything"; }
};

class HallRetirement : public ::testing::Test {
 protected:
  HallRetirement() { setup.hall.live = true; }
  ~HallRetirement() override {
    hall.reset();
    if (store) store->stop();
  }
  void start() {
    hall.reset();
    if (store) store->stop();
    store.reset();
    crm.batches.clear();
    store = open_store(folder.path());
    hall.emplace(*store, crm);
    auto d = org();
    d.signed_in = model::PersonId("bot");
    auto built = app::build_context({{"retirement.yaml", rules_text}}, setup, d, *store, true, now);
    ASSERT_TRUE(built.context) << (built.diagnostics.empty() ? "" : built.diagnostics[0].message);
    hall->connect(built.context, now);
    own({});
    hall->handle(FirstLoadDone{"acme"}, now);
    settle();
  }
  void settle() {
    for (int i = 0; hall->step(now); ++i) ASSERT_LT(i, 1000) << "the hall does not come to rest";
  }
  void go(const char* instant) {
    now = *model::parse_instant(instant);
    settle();
  }
  void own(std::vector<connectors::FoundPrompt> found) {
    hall->handle(OwnPromptsRead{"acme", std::move(found), {}, {}, true}, now);
    settle();
  }
  RetireRequest request(const std::string& what) const {
    RetireRequest r;
    r.connection = "acme";
    r.object = "opportunity";
    r.field = "next_step";
    r.what = what;
    r.by = "revops@example.com";
    r.because = "nobody fills it";
    r.candidate = true;
    r.evidence = "\"NextStep\" has a real value on 0 of 100 records.";
    r.digest = "d1";
    r.file = "out.csv";
    r.owner = "ana@example.com";
    r.review_on = "2027-01-01";
    return r;
  }
  RetireOutcome step(const std::string& what) {
    auto outcome = hall->retire(request(what), now);
    settle();
    return outcome;
  }
  coaching::Retirement field() {
    const auto all = read_retirements(*store->open_reader()->snapshot(), "acme");
    const auto it = all.find("opportunity.next_step");
    return it == all.end() ? coaching::Retirement{} : it->second;
  }
  store::PromptRow question() {
    const auto all = store->open_reader()->snapshot()->prompts("acme", std::nullopt, 10);
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? store::PromptRow{} : all.back();
  }
  connectors::PromptItem answer(std::optional<model::CrmError> error = std::nullopt) {
    EXPECT_EQ(crm.batches.size(), 1u);
    if (crm.batches.empty()) return {};
    auto batch = std::move(crm.batches.front());
    crm.batches.pop_front();
    if (error)
      hall->handle(BatchSettled{batch, *error}, now);
    else
      hall->handle(BatchSettled{batch, std::vector<connectors::WriteOutcome>{{"00T1", std::nullopt}}}, now);
    settle();
    return batch.writes.at(0).item;
  }
  connectors::FoundPrompt in_crm(const connectors::PromptItem& item, const char* by) const {
    connectors::FoundPrompt f;
    f.short_key = connectors::short_key(item.key);
    f.crm_id = "00T1";
    f.person = item.person;
    f.modified = now;
    f.modified_by = model::PersonId(by);
    return f;
  }
  // The question stands in the CRM since Monday's window.
  connectors::PromptItem asked() {
    start();
    EXPECT_EQ(step("propose").refused, "");
    go("2026-05-04T07:01:00Z");
    return answer();
  }

  TemporaryFolder folder;
  app::ConnectionSetup setup = acme();
  std::unique_ptr<store::sqlite::SqliteStore> store;
  FakeCrm crm;
  std::optional<Hall> hall;
  model::Instant now = *model::parse_instant("2026-05-04T06:30:00Z");  // Monday, 08:30 in Berlin
};

TEST_F(HallRetirement, TheOwnerIsAskedInTheirWindowByATaskAboutNoRecord) {
  start();
  const auto outcome = step("propose");
  EXPECT_EQ(outcome.refused, "");
  EXPECT_THAT(outcome.note, HasSubstr("goes to Ana@Example.com in the CRM"));
  EXPECT_THAT(crm.batches, IsEmpty());
  EXPECT_EQ(question().state, PromptState::held);
  EXPECT_EQ(question().reason, "until the next delivery window");
  go("2026-05-04T07:01:00Z");
  const auto item = answer();
  EXPECT_EQ(item.object, "");
  EXPECT_EQ(item.record.get(), "");
  EXPECT_EQ(item.person.get(), "ana");
  EXPECT_EQ(item.subject, "May the field \"NextStep\" be retired?");
  EXPECT_EQ(
      item.body,
      "\"NextStep\" has a real value on 0 of 100 records.\nCompleting this task means: yes, it can go. Deleting "
      "this task means: no, it stays. While it is open, nothing happens.\nAfter a yes nothing happens at once: it "
      "is announced, at the earliest 10d later it is hidden, at the earliest 10d after that it is archived. All "
      "its values are exported before, and each step can be undone.");
  EXPECT_EQ(question().state, PromptState::live);
  EXPECT_EQ(store->open_reader()->snapshot()->next_due("acme"), std::nullopt) << "no record is made due by it";
}

TEST_F(HallRetirement, TheBudgetHoldsForItToo) {
  setup.hall.budget = {0, 6};
  start();
  EXPECT_EQ(step("propose").refused, "");
  go("2026-05-04T07:01:00Z");
  EXPECT_THAT(crm.batches, IsEmpty());
  EXPECT_EQ(question().reason, "budget of the day used");
}

TEST_F(HallRetirement, CompletedByTheOwnerIsTheirYesAndOutlivesARestart) {
  auto done = in_crm(asked(), "ana");
  EXPECT_THAT(step("announce").refused, HasSubstr("has not agreed"));
  done.completed = true;
  own({done});
  EXPECT_EQ(question().state, PromptState::done);
  start();
  ASSERT_TRUE(field().consent);
  EXPECT_TRUE(field().consent->in_crm);
  EXPECT_EQ(field().consent->by, "Ana@Example.com");
  EXPECT_EQ(field().consent->at, now);
  EXPECT_EQ(step("announce").refused, "");
  EXPECT_EQ(field().now.not_before, now + std::chrono::days(10)) << "the grace of its card";
}

TEST_F(HallRetirement, CompletedBySomebodyElseIsNoYes) {
  auto done = in_crm(asked(), "ben");
  done.completed = true;
  own({done});
  EXPECT_FALSE(field().consent);
  EXPECT_EQ(field().steps.back().because, "it was completed by somebody else than the definition owner");
  EXPECT_EQ(step("agree").refused, "");
  EXPECT_FALSE(field().consent->in_crm);
}

TEST_F(HallRetirement, DeletedIsNoYesAndNeverAskedAgain) {
  auto gone = in_crm(asked(), "ana");
  gone.deleted = true;
  own({gone});
  EXPECT_EQ(question().state, PromptState::dismissed);
  EXPECT_FALSE(field().consent);
  EXPECT_TRUE(field().declined);
  EXPECT_EQ(step("undo").refused, "");
  EXPECT_THAT(step("propose").note, HasSubstr("dismissed the question before"));
  go("2026-05-05T07:01:00Z");
  EXPECT_THAT(crm.batches, IsEmpty());
}

TEST_F(HallRetirement, ALostAnswerIsLookedUpBeforeItIsSentAgain) {
  start();
  EXPECT_EQ(step("propose").refused, "");
  go("2026-05-04T07:01:00Z");
  EXPECT_THAT(step("undo").refused, HasSubstr("on its way to the CRM"));
  const auto item = answer(model::CrmError{model::Failure::transient, "cut", "", 0, true});
  EXPECT_EQ(question().state, PromptState::doubtful);
  go("2026-05-04T07:07:00Z");
  ASSERT_EQ(crm.questions.size(), 1u);
  EXPECT_EQ(crm.questions[0].at(0).record.get(), "");
  hall->handle(DoubtsSettled{"acme", crm.questions[0], std::vector<connectors::FoundPrompt>{in_crm(item, "bot")}}, now);
  settle();
  EXPECT_EQ(question().state, PromptState::live);
  EXPECT_THAT(crm.batches, IsEmpty());
}

TEST_F(HallRetirement, UndoneOrKeptTakesTheQuestionAway) {
  asked();
  EXPECT_EQ(step("undo").refused, "");
  ASSERT_EQ(crm.batches.size(), 1u);
  EXPECT_EQ(crm.batches[0].writes[0].op, connectors::PromptWrite::Op::remove);
  answer();
  EXPECT_EQ(question().state, PromptState::withdrawn);
  EXPECT_EQ(field().now.state, RetireState::none);
}

TEST_F(HallRetirement, KeptBeforeItsWindowIsNeverAsked) {
  start();
  EXPECT_EQ(step("propose").refused, "");
  EXPECT_EQ(step("keep").refused, "");
  EXPECT_EQ(question().state, PromptState::dropped);
  go("2026-05-04T07:01:00Z");
  EXPECT_THAT(crm.batches, IsEmpty());
  EXPECT_EQ(field().now.state, RetireState::kept);
}

TEST_F(HallRetirement, InObserveNothingIsSentAndNothingIsHidden) {
  setup.hall.live = false;
  start();
  EXPECT_THAT(step("propose").note, HasSubstr("in observe: the question waits and nothing is sent"));
  EXPECT_EQ(step("agree").refused, "");
  EXPECT_EQ(step("announce").refused, "");
  EXPECT_EQ(step("export").refused, "");
  go("2026-05-20T07:01:00Z");
  EXPECT_THAT(step("hide").refused, HasSubstr("is in observe: nothing is written to its CRM"));
  EXPECT_EQ(field().now.state, RetireState::announced);
  EXPECT_FALSE(field().calling);
  EXPECT_THAT(crm.batches, IsEmpty());
}

TEST_F(HallRetirement, HidesWhatTheCrmNamesAfterTheIntentIsDurable) {
  start();
  EXPECT_EQ(step("propose").refused, "");
  EXPECT_EQ(step("agree").refused, "");
  EXPECT_EQ(step("announce").refused, "");
  EXPECT_EQ(step("export").refused, "");
  go("2026-05-20T07:01:00Z");
  const auto outcome = step("hide");
  ASSERT_TRUE(outcome.change) << outcome.refused;
  EXPECT_EQ(outcome.change->call, coaching::FieldCall::hide);
  EXPECT_EQ(outcome.change->crm_object, "Opportunity");
  EXPECT_EQ(outcome.change->crm_field, "NextStep");
  start();  // the program ended while the call was out
  EXPECT_EQ(field().calling, coaching::FieldCall::hide);
  EXPECT_EQ(field().now.state, RetireState::announced);
  EXPECT_TRUE(step("hide").change) << "the same step again settles it";
  coaching::Called called;
  called.problem = "HubSpot refused the request (HTTP 400)";
  EXPECT_EQ(hall->retired(request("hide"), called, now).refused, called.problem);
  EXPECT_FALSE(field().calling);
  called.done = true;
  EXPECT_TRUE(step("hide").change);
  EXPECT_EQ(hall->retired(request("hide"), called, now).refused, "");
  EXPECT_EQ(field().now.state, RetireState::hidden);
}

TEST_F(HallRetirement, EveryStepIsKeptDated) {
  start();
  EXPECT_EQ(step("propose").refused, "");
  const auto proposed = now;
  go("2026-05-05T06:30:00Z");
  EXPECT_EQ(step("agree").refused, "");
  const auto then = store->open_reader()->snapshot()->kept_at("acme", "retirement", proposed);
  ASSERT_TRUE(then);
  EXPECT_FALSE(retirements_from_json(then->body).at("opportunity.next_step").consent);
  EXPECT_TRUE(field().consent);
  EXPECT_EQ(field(), retirements_from_json(to_json({{"x", field()}})).at("x"));
}

TEST_F(HallRetirement, WhatNobodyKnowsIsRefused) {
  start();
  auto r = request("propose");
  r.field = "nothing";
  EXPECT_THAT(hall->retire(r, now).refused, HasSubstr("no card that is on at acme is about opportunity.nothing"));
  r = request("propose");
  r.connection = "other";
  EXPECT_THAT(hall->retire(r, now).refused, HasSubstr("other has not been described"));
  EXPECT_THAT(step("vanish").refused, HasSubstr("is no step"));
  r = request("keep");
  r.review_on = "soon";
  EXPECT_THAT(hall->retire(r, now).refused, HasSubstr("is no step, or its day is none"));
}

TEST_F(HallRetirement, RequestsAndAnswersTravelWhole) {
  start();
  const auto outcome = step("propose");
  const auto back = app::retire_outcome_from_json(app::to_json(outcome));
  EXPECT_EQ(back.note, outcome.note);
  ASSERT_TRUE(back.field);
  EXPECT_EQ(*back.field, *outcome.field);
  EXPECT_THROW((void)app::retire_outcome_from_json("no"), std::runtime_error);
}

}  // namespace
}  // namespace coachd::pipeline
