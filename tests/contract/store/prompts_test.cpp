#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include "daemon/store/store.hpp"
#include "rules/model/finding.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

using model::PromptState;

class PromptsContract : public StoreContract {
 protected:
  using Names = std::vector<std::string>;
  static Names keys(const std::vector<PromptRow>& rows) {
    Names out;
    for (const auto& p : rows) out.push_back(p.key);
    return out;
  }
  static Names names(const std::vector<FindingRow>& rows) {
    Names out;
    for (const auto& f : rows) out.push_back(f.connection + "/" + f.record + "/" + f.rule);
    return out;
  }
};
COACHD_STORE_CONTRACT(PromptsContract);

TEST_P(PromptsContract, KeepsEveryFieldOfAFinding) {
  auto u = unit();
  auto f = finding("r1", "w/a");
  f.finding = "timing.missing:champion";
  f.ended = minute(9);
  f.ended_how = "mended";
  f.episode = 3;
  f.old_record = true;
  u.findings = {finding("r1", "w/a"), f};
  u.findings[0].since = std::nullopt;
  ASSERT_EQ(apply(u), Applied::done);
  const auto got = now()->findings_of("sf", "opportunity", "r1");
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].finding, "timing.missing:champion");
  EXPECT_EQ(got[0].owner, "u1");
  EXPECT_EQ(got[0].since, minute(-5));
  EXPECT_EQ(got[0].first_seen, minute(0));
  EXPECT_EQ(got[0].ended, minute(9));
  EXPECT_EQ(got[0].ended_how, "mended");
  EXPECT_EQ(got[0].episode, 3);
  EXPECT_TRUE(got[0].old_record);
  EXPECT_EQ(got[1].since, std::nullopt);
  EXPECT_EQ(got[1].ended, std::nullopt);
}

TEST_P(PromptsContract, OpenFindingsLoseWhatEndedAndGetBackWhatOpenedAgain) {
  auto u = unit();
  auto other = finding("d1", "w/a");
  other.connection = "hs";
  u.findings = {finding("r2", "w/a"), finding("r1", "w/a"), finding("r1", "w/b"), other};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(names(now()->open_findings("sf", 10)), (Names{"sf/r1/w/a", "sf/r1/w/b", "sf/r2/w/a"}));
  EXPECT_EQ(names(now()->open_findings("", 2)), (Names{"hs/d1/w/a", "sf/r1/w/a"}));
  auto ended = finding("r1", "w/a");
  ended.ended = minute(1);
  u.findings = {ended};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(names(now()->open_findings("sf", 10)), (Names{"sf/r1/w/b", "sf/r2/w/a"}));
  EXPECT_EQ(names(now()->findings_of("sf", "opportunity", "r1")), (Names{"sf/r1/w/a", "sf/r1/w/b"}));
  u.findings = {finding("r1", "w/a")};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->open_findings("sf", 10).size(), 3U);
}

TEST_P(PromptsContract, KeepsEveryFieldOfAPrompt) {
  auto p = prompt("abc123", "r1", "u1");
  p.episode = 2;
  p.state = PromptState::held;
  p.reason = "budget";
  p.opened = minute(1);
  p.changed = minute(2);
  p.next_at = minute(3);
  p.crm_id = "00T1";
  p.sent_at = minute(4);
  p.subject = "Näher";
  p.body = "two\nlines";
  p.lines = {"w/a|a", "w/b|with\nfeed and \\n", ""};
  auto u = unit();
  u.prompts = {p};
  ASSERT_EQ(apply(u), Applied::done);
  const auto got = now()->prompt("sf", "abc123");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->connection, "sf");
  EXPECT_EQ(got->object, "opportunity");
  EXPECT_EQ(got->record, "r1");
  EXPECT_EQ(got->person, "u1");
  EXPECT_EQ(got->carrier, "task");
  EXPECT_EQ(got->episode, 2);
  EXPECT_EQ(got->state, PromptState::held);
  EXPECT_EQ(got->reason, "budget");
  EXPECT_EQ(got->opened, minute(1));
  EXPECT_EQ(got->changed, minute(2));
  EXPECT_EQ(got->next_at, minute(3));
  EXPECT_EQ(got->crm_id, "00T1");
  EXPECT_EQ(got->sent_at, minute(4));
  EXPECT_EQ(got->subject, "Näher");
  EXPECT_EQ(got->body, "two\nlines");
  EXPECT_EQ(got->lines, p.lines);
  p.lines.clear();
  p.next_at.reset();
  u.prompts = {p};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_TRUE(now()->prompt("sf", "abc123")->lines.empty());
  EXPECT_EQ(now()->prompt("sf", "abc123")->next_at, std::nullopt);
  EXPECT_EQ(now()->prompt("hs", "abc123"), std::nullopt);
}

