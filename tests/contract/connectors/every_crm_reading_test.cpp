// What the daemon expects of every CRM's connector, on the same company: reading, writing and trouble.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/value.hpp"
#include "tests/contract/connectors/world.hpp"

namespace coachd::contract {
namespace {

using connectors::PromptWrite;
using model::Failure;
using model::RecordId;
using model::Value;

const model::RecordRow* find(const std::vector<model::RecordRow>& rows, const std::string& id) {
  const auto found = std::find_if(rows.rbegin(), rows.rend(), [&](const auto& row) { return row.id.get() == id; });
  return found == rows.rend() ? nullptr : &*found;
}

TEST_P(EveryCrm, ReadsOnlyWhatChangedSince) {
  connect();
  const auto all = opportunity_ids();
  std::string cursor;
  ASSERT_EQ(read_all(cursor, {words.next_step}).size(), all.size());
  pass(3600s);
  read_all(cursor, {words.next_step});  // repeats of the overlap
  EXPECT_TRUE(read_all(cursor, {words.next_step}).empty());
  pass(3600s);
  ASSERT_TRUE(act(a_rep(), all[7], {{words.next_step, std::string("Send the quote to Dana")}}));
  pass(60s);
  const auto rows = read_all(cursor, {words.next_step});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].id.get(), all[7]);
  EXPECT_EQ(rows[0].modified_by.get(), a_rep());
  ASSERT_EQ(rows[0].values.size(), 1u);
  EXPECT_EQ(rows[0].values[0].view(), Value::text("Send the quote to Dana"));
  // repeats within the overlap, silence after it
  pass(60s);
  EXPECT_LE(read_all(cursor, {words.next_step}).size(), 1u);
  pass(3600s);
  read_all(cursor, {words.next_step});
  EXPECT_TRUE(read_all(cursor, {words.next_step}).empty());
}

TEST_P(EveryCrm, ATestClockThatJumpsIsFollowedInTheSamePoll) {
  connect();
  const auto all = opportunity_ids();
  std::string cursor;
  read_all(cursor, {words.next_step});
  crm.clock().advance(24h);
  ASSERT_TRUE(act(a_rep(), all[7], {{words.next_step, std::string("Send the quote to Dana")}}));
  crm.clock().advance(60s);
  EXPECT_NE(find(read_all(cursor, {words.next_step}), all[7]), nullptr);
}

TEST_P(EveryCrm, ACrashBetweenPagesGoesOnWhereItWas) {
  const Wish wish{.page = 10, .overlap = {}, .address = {}, .secret = {}, .network = {}};
  connect(wish);
  const auto all = opportunity_ids();
  std::set<std::string> seen;
  std::string cursor;
  for (bool more = true; more;) {
    connect(wish);  // everything but the cursor is lost
    const auto page = run(connector->read({words.object, {words.name}, cursor}));
    ASSERT_TRUE(page) << page.error().what;
    for (const auto& row : page->rows) EXPECT_TRUE(seen.insert(row.id.get()).second) << "twice";
    cursor = page->next;
    more = page->more;
  }
  EXPECT_EQ(seen.size(), all.size());
}

// A daemon that was killed, or restored from a backup, comes back with whatever cursor it had stored, and decides by
// what it knows once that reading is at its end and another one, too.
TEST_P(EveryCrm, FromEveryCursorTheSecondReadingEndsWithWhatIsThere) {
  const Wish wish{.page = 50, .overlap = {}, .address = {}, .secret = {}, .network = {}};
  connect(wish);
  const auto all = opportunity_ids();
  ASSERT_FALSE(crm.act_delete(a_rep(), all[3]));
  std::vector<std::string> cursors{""};
  for (int readings = 0; readings < 3;) {
    const auto page = run(connector->read({words.object, {words.next_step}, cursors.back()}));
    ASSERT_TRUE(page) << page.error().what;
    cursors.push_back(page->next);
    if (page->more) continue;
    ++readings;
    pass(3600s);
  }
  ASSERT_GE(cursors.size(), 6u) << "in the middle of a load and of what follows it, too";
  ASSERT_TRUE(act(a_rep(), all[7], {{words.next_step, std::string("Send the quote to Dana")}}));
  pass(60s);
  for (auto cursor : cursors) {
    connect(wish);
    const auto from = cursor;
    auto rows = read_all(cursor, {words.next_step});
    for (auto& row : read_all(cursor, {words.next_step})) rows.push_back(std::move(row));
    const auto* const row = find(rows, all[7]);
    ASSERT_NE(row, nullptr) << from;
    EXPECT_EQ(row->values[0].view(), Value::text("Send the quote to Dana")) << from;
  }
}

TEST_P(EveryCrm, DeletedRecordsComeAsDeleted) {
  connect();
  const auto all = opportunity_ids();
  std::string cursor;
  read_all(cursor, {words.name});
  pass(3600s);
  ASSERT_FALSE(crm.act_delete(a_rep(), all[3]));
  pass(60s);
  const auto rows = read_all(cursor, {words.name});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].id.get(), all[3]);
  EXPECT_TRUE(rows[0].deleted);
  const auto fetched = run(connector->fetch(words.object, {RecordId(all[3]), RecordId(all[4])}, {words.name}));
  ASSERT_TRUE(fetched) << fetched.error().what;
  ASSERT_EQ(fetched->rows.size(), 2u);
  EXPECT_NE(fetched->rows[0].deleted, fetched->rows[1].deleted);
}

TEST_P(EveryCrm, ALateCommitIsCaughtByTheOverlap) {
  connect();
  const auto all = opportunity_ids();
  std::string cursor;
  read_all(cursor, {words.next_step});
  pass(3600s);
  // stamped now, visible in three minutes; meanwhile another record changes and is read
  ASSERT_TRUE(act(a_rep(), all[5], {{words.next_step, std::string("From a slow transaction")}}, 180s));
  pass(60s);
  ASSERT_TRUE(act(a_rep(), all[6], {{words.next_step, std::string("From a quick one")}}));
  pass(60s);
  auto rows = read_all(cursor, {words.next_step});
  EXPECT_EQ(find(rows, all[5]), nullptr);
  EXPECT_NE(find(rows, all[6]), nullptr);
  pass(120s);
  rows = read_all(cursor, {words.next_step});
  ASSERT_NE(find(rows, all[5]), nullptr);
  EXPECT_EQ(find(rows, all[5])->values[0].view(), Value::text("From a slow transaction"));
}

TEST_P(EveryCrm, WithoutOverlapALateCommitWouldBeLost) {
  connect({.page = {}, .overlap = 0s, .address = {}, .secret = {}, .network = {}});
  const auto all = opportunity_ids();
  std::string cursor;
  read_all(cursor, {words.next_step});
  pass(3600s);
  ASSERT_TRUE(act(a_rep(), all[5], {{words.next_step, std::string("Slow")}}, 180s));
  pass(120s);
  read_all(cursor, {words.next_step});
  pass(120s);
  EXPECT_EQ(find(read_all(cursor, {words.next_step}), all[5]), nullptr);
}

}  // namespace
}  // namespace coachd::contract
