// The WAL reaches the file in few calls, and says the same as one that SQLite writes by itself.

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

namespace fs = std::filesystem;

/// Calls that write, of this thread so far.
std::int64_t write_calls() {
  std::ifstream io("/proc/thread-self/io");
  std::string name;
  std::int64_t n = 0;
  while (io >> name >> n)
    if (name == "syscw:") return n;
  return -1;
}

struct State {
  StateFolder folder;
  fs::path file = state_file(folder.path());
  fs::path wal = file.string() + "-wal";
  Connection c{file, Connection::Mode::write, 0};

  State() { c.run("CREATE TABLE t(n INTEGER PRIMARY KEY, text TEXT)"); }
  void insert(int from, int to) {
    for (int n = from; n < to; ++n)
      Query(c, "INSERT INTO t VALUES(?,?)", n, std::string(1000, static_cast<char>('a' + n % 26))).run();
  }
};

/// Its files as they stand now, opened elsewhere: as after a sudden end.
struct Later {
  StateFolder folder;
  fs::path file = state_file(folder.path());
  Connection c;

  explicit Later(const State& s) : c((copy(s), file), Connection::Mode::write, 0) {}
  void copy(const State& s) const {
    fs::copy_file(s.file, file);
    fs::copy_file(s.wal, file.string() + "-wal");
  }
};

std::int64_t sum(Connection& c) {
  return c.pragma("SELECT sum(n*length(text)) FROM t WHERE text=replace(hex(zeroblob(500)),'0',char(97+n%26))");
}

constexpr std::int64_t sum_to(std::int64_t n) {
  return n * (n - 1) / 2 * 1000;
}

TEST(WalFile, ACommitOfManyPagesIsAFewCalls) {
  State s;
  if (write_calls() < 0) GTEST_SKIP() << "this system does not count them";
  s.c.run("BEGIN");
  s.insert(0, 200);  // 50 pages
  const auto before = write_calls();
  s.c.run("COMMIT");
  EXPECT_LE(write_calls() - before, 8);
  EXPECT_EQ(sum(s.c), sum_to(200));
}

TEST(WalFile, GrowsByStepsSoThatACommitIsNotALongerFile) {
  State s;
  s.insert(0, 10);
  const auto size = fs::file_size(s.wal);
  s.insert(10, 20);
  EXPECT_EQ(fs::file_size(s.wal), size);
  s.insert(20, 500);
  EXPECT_GT(fs::file_size(s.wal), size);
}

TEST(WalFile, AnotherReaderSeesWhatIsCommittedAndNothingElse) {
  State s;
  s.insert(0, 30);
  Connection reader(s.file, Connection::Mode::read, 0);
  EXPECT_EQ(sum(reader), sum_to(30));
  s.c.run("PRAGMA cache_size=5");  // pages go into the WAL before the commit, and are read back from there
  s.c.run("BEGIN");
  s.insert(30, 400);
  EXPECT_EQ(sum(s.c), sum_to(400));
  EXPECT_EQ(sum(reader), sum_to(30));
  s.c.run("ROLLBACK");
  EXPECT_EQ(sum(s.c), sum_to(30));
  s.insert(30, 60);
  EXPECT_EQ(sum(reader), sum_to(60));
}

TEST(WalFile, AfterASuddenEndEverythingCommittedIsThere) {
  State s;
  s.insert(0, 300);
  s.c.run("BEGIN");
  s.insert(300, 350);
  Later later(s);
  EXPECT_EQ(sum(later.c), sum_to(300));
  EXPECT_EQ(row_of(later.c, [](const Query& q) { return q.text(0); }, "PRAGMA quick_check"), "ok");
  Query(later.c, "INSERT INTO t VALUES(1000,'x')").run();
  EXPECT_EQ(later.c.pragma("SELECT count(*) FROM t"), 301);
}

TEST(WalFile, BegunAgainFromItsStartItSaysWhatIsNew) {
  State s;
  s.insert(0, 300);
  EXPECT_EQ(s.c.pragma("PRAGMA wal_checkpoint(RESTART)"), 0);
  const auto size = fs::file_size(s.wal);
  s.insert(300, 310);
  EXPECT_EQ(fs::file_size(s.wal), size);
  Later later(s);
  EXPECT_EQ(sum(later.c), sum_to(310));
}

}  // namespace
}  // namespace coachd::store::sqlite
