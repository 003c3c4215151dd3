#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/store.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

class JournalContract : public StoreContract {};
COACHD_STORE_CONTRACT(JournalContract);

std::vector<std::string> records(const std::vector<JournalEntry>& entries) {
  std::vector<std::string> out;
  for (const auto& e : entries) out.push_back(e.record);
  return out;
}

TEST_P(JournalContract, KeepsEveryFieldOfAnEntry) {
  auto u = unit(UnitOfWork::Urgency::intake);
  auto e = change("r1", 0xFFFF'FFFF'FFFF'FFFFULL, minute(3), std::string("a\0b", 3));
  e.kind = JournalEntry::Kind::history;
  e.key_time = minute(-7);
  u.journal = {e};
  ASSERT_EQ(apply(u), Applied::done);
  const auto got = now()->journal_after("sf", 10);
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].kind, JournalEntry::Kind::history);
  EXPECT_EQ(got[0].connection, "sf");
  EXPECT_EQ(got[0].object, "opportunity");
  EXPECT_EQ(got[0].record, "r1");
  EXPECT_EQ(got[0].key, 0xFFFF'FFFF'FFFF'FFFFULL);
  EXPECT_EQ(got[0].key_time, minute(-7));
  EXPECT_EQ(got[0].received, minute(3));
  EXPECT_EQ(got[0].body, std::string("a\0b", 3));
}

TEST_P(JournalContract, DropsRepeatsOfAKeyOnItsConnectionOnly) {
  auto u = unit();
  auto other = change("r3", 1);
  other.connection = "hs";
  u.journal = {change("r1", 1), change("r1", 1), change("r2", 2), other};
  ASSERT_EQ(apply(u), Applied::done);
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(records(now()->journal_after("sf", 10)), (std::vector<std::string>{"r1", "r2"}));
  EXPECT_EQ(records(now()->journal_after("hs", 10)), (std::vector<std::string>{"r3"}));
  EXPECT_EQ(now()->journal_waiting("sf"), 2);
}

TEST_P(JournalContract, TheSameKeyAtAnotherTimeIsNoRepeat) {
  auto u = unit();
  auto earlier = change("r1", 1), later = change("r2", 1), again = change("r3", 1);
  earlier.key_time = minute(-2);
  later.key_time = minute(-1);
  again.key_time = minute(-2);
  u.journal = {later, earlier, again};
  ASSERT_EQ(apply(u), Applied::done);
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(records(now()->journal_after("sf", 10)), (std::vector<std::string>{"r2", "r1"}));
}

TEST_P(JournalContract, KeysOfOneMomentThatLookAlikeAreEachKept) {
  auto u = unit();
  for (std::uint64_t i = 1; i <= 50; ++i) {
    u.journal.push_back(change("r" + std::to_string(i), 7 + (i << 32)));
    u.journal.push_back(change("r" + std::to_string(i), 7 + (i << 32)));
  }
  ASSERT_EQ(apply(u), Applied::done);
  std::reverse(u.journal.begin(), u.journal.end());
  ASSERT_EQ(apply(u), Applied::done);
  const auto kept = records(now()->journal_after("sf", 200));
  ASSERT_EQ(kept.size(), 50U);
  EXPECT_EQ(kept.front(), "r1");
  EXPECT_EQ(kept.back(), "r50");
}

TEST_P(JournalContract, WithoutAKeyNothingIsARepeat) {
  auto u = unit();
  u.journal = {change("r1", 0), change("r2", 0)};
  ASSERT_EQ(apply(u), Applied::done);
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(records(now()->journal_after("sf", 10)), (std::vector<std::string>{"r1", "r2", "r1", "r2"}));
}

TEST_P(JournalContract, DropsARepeatOfWhatIsAlreadyApplied) {
  auto u = unit();
  u.journal = {change("r1", 1)};
  ASSERT_EQ(apply(u), Applied::done);
  auto done = unit();
  done.applied_to = {"sf", now()->journal_after("sf", 1).at(0).position};
  ASSERT_EQ(apply(done), Applied::done);
  EXPECT_EQ(now()->journal_waiting("sf"), 0);
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_TRUE(now()->journal_after("sf", 10).empty());
  EXPECT_EQ(now()->journal_waiting("sf"), 0);
}

TEST_P(JournalContract, PositionsRiseInCommitOrderAndAreNeverGivenTwice) {
  auto u = unit();
  u.journal = {change("r1", 1), change("r2", 2)};
  ASSERT_EQ(apply(u), Applied::done);
  const auto first = now()->journal_after("sf", 10);
  auto done = unit();
  done.applied_to = {"sf", first.back().position};
  ASSERT_EQ(apply(done), Applied::done);
  reopen();
  auto more = unit();
  more.journal = {change("r3", 3)};
  ASSERT_EQ(apply(more), Applied::done);
  const auto second = now()->journal_after("sf", 10);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_LT(first[0].position, first[1].position);
  EXPECT_LT(first[1].position, second[0].position);
}

