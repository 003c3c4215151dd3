#include "daemon/store/sqlite/paced_writes.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

/// A connection's main file that counts what reaches it, and fails where it is told to.
struct Disk : sqlite3_io_methods {
  const sqlite3_io_methods* real = nullptr;
  int writes = 0, syncs = 0, since = 0, most = 0;  // `most`: pages between two syncs
  int fail_sync = 0;                               // the how-manieth from now on

  explicit Disk(sqlite3* db) : sqlite3_io_methods{} {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    real = file->pMethods;
    static_cast<sqlite3_io_methods&>(*this) = *real;
    xWrite = [](sqlite3_file* f, const void* bytes, int n, sqlite3_int64 at) {
      auto& disk = last();
      ++disk.writes;
      disk.most = std::max(disk.most, ++disk.since);
      return disk.real->xWrite(f, bytes, n, at);
    };
    xSync = [](sqlite3_file* f, int flags) {
      auto& disk = last();
      ++disk.syncs;
      disk.since = 0;
      if (disk.fail_sync > 0 && --disk.fail_sync == 0) return SQLITE_IOERR_FSYNC;
      return disk.real->xSync(f, flags);
    };
    file->pMethods = this;
    of_this_thread = this;
  }
  static Disk& last() { return *of_this_thread; }
  static thread_local Disk* of_this_thread;
};
thread_local Disk* Disk::of_this_thread = nullptr;

class PacedWritesTest : public ::testing::Test {
 protected:
  PacedWritesTest() {
    writer_.run("CREATE TABLE t(n INTEGER PRIMARY KEY, text TEXT)");
    writer_.run("BEGIN");
    for (int n = 0; n < 1000; ++n) Query(writer_, "INSERT INTO t VALUES(?,?)", n, std::string(1000, 'a')).run();
    writer_.run("COMMIT");
    paced_.install(c_.db().getHandle());
  }
  int checkpoint() {
    return sqlite3_wal_checkpoint_v2(c_.db().getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }

  StateFolder folder_;
  Connection writer_{state_file(folder_.path()), Connection::Mode::write, 0};
  PacedWrites paced_;
  Connection c_{state_file(folder_.path()), Connection::Mode::write, 0};
  Disk disk_{c_.db().getHandle()};
};

TEST_F(PacedWritesTest, NeverAreMorePagesOnTheirWayThanAPiece) {
  paced_.pace(true);
  EXPECT_EQ(checkpoint(), SQLITE_OK);
  EXPECT_GT(disk_.writes, 250);
  EXPECT_LE(disk_.most, PacedWrites::piece);
}

TEST_F(PacedWritesTest, WithoutItOnlyTheEndIsSynced) {
  EXPECT_EQ(checkpoint(), SQLITE_OK);
  EXPECT_GT(disk_.most, 250);
  EXPECT_EQ(disk_.syncs, 1);
}

TEST_F(PacedWritesTest, ASyncThatFailsEndsTheCheckpointAndTheNextOneCarriesAllOver) {
  paced_.pace(true);
  disk_.fail_sync = 3;
  EXPECT_EQ(checkpoint() & 0xff, SQLITE_IOERR);
  const int before = disk_.writes;
  EXPECT_EQ(checkpoint(), SQLITE_OK);
  EXPECT_GT(disk_.writes - before, 250) << "those that a failed sync may have lost too";
  EXPECT_EQ(c_.pragma("SELECT count(*) FROM t WHERE length(text)=1000"), 1000);
}

TEST_F(PacedWritesTest, WhatIsLeftOfAPieceCanBeSynced) {
  EXPECT_EQ(paced_.sync(), SQLITE_OK);
  EXPECT_EQ(disk_.syncs, 0) << "nothing was written";
  paced_.pace(true);
  EXPECT_EQ(checkpoint(), SQLITE_OK);
  EXPECT_EQ(paced_.sync(), SQLITE_OK);
  EXPECT_EQ(disk_.since, 0);
}

}  // namespace
}  // namespace coachd::store::sqlite
