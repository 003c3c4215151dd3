// From a finding to a prompt in a CRM and back: own list, windows, budget, one prompt per record and person, and
// everything that people and broken lines do to it. The CRM is a list in memory that answers as told; time is moved by
// hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

using model::Instant;
using model::PromptState;
using model::StoredValue;

const std::string rules_text = rule_file("update", R"(
  - {id: no-step, kind: stale, for: {open: true}, when: {field: next_step, real: false}, control: [prompt], prompt: {to: owner, say: "{name} has no next step.", ask: "What happens next?"}}
  - {id: past-close, kind: stale, for: {open: true}, when: {field: close_date, before: today}, control: [prompt], prompt: {to: owner, say: "{name} should have closed.", ask: "When does it close?"}}
)");

struct FakeCrm final : Outside {
  std::deque<Batch> batches;
  std::deque<std::vector<connectors::PromptItem>> questions;
  void write(Batch batch) override { batches.push_back(std::move(batch)); }
  void find(std::string, std::vector<connectors::PromptItem> items) override { questions.push_back(std::move(items)); }
  void read(const std::string&) override { ADD_FAILURE() << "nobody hinted at anything"; }
};

class HallPrompts : public ::testing::Test {
 protected:
  HallPrompts() {
    setup.hall.live = true;
    setup.hall.budget = {2, 6};
  }
  ~HallPrompts() override {
    hall.reset();
    if (store) store->stop();
  }

  // The daemon starts (again): what it knows is in the folder alone.
  void start() {
    begin();
    own({}, true);
    read_to_the_end();
  }
  // ... and has read nothing yet.
  void begin(HallLimits limits = {}) {
    hall.reset();
    if (store) store->stop();
    store.reset();
    crm.batches.clear();
    crm.questions.clear();
    store = open_store(folder.path());
    hall.emplace(*store, crm, limits);
    auto built = app::build_context({{"update.yaml", rules_text}}, setup, description(), *store, true, now);
    ASSERT_TRUE(built.context) << (built.diagnostics.empty() ? "" : built.diagnostics[0].message);
    hall->connect(built.context, now);
    settle();
  }
  // Another folder takes the place of the state.
  void forget() {
    hall.reset();
    store->stop();
    store.reset();
    for (const auto& e : std::filesystem::directory_iterator(folder.path())) std::filesystem::remove_all(e);
  }
  void read_to_the_end() {
    hall->handle(FirstLoadDone{"acme"}, now);
    settle();
  }
  static model::Description description() {
    auto d = org();
    d.signed_in = model::PersonId("bot");
    for (auto& [id, p] : d.people) p.zone = "Europe/Berlin";
    return d;
  }