TEST_P(PromptsContract, FindsPromptsByRecordStateAndShortKey) {
  auto a = prompt("aa01", "r1", "u1");
  auto b = prompt("ab02", "r1", "u2");
  auto c = prompt("ac03", "r2", "u1");
  c.state = PromptState::live;
  c.opened = minute(-1);
  auto u = unit();
  u.prompts = {a, b, c};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(keys(now()->prompts_of("sf", "opportunity", "r1")), (Names{"aa01", "ab02"}));
  EXPECT_EQ(keys(now()->prompts("sf", PromptState::live, 10)), (Names{"ac03"}));
  EXPECT_EQ(keys(now()->prompts("sf", std::nullopt, 2)), (Names{"ac03", "aa01"}));
  EXPECT_EQ(now()->prompt_by_short_key("sf", "ab")->key, "ab02");
  EXPECT_EQ(now()->prompt_by_short_key("sf", "ab02")->key, "ab02");
  EXPECT_EQ(now()->prompt_by_short_key("sf", "b"), std::nullopt);
  EXPECT_EQ(now()->prompt_by_short_key("sf", ""), std::nullopt);
  EXPECT_EQ(now()->prompt_by_short_key("hs", "ab"), std::nullopt);
}

TEST_P(PromptsContract, TellsWhichPromptsToLookAtAgainAndWhen) {
  EXPECT_EQ(now()->next_prompt_at(), std::nullopt);
  auto a = prompt("aa", "r1", "u1");
  a.next_at = minute(30);
  auto b = prompt("bb", "r1", "u2");
  b.next_at = minute(10);
  auto u = unit();
  u.prompts = {a, b, prompt("cc", "r2", "u1")};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->next_prompt_at(), minute(10));
  EXPECT_EQ(keys(now()->prompts_waiting(minute(29), 10)), (Names{"bb"}));
  EXPECT_EQ(keys(now()->prompts_waiting(minute(30), 10)), (Names{"bb", "aa"}));
  EXPECT_EQ(keys(now()->prompts_waiting(minute(30), 1)), (Names{"bb"}));
}

TEST_P(PromptsContract, CountsPromptsByStateAndOpenFindings) {
  auto u = unit();
  u.prompts = {prompt("aa01", "r1", "u1"), prompt("ab02", "r2", "u1"), prompt("ac03", "r3", "u1")};
  u.prompts[0].state = PromptState::live;
  u.prompts[1].state = PromptState::withdrawn;
  u.prompts[2].state = PromptState::live;
  u.findings = {finding("r1", "w/a"), finding("r2", "w/a"), finding("r3", "w/a")};
  u.findings[2].ended = minute(1);
  ASSERT_EQ(apply(u), Applied::done);
  const auto snapshot = now();
  std::map<PromptState, std::int64_t> counts;
  for (const auto& [state, count] : snapshot->prompt_counts("sf")) counts[state] = count;
  EXPECT_EQ(counts, (std::map<PromptState, std::int64_t>{{PromptState::live, 2}, {PromptState::withdrawn, 1}}));
  EXPECT_EQ(snapshot->open_finding_count("sf"), 2);
  EXPECT_TRUE(snapshot->prompt_counts("hs").empty());
  EXPECT_EQ(snapshot->open_finding_count("hs"), 0);
}

TEST_P(PromptsContract, WhatDetectorsFoundIsWalkedOverInTheOrderOfItsRules) {
  auto u = unit();
  const auto detected = [](const std::string& object, const std::string& record, const std::string& rule) {
    auto f = finding(record, rule);
    f.object = object;
    f.detail = std::string("\0why", 4);
    return f;
  };
  u.findings = {detected("unit:person", "u1", "w/b"), detected("opportunity", "r1", "w/a"),
                detected("unit:field", "stage", "w/a"), finding("r2", "w/a"), detected("opportunity", "r3", "w/b")};
  u.findings.back().ended = minute(1);
  auto other = detected("unit:person", "u9", "w/a");
  other.connection = "hs";
  u.findings.push_back(other);
  ASSERT_EQ(apply(u), Applied::done);
  const auto snapshot = now();
  const auto all = snapshot->detected_after("sf", {}, 10);
  EXPECT_EQ(names(all), (Names{"sf/r1/w/a", "sf/stage/w/a", "sf/u1/w/b"}));
  EXPECT_EQ(all[0].detail, u.findings[1].detail);
  EXPECT_EQ(names(snapshot->detected_after("sf", {}, 1)), Names{"sf/r1/w/a"});
  EXPECT_EQ(names(snapshot->detected_after("sf", {"w/a", "opportunity", "r1", "w/a"}, 1)), Names{"sf/stage/w/a"});
  EXPECT_TRUE(snapshot->detected_after("sf", {"w/b", "unit:person", "u1", "w/b"}, 10).empty());
  std::map<std::string, std::int64_t> counts;
  for (const auto& c : snapshot->detected_counts("sf")) counts[c.rule + " " + c.object] = c.count;
  EXPECT_EQ(counts, (std::map<std::string, std::int64_t>{
                        {"w/a opportunity", 1}, {"w/a unit:field", 1}, {"w/b unit:person", 1}}));
  EXPECT_EQ(names(snapshot->findings_of_units("sf")), (Names{"sf/stage/w/a", "sf/u1/w/b"}));
}

