#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

class RecordsContract : public StoreContract {};
COACHD_STORE_CONTRACT(RecordsContract);

TEST_P(RecordsContract, KeepsEveryFieldOfARecord) {
  auto u = unit();
  auto r = snapshot("r1", std::string("\0\x01", 2), minute(4));
  r.merged_into = "r9";
  u.snapshots = {r};
  ASSERT_EQ(apply(u), Applied::done);
  const auto got = now()->record("sf", "opportunity", "r1");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->connection, "sf");
  EXPECT_EQ(got->object, "opportunity");
  EXPECT_EQ(got->record, "r1");
  EXPECT_EQ(got->version, minute(4));
  EXPECT_EQ(got->created, minute(-1000));
  EXPECT_EQ(got->created_by, "u1");
  EXPECT_EQ(got->modified_by, "u2");
  EXPECT_FALSE(got->deleted);
  EXPECT_EQ(got->merged_into, "r9");
  EXPECT_EQ(got->read_set, 3U);
  EXPECT_EQ(got->values, std::string("\0\x01", 2));
  EXPECT_EQ(got->revision, 1);
  EXPECT_FALSE(now()->record("hs", "opportunity", "r1"));
}

TEST_P(RecordsContract, EveryWriteCountsTheRevisionUpWhateverTheCallerSays) {
  auto u = unit();
  u.snapshots = {snapshot("r1")};
  u.snapshots[0].revision = 77;
  ASSERT_EQ(apply(u), Applied::done);
  ASSERT_EQ(apply(u), Applied::done);
  u.snapshots.push_back(u.snapshots[0]);
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->record("sf", "opportunity", "r1")->revision, 4);
}

TEST_P(RecordsContract, ATombstoneHoldsNoValuesAndIsNotCounted) {
  auto u = unit();
  u.snapshots = {snapshot("r1"), snapshot("r2"), snapshot("r3")};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->record_count("sf", "opportunity"), 3);
  auto gone = snapshot("r2", "still here");
  gone.deleted = true;
  u.snapshots = {gone};
  ASSERT_EQ(apply(u), Applied::done);
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->record_count("sf", "opportunity"), 2);
  const auto got = now()->record("sf", "opportunity", "r2");
  ASSERT_TRUE(got);
  EXPECT_TRUE(got->deleted);
  EXPECT_EQ(got->values, "");
  u.snapshots = {snapshot("r2")};  // undeleted in the CRM
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->record_count("sf", "opportunity"), 3);
  EXPECT_EQ(now()->record_count("sf", "account"), 0);
}

TEST_P(RecordsContract, WalksRecordsInIdOrderPageByPage) {
  auto u = unit();
  u.snapshots = {snapshot("r3"), snapshot("r1"), snapshot("r2")};
  auto other = snapshot("r0");
  other.object = "account";
  u.snapshots.push_back(other);
  ASSERT_EQ(apply(u), Applied::done);
  const auto first = now()->records_after("sf", "opportunity", "", 2);
  ASSERT_EQ(first.size(), 2U);
  EXPECT_EQ(first[0].record, "r1");
  EXPECT_EQ(first[1].record, "r2");
  const auto second = now()->records_after("sf", "opportunity", "r2", 2);
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].record, "r3");
}

TEST_P(RecordsContract, KnownSinceOfAFieldKeepsTheEarlierAndOfARecordTheLast) {
  auto u = unit();
  u.known_since = {{"sf", "opportunity", 7, "", minute(10)}, {"sf", "opportunity", 7, "r1", minute(10)}};
  ASSERT_EQ(apply(u), Applied::done);
  u.known_since = {{"sf", "opportunity", 7, "", minute(20)},
                   {"sf", "opportunity", 7, "r1", minute(20)},
                   {"sf", "opportunity", 7, "r2", minute(1)}};
  ASSERT_EQ(apply(u), Applied::done);
  const auto got = now()->known_since("sf", "opportunity", "r1");
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[0].record, "");
  EXPECT_EQ(got[0].at, minute(10));
  EXPECT_EQ(got[1].record, "r1");
  EXPECT_EQ(got[1].at, minute(20));
  u.known_since = {{"sf", "opportunity", 7, "", minute(5)}};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->known_since("sf", "opportunity", "r3").at(0).at, minute(5));
}

TEST_P(RecordsContract, DictionaryNumbersLastAndNeverChangeTheirMeaning) {
  auto& d = store_->dictionary();
  const auto amount = d.field("sf", "opportunity", "amount");
  const auto same_name = d.field("sf", "account", "amount");
  EXPECT_NE(amount, same_name);
  EXPECT_EQ(d.field("sf", "opportunity", "amount"), amount);
  const auto set = d.set({same_name, amount, amount});
  EXPECT_EQ(d.set({amount, same_name}), set);
  auto u = unit();
  u.snapshots = {snapshot("r1")};
  u.snapshots[0].read_set = set;
  ASSERT_EQ(apply(u), Applied::done);
  reopen();
  auto& after = store_->dictionary();
  EXPECT_EQ(after.field_name(amount), "amount");
  EXPECT_EQ(after.field("sf", "opportunity", "amount"), amount);
  EXPECT_EQ(after.fields_of_set(now()->record("sf", "opportunity", "r1")->read_set),
            (std::vector<std::uint32_t>{std::min(amount, same_name), std::max(amount, same_name)}));
  const auto fresh = after.field("sf", "opportunity", "stage");
  EXPECT_NE(fresh, amount);
  EXPECT_NE(fresh, same_name);
  EXPECT_EQ(after.field_name(4711), "");
}

}  // namespace
}  // namespace coachd::store::contract