  void settle() {
    for (int i = 0; hall->step(now); ++i) ASSERT_LT(i, 1000) << "the hall does not come to rest";
  }
  void go(const char* instant) {
    now = *model::parse_instant(instant);
    settle();
  }
  void record(const std::string& id, const char* next_step, const char* owner = "ana", const char* close = "2026-12-01",
              bool deleted = false) {
    read(id, next_step, owner, close, deleted);
    settle();
  }
  // A record enters the journal.
  void read(const std::string& id, const char* next_step, const char* owner = "ana", const char* close = "2026-12-01",
            bool deleted = false) {
    connectors::Page page;
    page.columns = columns();
    model::RecordRow row;
    row.id = model::RecordId(id);
    row.version = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::seconds(++version);
    row.created = *model::parse_instant("2026-01-01T00:00:00Z");
    row.modified_by = model::PersonId(owner);
    row.deleted = deleted;
    const auto text = [](const char* t) { return *t ? StoredValue::text(t) : StoredValue(model::Value::blank()); };
    row.values = {text(("Deal " + id).c_str()),
                  text(owner),
                  text("Late"),
                  StoredValue(model::Value::number(100)),
                  StoredValue(model::Value::day(*model::parse_day(close))),
                  text(next_step)};
    page.rows.push_back(row);
    auto unit = intake_records(store->dictionary(), "acme", "opportunity", page,
                               number_columns(store->dictionary(), "acme", "opportunity", page.columns), "read", now);
    unit.epoch = store->epoch();
    ASSERT_EQ(store::apply_and_wait(*store, std::move(unit)), store::Applied::done);
  }
  // Answers the oldest batch: every item done, or an error for the whole call.
  Batch answer(std::optional<model::CrmError> error = std::nullopt) {
    EXPECT_FALSE(crm.batches.empty()) << "nothing was sent";
    if (crm.batches.empty()) return {};
    auto batch = std::move(crm.batches.front());
    crm.batches.pop_front();
    if (error) {
      hall->handle(BatchSettled{batch, *error}, now);
    } else {
      std::vector<connectors::WriteOutcome> outcomes;
      outcomes.reserve(batch.writes.size());
      for (const auto& w : batch.writes)
        outcomes.push_back(
            {w.op == connectors::PromptWrite::Op::create ? "00T" + std::to_string(++tasks) : w.item.crm_id,
             std::nullopt});
      hall->handle(BatchSettled{batch, outcomes}, now);
    }
    settle();
    return batch;
  }
  void own(std::vector<connectors::FoundPrompt> found, bool last = true) {
    hall->handle(OwnPromptsRead{"acme", std::move(found), {}, {}, last}, now);
    settle();
  }
  connectors::FoundPrompt in_crm(const connectors::PromptItem& item, const std::string& crm_id,
                                 const char* by = "bot") const {
    connectors::FoundPrompt f;
    f.short_key = connectors::short_key(item.key);
    f.crm_id = crm_id;
    f.record = item.record;
    f.person = item.person;
    f.modified = now;
    f.modified_by = model::PersonId(by);
    return f;
  }
  std::vector<store::PromptRow> prompts() {
    return store->open_reader()->snapshot()->prompts("acme", std::nullopt, 1000);
  }
  store::PromptRow only() {
    const auto all = prompts();
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? store::PromptRow{} : all.front();
  }
  // A prompt about record 1 that stands in the CRM since Tuesday's first window.
  connectors::PromptItem live() {
    start();
    record("1", "");
    go("2026-05-05T07:01:00Z");
    const auto batch = answer();
    EXPECT_EQ(batch.writes.size(), 1u);
    EXPECT_EQ(only().state, PromptState::live);
    return batch.writes.empty() ? connectors::PromptItem{} : batch.writes.front().item;
  }

  TemporaryFolder folder;
  app::ConnectionSetup setup = acme();
  std::unique_ptr<store::sqlite::SqliteStore> store;
  FakeCrm crm;
  std::optional<Hall> hall;
  Instant now = *model::parse_instant("2026-05-04T06:30:00Z");  // Monday, 08:30 in Berlin
  int version = 0;
  int tasks = 0;
};

// A changed record is not written down as due, looked up and read again: its answers stand in the unit of the change.
TEST_F(HallPrompts, AnswersAChangeInTheUnitThatAppliesIt) {
  start();
  read("r1", "");
  read("r2", "Call Dana");
  ASSERT_TRUE(hall->work(Hall::Work::journal, now));
  const auto open = [&] { return store->open_reader()->snapshot()->open_findings("acme", 10); };
  ASSERT_EQ(open().size(), 1u);
  EXPECT_EQ(open()[0].record, "r1");
  EXPECT_FALSE(hall->work(Hall::Work::evaluate, now));

  read("r1", "Send the quote");
  read("r2", "", "ana", "2026-12-01", true);
  read("r1", "n/a");
  read("r3", "tbd");
  ASSERT_TRUE(hall->work(Hall::Work::journal, now));
  ASSERT_EQ(open().size(), 2u);
  EXPECT_EQ(open()[0].record, "r1");
  EXPECT_EQ(open()[0].episode, 1);  // of two changes at once the last one counts: it never ended
  EXPECT_EQ(open()[1].record, "r3");
  EXPECT_FALSE(hall->work(Hall::Work::evaluate, now));
}

