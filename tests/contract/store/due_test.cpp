#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include "daemon/store/store.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

class DueContract : public StoreContract {
 protected:
  Applied make_due(const std::string& record, Instant at) {
    auto u = unit();
    u.make_due = {{"sf", "opportunity", record, at, 0}};
    return apply(u);
  }
  Applied evaluated(const std::string& record, std::int64_t revision, std::int64_t generation,
                    std::optional<Instant> next, const std::string& cannot_tell = "") {
    auto u = unit();
    u.evaluated = {{"sf", "opportunity", record, revision, generation, next, cannot_tell}};
    u.counters = {{"evaluations", 1}};
    return apply(u);
  }
  std::optional<DueRow> due(const std::string& record) {
    for (auto& row : now()->due("sf", minute(100'000), 1'000))
      if (row.record == record) return std::move(row);
    return std::nullopt;
  }
};
COACHD_STORE_CONTRACT(DueContract);

TEST_P(DueContract, KeepsTheEarlierInstantAndCountsEveryCall) {
  ASSERT_EQ(make_due("r1", minute(10)), Applied::done);
  ASSERT_EQ(make_due("r1", minute(20)), Applied::done);
  EXPECT_EQ(due("r1")->at, minute(10));
  EXPECT_EQ(due("r1")->generation, 2);
  ASSERT_EQ(make_due("r1", minute(5)), Applied::done);
  EXPECT_EQ(due("r1")->at, minute(5));
  EXPECT_EQ(due("r1")->generation, 3);
}

TEST_P(DueContract, ListsWhatIsDueInOrderOfTime) {
  EXPECT_EQ(now()->next_due(), std::nullopt);
  ASSERT_EQ(make_due("r1", minute(30)), Applied::done);
  ASSERT_EQ(make_due("r2", minute(10)), Applied::done);
  ASSERT_EQ(make_due("r3", minute(20)), Applied::done);
  const auto view = now();
  EXPECT_EQ(view->next_due(), minute(10));
  const auto got = view->due("sf", minute(20), 10);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].record, "r2");
  EXPECT_EQ(got[1].record, "r3");
  EXPECT_EQ(view->due("sf", minute(60), 1).size(), 1U);
  EXPECT_TRUE(view->due("hs", minute(60), 10).empty());
}

TEST_P(DueContract, OneConnectionDoesNotStandInTheWayOfAnother) {
  auto u = unit();
  u.make_due = {{"hs", "deal", "d1", minute(3), 0}, {"sf", "opportunity", "r1", minute(5), 0}};
  ASSERT_EQ(apply(u), Applied::done);
  const auto view = now();
  EXPECT_EQ(view->next_due(), minute(3));
  EXPECT_EQ(view->next_due("sf"), minute(5));
  EXPECT_EQ(view->next_due("nobody"), std::nullopt);
  ASSERT_EQ(view->due("sf", minute(60), 1).size(), 1U);
  EXPECT_EQ(view->due("sf", minute(60), 1)[0].record, "r1");
}

TEST_P(DueContract, AnEvaluationSetsWhenToLookAgain) {
  auto u = unit();
  u.snapshots = {snapshot("r1")};
  u.make_due = {{"sf", "opportunity", "r1", minute(0), 0}};
  ASSERT_EQ(apply(u), Applied::done);
  ASSERT_EQ(evaluated("r1", 1, 1, minute(500), "x"), Applied::done);
  EXPECT_EQ(due("r1")->at, minute(500));
  EXPECT_EQ(due("r1")->generation, 1);
  EXPECT_EQ(now()->due_of("sf", "opportunity", "r1").cannot_tell, "x");
  ASSERT_EQ(evaluated("r1", 1, 1, std::nullopt), Applied::done);
  EXPECT_EQ(due("r1"), std::nullopt);
  EXPECT_EQ(now()->next_due(), std::nullopt);
  EXPECT_EQ(now()->due_of("sf", "opportunity", "r1").cannot_tell, "");
}

TEST_P(DueContract, AResultOfAnOlderRevisionOrGenerationIsRefusedWhole) {
  auto u = unit();
  u.snapshots = {snapshot("r1")};
  u.make_due = {{"sf", "opportunity", "r1", minute(0), 0}};
  ASSERT_EQ(apply(u), Applied::done);
  ASSERT_EQ(apply(u), Applied::done);  // revision 2, generation 2
  EXPECT_EQ(evaluated("r1", 1, 2, minute(500)), Applied::conflict);
  EXPECT_EQ(evaluated("r1", 2, 1, minute(500)), Applied::conflict);
  EXPECT_EQ(due("r1")->at, minute(0));
  EXPECT_TRUE(now()->counters().empty());
  EXPECT_EQ(evaluated("r1", 2, 2, minute(500)), Applied::done);
}

// Else an evaluation that was read before would be taken for one of the new time.
TEST_P(DueContract, TheGenerationGoesOnAfterARecordWasNoLongerDue) {
  ASSERT_EQ(make_due("r1", minute(0)), Applied::done);
  ASSERT_EQ(evaluated("r1", 0, 1, std::nullopt), Applied::done);
  ASSERT_EQ(make_due("r1", minute(0)), Applied::done);
  EXPECT_EQ(due("r1")->generation, 2);
  EXPECT_EQ(evaluated("r1", 0, 1, std::nullopt), Applied::conflict);
}

TEST_P(DueContract, AUnitThatEvaluatesAndMakesDueLeavesTheRecordDue) {
  ASSERT_EQ(make_due("r1", minute(0)), Applied::done);
  auto u = unit();
  u.evaluated = {{"sf", "opportunity", "r1", 0, 1, minute(500), ""}};
  u.make_due = {{"sf", "opportunity", "r1", minute(3), 0}};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(due("r1")->at, minute(3));
  EXPECT_EQ(due("r1")->generation, 2);
}

TEST_P(DueContract, CountsOfCannotTellAreKeptAndVanishAtNought) {
  auto u = unit();
  u.cannot_tell = {{"sf", "w/a", "unread", 2}, {"sf", "w/b", "unread", 1}};
  ASSERT_EQ(apply(u), Applied::done);
  u.cannot_tell = {{"sf", "w/a", "unread", 1}, {"sf", "w/b", "unread", -1}};
  ASSERT_EQ(apply(u), Applied::done);
  const auto got = now()->cannot_tell();
  ASSERT_EQ(got.size(), 1U);
  EXPECT_EQ(got[0].rule, "w/a");
  EXPECT_EQ(got[0].reason, "unread");
  EXPECT_EQ(got[0].delta, 3);
}

}  // namespace
}  // namespace coachd::store::contract
