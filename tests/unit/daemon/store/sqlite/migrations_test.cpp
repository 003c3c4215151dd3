// A state of an older coachd goes on where it was.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "daemon/store/sqlite/migrations.hpp"
#include "daemon/store/sqlite/schema.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

void write_older(const StateFolder& folder, std::size_t steps, const char* rows) {
  Connection c(state_file(folder.path()), Connection::Mode::write, 0);
  for (std::size_t i = 0; i < steps; ++i) c.run(schema_steps()[i]);
  c.run(("PRAGMA application_id=" + std::to_string(application_id)).c_str());
  c.run(("PRAGMA user_version=" + std::to_string(steps)).c_str());
  c.run(rows);
}

TEST(Migrations, WhatWaitsInAJournalKeepsItsPlaceAndItsPosition) {
  const StateFolder folder;
  write_older(folder, 3,
              "INSERT INTO journal_state VALUES('hs',3,3),('sf',5,3);"
              "INSERT INTO journal VALUES('sf',4,0,'deal','a',11,2,x'31',21),('sf',5,1,'deal','b',12,2,x'32',22)");
  const auto store = open(folder.options());
  {
    const auto reader = store->open_reader();
    const auto state = reader->snapshot();
    const auto rows = state->journal_after("sf", 10);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].position, 4);
    EXPECT_EQ(rows[1].position, 5);
    EXPECT_EQ(rows[1].record, "b");
    EXPECT_EQ(rows[1].kind, JournalEntry::Kind::hint);
    EXPECT_EQ(rows[1].key, 12U);
    EXPECT_EQ(rows[1].key_time.time_since_epoch().count(), 22);
    EXPECT_EQ(rows[1].body, "2");
    EXPECT_EQ(state->journal_waiting("sf"), 2);
    EXPECT_EQ(state->journal_waiting("hs"), 0);
  }
  ASSERT_EQ(apply_and_wait(*store, folder.entry(*store, 77, 10)), Applied::done);
  const auto reader = store->open_reader();
  EXPECT_EQ(reader->snapshot()->journal_after("sf", 10).back().position, 6);
}

TEST(Migrations, KeysOfBeforeAreForgottenAndNewOnesKept) {
  const StateFolder folder;
  write_older(folder, 4, "INSERT INTO journal_key VALUES('sf',22,77,22)");
  const auto store = open(folder.options());
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(apply_and_wait(*store, folder.entry(*store, 77, 10)), Applied::done);
    EXPECT_EQ(store->open_reader()->snapshot()->journal_waiting("sf"), 1);
  }
}

TEST(Migrations, FindingsOfBeforeAreNobodysDetections) {
  const StateFolder folder;
  write_older(folder, 5, "INSERT INTO finding VALUES('sf','deal','a','w/r','r','ana',1,2,NULL,'',1,0)");
  const auto store = open(folder.options());
  {
    const auto reader = store->open_reader();
    const auto state = reader->snapshot();
    const auto open = state->open_findings("sf", 10);
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(open[0].owner, "ana");
    EXPECT_EQ(open[0].detail, "");
    EXPECT_TRUE(state->detected_after("sf", {}, 10).empty());
  }
  UnitOfWork unit;
  unit.epoch = store->epoch();
  FindingRow row;
  row.connection = "sf";
  row.object = "unit:person";
  row.record = "ana";
  row.rule = "w/d";
  row.finding = "d";
  row.detail = std::string("\0\x01", 2);
  unit.findings.push_back(row);
  ASSERT_EQ(apply_and_wait(*store, std::move(unit)), Applied::done);
  const auto reader = store->open_reader();
  const auto found = reader->snapshot()->detected_after("sf", {}, 10);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].detail, row.detail);
}

TEST(Migrations, CountsOfTextsGoOnWhetherTheyAreSharedOrNot) {
  const StateFolder folder;
  write_older(folder, 7,
              "INSERT INTO fact VALUES('sf','f','r1','ann',0,8),('sf','f','r2','ann',0,8),('sf','f','r3','ann',0,9);"
              "INSERT INTO fact_owner VALUES('sf','f','ann',x'',3);"
              "INSERT INTO fact_text VALUES('sf','f','ann',8,2),('sf','f','ann',9,1)");
  const auto store = open(folder.options());
  const auto count = [&](std::uint64_t text) {
    return store->open_reader()->snapshot()->fact_count("sf", "f", "ann", text);
  };
  EXPECT_EQ(count(8), 2);
  EXPECT_EQ(count(9), 1);
  UnitOfWork unit;
  unit.epoch = store->epoch();
  unit.facts = {{"sf", "f", "ann", "r1", 0, 9}};
  ASSERT_EQ(apply_and_wait(*store, std::move(unit)), Applied::done);
  EXPECT_EQ(count(8), 1);
  EXPECT_EQ(count(9), 2);
}

}  // namespace
}  // namespace coachd::store::sqlite