TEST_F(HallPrompts, StandInTheOwnListForADayAndThenWaitForAWindow) {
  start();
  record("1", "");
  EXPECT_EQ(only().state, PromptState::own_list);
  go("2026-05-04T12:00:00Z");  // two windows have passed meanwhile
  EXPECT_TRUE(crm.batches.empty());
  go("2026-05-05T06:31:00Z");  // the day is over, the window is not open
  EXPECT_EQ(only().state, PromptState::held);
  EXPECT_EQ(only().reason, "until the next delivery window");
  EXPECT_EQ(hall->agenda(now).first(), model::parse_instant("2026-05-05T07:00:00Z"));
  go("2026-05-05T07:00:00Z");
  const auto batch = answer();
  ASSERT_EQ(batch.writes.size(), 1u);
  EXPECT_EQ(batch.writes[0].item.subject, "What happens next? (Deal 1)");
  EXPECT_EQ(batch.writes[0].item.body, "Deal 1 has no next step.\nWhat happens next?");
  EXPECT_EQ(batch.writes[0].item.due, *model::parse_day("2026-05-06"));
  EXPECT_EQ(only().state, PromptState::live);
  EXPECT_EQ(only().crm_id, "00T1");
}

TEST_F(HallPrompts, OneForARecordAndPersonWithALineForEachFinding) {
  start();
  record("1", "", "ana", "2026-04-01");
  ASSERT_EQ(prompts().size(), 1u);
  EXPECT_EQ(only().lines, (std::vector<std::string>{"update/no-step", "update/past-close"}));
  go("2026-05-05T07:01:00Z");
  answer();
  record("1", "", "ana", "2026-12-01");  // one of the two is mended: the text is told anew
  const auto batch = answer();
  ASSERT_EQ(batch.writes.size(), 1u);
  EXPECT_EQ(batch.writes[0].op, connectors::PromptWrite::Op::update);
  EXPECT_EQ(batch.writes[0].item.crm_id, "00T1");
  EXPECT_EQ(batch.writes[0].item.body, "Deal 1 has no next step.\nWhat happens next?");
}

TEST_F(HallPrompts, TheBudgetHoldsTheThirdOfADayUntilTomorrow) {
  start();
  for (const char* id : {"1", "2", "3"}) record(id, "");
  go("2026-05-05T07:01:00Z");
  EXPECT_EQ(answer().writes.size(), 2u);
  int held = 0;
  for (const auto& p : prompts()) {
    if (p.state != PromptState::held) continue;
    ++held;
    EXPECT_EQ(p.reason, "budget of the day used");
    EXPECT_EQ(p.next_at, model::parse_instant("2026-05-06T07:00:00Z"));
  }
  EXPECT_EQ(held, 1);
  go("2026-05-06T07:00:00Z");
  EXPECT_EQ(answer().writes.size(), 1u);
}

TEST_F(HallPrompts, AreDroppedWhenMendedBeforeTheirTurn) {
  start();
  record("1", "");
  record("1", "Call Dana on Friday");
  EXPECT_EQ(only().state, PromptState::dropped);
  go("2026-05-05T07:01:00Z");
  EXPECT_TRUE(crm.batches.empty());
}

TEST_F(HallPrompts, AreDeletedWhenTheRecordIsReallyMendedAndNotByAPlaceholder) {
  const auto item = live();
  record("1", "TBD");
  EXPECT_TRUE(crm.batches.empty());
  EXPECT_EQ(only().state, PromptState::live);
  record("1", "Call Dana on Friday");
  const auto batch = answer();
  ASSERT_EQ(batch.writes.size(), 1u);
  EXPECT_EQ(batch.writes[0].op, connectors::PromptWrite::Op::remove);
  EXPECT_EQ(batch.writes[0].item.crm_id, "00T1");
  EXPECT_EQ(only().state, PromptState::withdrawn);
  EXPECT_EQ(only().reason, "mended");
  EXPECT_EQ(item.person.get(), "ana");
}