TEST_P(PromptsContract, CountsWhatAPersonWasSentInAnInterval) {
  auto u = unit();
  for (int i = 0; i < 3; ++i) {
    auto p = prompt("k" + std::to_string(i), "r", i < 2 ? "u1" : "u2");
    p.sent_at = minute(i);
    u.prompts.push_back(p);
  }
  u.prompts.push_back(prompt("never", "r", "u1"));
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->sent_between("sf", "u1", minute(0), minute(2)), 2);
  EXPECT_EQ(now()->sent_between("sf", "u1", minute(0), minute(1)), 1);
  EXPECT_EQ(now()->sent_between("sf", "u1", minute(1), minute(60)), 1);
  EXPECT_EQ(now()->sent_between("hs", "u1", minute(0), minute(60)), 0);
}

TEST_P(PromptsContract, TheOutboxHoldsOneCallPerPromptInOrderOfTime) {
  EXPECT_EQ(now()->next_outbox_at(), std::nullopt);
  auto u = unit();
  u.outbox = {{"sf", "k1", OutboxRow::Op::create, OutboxRow::State::ready, 0, minute(5), minute(0)},
              {"sf", "k2", OutboxRow::Op::remove, OutboxRow::State::doubtful, 4, minute(3), minute(1)},
              {"hs", "k1", OutboxRow::Op::create, OutboxRow::State::ready, 0, minute(1), minute(0)}};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->next_outbox_at(), minute(1));
  const auto got = now()->outbox("sf", minute(5), 10);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].prompt, "k2");
  EXPECT_EQ(got[0].op, OutboxRow::Op::remove);
  EXPECT_EQ(got[0].state, OutboxRow::State::doubtful);
  EXPECT_EQ(got[0].attempts, 4);
  EXPECT_EQ(got[0].not_before, minute(3));
  EXPECT_EQ(got[0].since, minute(1));
  EXPECT_EQ(now()->outbox("sf", minute(4), 10).size(), 1U);
  auto next = unit();
  next.outbox = {{"sf", "k1", OutboxRow::Op::update, OutboxRow::State::sent, 1, minute(7), minute(6)}};
  next.outbox_done = {{"sf", "k2"}};
  ASSERT_EQ(apply(next), Applied::done);
  EXPECT_EQ(now()->outbox_of("sf", "k2"), std::nullopt);
  EXPECT_EQ(now()->outbox_of("sf", "k1")->op, OutboxRow::Op::update);
  EXPECT_EQ(now()->outbox("sf", minute(60), 10).size(), 1U);
}

// One step may take a call off and put the next one on.
TEST_P(PromptsContract, DoneIsCarriedOutBeforeWhatIsNew) {
  auto u = unit();
  u.outbox_done = {{"sf", "k1"}};
  u.outbox = {{"sf", "k1", OutboxRow::Op::update, OutboxRow::State::ready, 0, minute(7), minute(6)}};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_TRUE(now()->outbox_of("sf", "k1"));
}

TEST_P(PromptsContract, AReasonCountsItsRepeatsAndStartsAnewWhenItChanges) {
  auto u = unit();
  u.reasons = {{"sf", "opportunity", "r1", "w/a", "budget", "held: budget of the day used", minute(1), 1}};
  ASSERT_EQ(apply(u), Applied::done);
  u.reasons[0].since = minute(5);
  ASSERT_EQ(apply(u), Applied::done);
  auto got = now()->reasons_of("sf", "opportunity", "r1");
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].since, minute(1));
  EXPECT_EQ(got[0].count, 2);
  u.reasons[0].reason = "sent";
  ASSERT_EQ(apply(u), Applied::done);
  got = now()->reasons_of("sf", "opportunity", "r1");
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].reason, "sent");
  EXPECT_EQ(got[0].since, minute(5));
  EXPECT_EQ(got[0].count, 1);
  EXPECT_EQ(got[0].stage, "budget");
}

}  // namespace
}  // namespace coachd::store::contract