TEST_P(JournalContract, AppliedGoesOnlyForward) {
  auto u = unit();
  u.journal = {change("r1", 1), change("r2", 2), change("r3", 3)};
  ASSERT_EQ(apply(u), Applied::done);
  const auto all = now()->journal_after("sf", 10);
  auto to_second = unit();
  to_second.applied_to = {"sf", all[1].position};
  ASSERT_EQ(apply(to_second), Applied::done);
  auto to_first = unit();
  to_first.applied_to = {"sf", all[0].position};
  ASSERT_EQ(apply(to_first), Applied::done);
  EXPECT_EQ(records(now()->journal_after("sf", 10)), (std::vector<std::string>{"r3"}));
  EXPECT_EQ(now()->journal_waiting("sf"), 1);
}

TEST_P(JournalContract, ALimitGivesTheOldest) {
  auto u = unit();
  u.journal = {change("r1", 9), change("r2", 5), change("r3", 1)};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(records(now()->journal_after("sf", 2)), (std::vector<std::string>{"r1", "r2"}));
}

TEST_P(JournalContract, KeysAreForgottenAfterSevenDaysAndNotBefore) {
  auto u = unit();
  u.journal = {change("r1", 1, minute(0))};
  ASSERT_EQ(apply(u), Applied::done);
  auto done = unit();
  done.applied_to = {"sf", now()->journal_after("sf", 1).at(0).position};
  ASSERT_EQ(apply(done), Applied::done);

  auto six_days = unit();
  six_days.journal = {change("r2", 2, minute(std::int64_t{6} * 24 * 60)),
                      change("r1", 1, minute(std::int64_t{6} * 24 * 60))};
  ASSERT_EQ(apply(six_days), Applied::done);
  EXPECT_EQ(records(now()->journal_after("sf", 10)), (std::vector<std::string>{"r2"}));

  auto eight_days = unit();
  eight_days.journal = {change("r3", 3, minute(std::int64_t{8} * 24 * 60))};
  ASSERT_EQ(apply(eight_days), Applied::done);
  auto again = unit();
  again.journal = {change("r1", 1, minute(std::int64_t{8} * 24 * 60))};
  ASSERT_EQ(apply(again), Applied::done);
  EXPECT_EQ(records(now()->journal_after("sf", 10)), (std::vector<std::string>{"r2", "r3", "r1"}));
}

TEST_P(JournalContract, CursorsAreSetReplacedAndErased) {
  auto u = unit();
  u.cursors = {{"sf/opportunity", "1"}, {"sf/deleted", "x"}};
  ASSERT_EQ(apply(u), Applied::done);
  u.cursors = {{"sf/opportunity", "2"}, {"sf/deleted", ""}};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->cursor("sf/opportunity"), "2");
  EXPECT_EQ(now()->cursor("sf/deleted"), std::nullopt);
}

TEST_P(JournalContract, ReadListHoldsARecordOnceUntilItIsTakenOff) {
  auto u = unit();
  u.read_list = {
      {"sf", "opportunity", "r2"}, {"sf", "opportunity", "r1"}, {"sf", "opportunity", "r2"}, {"hs", "deal", "d"}};
  ASSERT_EQ(apply(u), Applied::done);
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  const auto to_read = [this](std::size_t limit) {
    Pairs out;
    for (const auto& row : now()->read_list("sf", limit)) out.emplace_back(row.object, row.record);
    return out;
  };
  EXPECT_EQ(to_read(10), (Pairs{{"opportunity", "r1"}, {"opportunity", "r2"}}));
  EXPECT_EQ(to_read(1), (Pairs{{"opportunity", "r1"}}));
  EXPECT_EQ(now()->read_list_waiting("sf"), 2);
  EXPECT_EQ(now()->read_list_waiting("nobody"), 0);
  auto off = unit();
  off.read_list = {{"sf", "opportunity", "r1", false}};
  ASSERT_EQ(apply(off), Applied::done);
  EXPECT_EQ(to_read(10), (Pairs{{"opportunity", "r2"}}));
  EXPECT_EQ(now()->read_list_waiting("sf"), 1);
}

TEST_P(JournalContract, ARecordAskedForAgainWhileItWasReadStaysOnTheReadList) {
  auto add = unit();
  add.read_list = {{"sf", "opportunity", "r1"}};
  ASSERT_EQ(apply(add), Applied::done);
  const auto read = now()->read_list("sf", 10).at(0);
  ASSERT_EQ(apply(add), Applied::done);
  auto off = unit();
  off.read_list = {{"sf", "opportunity", "r1", false, read.generation}};
  ASSERT_EQ(apply(off), Applied::done);
  const auto left = now()->read_list("sf", 10);
  ASSERT_EQ(left.size(), 1U);
  off.read_list = {{"sf", "opportunity", "r1", false, left[0].generation}};
  ASSERT_EQ(apply(off), Applied::done);
  EXPECT_TRUE(now()->read_list("sf", 10).empty());
}

}  // namespace
}  // namespace coachd::store::contract