TEST_F(HallPrompts, MendedWhileTheirCallIsOutAreDeletedOnceItIsAnswered) {
  start();
  record("1", "");
  go("2026-05-05T07:01:00Z");
  record("1", "Call Dana on Friday");
  EXPECT_EQ(only().state, PromptState::sending);
  answer();
  EXPECT_EQ(only().state, PromptState::withdrawing);
  EXPECT_EQ(answer().writes.at(0).op, connectors::PromptWrite::Op::remove);
  EXPECT_EQ(only().state, PromptState::withdrawn);
}

TEST_F(HallPrompts, BrokenAgainWhileTheOldOneIsDeletedAreOpenedAnew) {
  live();
  record("1", "Call Dana on Friday");
  EXPECT_EQ(only().state, PromptState::withdrawing);
  record("1", "");
  EXPECT_EQ(only().state, PromptState::withdrawing);
  answer();
  ASSERT_EQ(prompts().size(), 2u);
  std::vector<PromptState> states{prompts()[0].state, prompts()[1].state};
  std::sort(states.begin(), states.end());
  EXPECT_EQ(states, (std::vector{PromptState::own_list, PromptState::withdrawn}));
}

TEST_F(HallPrompts, AnAnswerAloneIsNoReasonToEvaluateAgain) {
  const auto evaluations = [&] {
    for (const auto& [name, n] : store->open_reader()->snapshot()->counters())
      if (name == "evaluations") return n;
    return std::int64_t{0};
  };
  live();
  EXPECT_EQ(evaluations(), 1);
  record("1", "Call Dana on Friday");
  answer();
  EXPECT_EQ(only().state, PromptState::withdrawn);
  EXPECT_EQ(evaluations(), 2);
}

TEST_F(HallPrompts, AreLeftWithAPersonWhoWroteInThem) {
  const auto item = live();
  own({in_crm(item, "00T1", "ana")});
  record("1", "Call Dana on Friday");
  EXPECT_TRUE(crm.batches.empty());
  EXPECT_EQ(only().state, PromptState::done);
}

TEST_F(HallPrompts, DeletedByTheirPersonAreNeverSentAgain) {
  const auto item = live();
  auto gone = in_crm(item, "00T1", "ana");
  gone.deleted = true;
  own({gone});
  EXPECT_EQ(only().state, PromptState::dismissed);
  record("1", "n/a");  // still not answered
  go("2026-05-07T07:01:00Z");
  EXPECT_TRUE(crm.batches.empty());
  EXPECT_EQ(prompts().size(), 1u);
  record("1", "Call Dana on Friday");
  record("1", "");  // a new occasion, a new episode
  go("2026-05-08T07:30:00Z");
  const auto batch = answer();
  ASSERT_EQ(batch.writes.size(), 1u);
  EXPECT_NE(batch.writes[0].item.key, item.key);
}

TEST_F(HallPrompts, SweptAwayInAHeapAreIgnoredNotDone) {
  setup.hall.budget = {50, 50};
  start();
  for (int i = 1; i <= 6; ++i) record(std::to_string(i), "");
  go("2026-05-05T07:01:00Z");
  const auto batch = answer();
  ASSERT_EQ(batch.writes.size(), 6u);
  std::vector<connectors::FoundPrompt> found;
  for (std::size_t i = 0; i < 6; ++i) {
    found.push_back(in_crm(batch.writes[i].item, "00T" + std::to_string(i + 1), "ana"));
    found.back().completed = true;
  }
  own(found);
  for (const auto& p : prompts()) EXPECT_EQ(p.state, PromptState::ignored);
}

TEST_F(HallPrompts, AHeapIsOneAlsoOverTheEndOfAMinuteAndWhenItIsReadInTwoParts) {
  setup.hall.budget = {50, 50};
  start();
  for (int i = 1; i <= 7; ++i) record(std::to_string(i), "");
  go("2026-05-05T07:01:00Z");
  const auto batch = answer();
  ASSERT_EQ(batch.writes.size(), 7u);
  now = *model::parse_instant("2026-05-05T07:10:40Z");
  std::vector<connectors::FoundPrompt> found;
  for (std::size_t i = 0; i < 6; ++i) {
    found.push_back(in_crm(batch.writes[i].item, "00T" + std::to_string(i + 1), "ana"));
    found.back().completed = true;
    found.back().modified += std::chrono::seconds(8 * static_cast<int>(i));
  }
  found.push_back(found[0]);  // the same item once more is not one more item
  found.push_back(in_crm(batch.writes[6].item, "00T7", "ana"));
  found.back().completed = true;
  found.back().modified += std::chrono::minutes(10);
  own({found[0], found[1], found[0], found[2], found[0], found[1]});
  const auto count = [&](PromptState state) {
    const auto all = prompts();
    return std::count_if(all.begin(), all.end(), [&](const auto& p) { return p.state == state; });
  };
  EXPECT_EQ(count(PromptState::done), 3);
  own(found);
  EXPECT_EQ(count(PromptState::ignored), 6);
  EXPECT_EQ(count(PromptState::done), 1);
}

TEST_F(HallPrompts, FollowANewOwnerOfTheTask) {
  const auto item = live();
  auto moved = in_crm(item, "00T1", "ana");
  moved.person = model::PersonId("ben");
  own({moved});
  EXPECT_EQ(only().person, "ben");
  EXPECT_TRUE(crm.batches.empty()) << "it is neither withdrawn nor sent twice";
  record("1", "Call Dana on Friday");
  EXPECT_EQ(answer().writes[0].op, connectors::PromptWrite::Op::remove);
}

TEST_F(HallPrompts, ALostAnswerIsLookedUpBeforeAnythingIsSentAgain) {
  start();
  record("1", "");
  go("2026-05-05T07:01:00Z");
  const auto batch = answer(model::CrmError{model::Failure::transient, "cut", {}, 0, true});
  EXPECT_EQ(only().state, PromptState::doubtful);
  EXPECT_TRUE(crm.batches.empty());
  go("2026-05-05T07:05:00Z");
  EXPECT_TRUE(crm.questions.empty()) << "the doubt is not five minutes old";
  go("2026-05-05T07:06:00Z");
  ASSERT_EQ(crm.questions.size(), 1u);
  hall->handle(DoubtsSettled{"acme", crm.questions.front(), std::vector{in_crm(batch.writes[0].item, "00T77")}}, now);
  settle();
  EXPECT_EQ(only().state, PromptState::live);
  EXPECT_EQ(only().crm_id, "00T77");
  EXPECT_TRUE(crm.batches.empty());
}

TEST_F(HallPrompts, ALostAnswerThatNeverArrivedIsSentOnceMore) {
  start();
  record("1", "");
  go("2026-05-05T07:01:00Z");
  const auto first = answer(model::CrmError{model::Failure::transient, "cut", {}, 0, true});
  go("2026-05-05T07:06:00Z");
  hall->handle(DoubtsSettled{"acme", crm.questions.front(), std::vector<connectors::FoundPrompt>{}}, now);
  settle();
  const auto again = answer();
  ASSERT_EQ(again.writes.size(), 1u);
  EXPECT_EQ(again.writes[0].item.key, first.writes[0].item.key);
}

TEST_F(HallPrompts, ACrashBetweenSendingAndAnswerIsADoubtThatAdoptionSettles) {
  start();
  record("1", "");
  go("2026-05-05T07:01:00Z");
  ASSERT_EQ(crm.batches.size(), 1u);
  const auto item = crm.batches.front().writes[0].item;
  begin();  // killed: no answer was ever stored
  read_to_the_end();
  EXPECT_EQ(only().state, PromptState::doubtful);
  EXPECT_TRUE(crm.batches.empty()) << "nothing is written before its own prompts were listed";
  own({in_crm(item, "00T9")});
  EXPECT_EQ(only().state, PromptState::live);
  EXPECT_EQ(only().crm_id, "00T9");
  go("2026-05-05T07:30:00Z");
  EXPECT_TRUE(crm.batches.empty());
  EXPECT_TRUE(crm.questions.empty());
}

TEST_F(HallPrompts, ATwinIsDeletedAndTheKnownOneStays) {
  const auto item = live();
  own({in_crm(item, "00T1"), in_crm(item, "00T2")});
  const auto batch = answer();
  ASSERT_EQ(batch.writes.size(), 1u);
  EXPECT_EQ(batch.writes[0].op, connectors::PromptWrite::Op::remove);
  EXPECT_EQ(batch.writes[0].item.crm_id, "00T2");
}

TEST_F(HallPrompts, WhatAStateFolderHasForgottenIsAdoptedByItsComputedKey) {
  const auto item = live();
  forget();
  begin();
  own({in_crm(item, "00T1")});
  EXPECT_EQ(only().state, PromptState::live);
  EXPECT_EQ(only().key, item.key);
}

// What is stored is of before the daemon ended, or of a backup: by that no prompt is taken back, and none is sent.
TEST_F(HallPrompts, AfterAStartNothingIsDecidedUntilWhatChangedMeanwhileWasRead) {
  const auto sent = live();
  forget();
  begin();
  own({}, true);
  read("1", "Call Dana");  // as it was when the backup was made
  read("2", "");
  read_to_the_end();
  ASSERT_EQ(only().record, "2");
  now += std::chrono::days(2);
  begin();
  own({in_crm(sent, "00T1")});
  EXPECT_TRUE(crm.batches.empty()) << "record 1 looks answered, and the turn of record 2 has come";
  read("1", "");
  read("2", "Send the quote");
  read_to_the_end();
  EXPECT_EQ(answer().writes.at(0).op, connectors::PromptWrite::Op::update) << "what it asked was not known";
  EXPECT_TRUE(crm.batches.empty());
  std::map<std::string, PromptState> states;
  for (const auto& p : prompts()) states.emplace(p.record, p.state);
  EXPECT_EQ(states, (std::map<std::string, PromptState>{{"1", PromptState::live}, {"2", PromptState::dropped}}));
}

TEST_F(HallPrompts, WhatGoesOnComingInHoldsUpNoStart) {
  begin(HallLimits{.journal = 1});
  own({}, true);
  read("1", "");
  hall->handle(FirstLoadDone{"acme"}, now);
  const auto reader = store->open_reader();
  for (const auto* const id : {"2", "3", "4"}) {
    read(id, "");
    EXPECT_TRUE(hall->work(Hall::Work::journal, now));
    EXPECT_GT(reader->snapshot()->journal_waiting("acme"), 0);
  }
  EXPECT_FALSE(reader->snapshot()->open_findings("acme", 10).empty());
}

TEST_F(HallPrompts, ObserveWritesNothingAndSaysSo) {
  setup.hall.live = false;
  start();
  record("1", "");
  go("2026-05-05T07:01:00Z");
  EXPECT_TRUE(crm.batches.empty());
  EXPECT_EQ(only().state, PromptState::held);
  EXPECT_EQ(only().reason, "observe: nothing is written");
}

TEST_F(HallPrompts, ARowLockIsTriedAgainAndAValidationErrorIsNot) {
  start();
  record("1", "");
  record("2", "");
  go("2026-05-05T07:01:00Z");
  ASSERT_EQ(crm.batches.size(), 1u);
  auto batch = std::move(crm.batches.front());
  crm.batches.pop_front();
  ASSERT_EQ(batch.writes.size(), 2u);
  const std::vector<connectors::WriteOutcome> outcomes{
      {std::nullopt, model::CrmError{model::Failure::transient, "locked", {}, 0, false}},
      {std::nullopt, model::CrmError{model::Failure::permanent, "refused", {}, 0, false}}};
  hall->handle(BatchSettled{batch, outcomes}, now);
  settle();
  EXPECT_TRUE(crm.batches.empty());
  go("2026-05-05T07:02:00Z");
  const auto again = answer();
  ASSERT_EQ(again.writes.size(), 1u);
  EXPECT_EQ(again.writes[0].item.key, batch.writes[0].item.key);
  EXPECT_EQ(store->open_reader()->snapshot()->prompt("acme", batch.writes[1].item.key)->state, PromptState::blocked);
}

// What stands in the CRM is never lost sight of: no second prompt is asked beside it.
TEST_F(HallPrompts, ARefusedUpdateLeavesThePromptAsItIs) {
  for (const auto failure : {model::Failure::permanent, model::Failure::corrupt}) {
    const auto item = live();
    record("1", "", "ana", "2026-01-01");  // a second finding
    EXPECT_EQ(answer(model::CrmError{failure, "no", {}, 0, false}).writes[0].op, connectors::PromptWrite::Op::update);
    const bool refused = failure == model::Failure::permanent;
    EXPECT_EQ(only().state, refused ? PromptState::live : PromptState::updating);
    now += std::chrono::minutes(30);
    settle();
    if (refused) {
      EXPECT_TRUE(crm.batches.empty()) << "it is not asked again and again";
      const auto reasons = store->open_reader()->snapshot()->reasons_of("acme", "opportunity", "1");
      EXPECT_TRUE(std::any_of(reasons.begin(), reasons.end(),
                              [](const auto& r) { return r.stage == "delivery" && r.reason == "no"; }));
    } else {
      EXPECT_EQ(answer().writes[0].op, connectors::PromptWrite::Op::update) << "an unreadable answer tells nothing";
    }
    record("1", "Call Dana on Friday");
    const auto removed = answer();
    EXPECT_EQ(removed.writes[0].op, connectors::PromptWrite::Op::remove);
    EXPECT_EQ(removed.writes[0].item.crm_id, only().crm_id);
    EXPECT_EQ(only().state, PromptState::withdrawn);
    hall.reset();
    store->stop();
    store.reset();
    for (const auto& e : std::filesystem::directory_iterator(folder.path())) std::filesystem::remove_all(e);
    now = *model::parse_instant("2026-05-04T06:30:00Z");
  }
}

TEST_F(HallPrompts, ARefusedRemovalIsTriedUntilItIsDone) {
  live();
  record("1", "Call Dana on Friday");
  EXPECT_EQ(answer(model::CrmError{model::Failure::permanent, "no", {}, 0, false}).writes[0].op,
            connectors::PromptWrite::Op::remove);
  EXPECT_EQ(only().state, PromptState::withdrawing);
  record("1", "");  // it is broken again
  now += std::chrono::minutes(1);
  settle();
  EXPECT_EQ(only().state, PromptState::withdrawing) << "nothing is asked beside what stands there";
  EXPECT_EQ(answer().writes[0].op, connectors::PromptWrite::Op::remove);
  const auto all = prompts();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const auto& p) { return p.state == PromptState::own_list; }));
}

TEST_F(HallPrompts, TheOwnersOfADeletedRecordAreLeftInPeace) {
  live();
  record("1", "", "ana", "2026-12-01", true);
  EXPECT_EQ(answer().writes[0].op, connectors::PromptWrite::Op::remove);
  EXPECT_EQ(only().reason, "the record is gone");
}

TEST_F(HallPrompts, ANewOwnerMeansAnotherPromptAndTheOldOneGoes) {
  live();
  record("1", "", "ben");
  const auto removed = answer();
  ASSERT_EQ(removed.writes.size(), 1u);
  EXPECT_EQ(removed.writes[0].op, connectors::PromptWrite::Op::remove);
  const auto all = prompts();
  ASSERT_EQ(all.size(), 2u);
  for (const auto& p : all) EXPECT_EQ(p.state, p.person == "ben" ? PromptState::own_list : PromptState::withdrawn);
}

}  // namespace
}  // namespace coachd::pipeline
