// Commands look at the state of a running daemon. What keeps them from believing themselves alone, and from taking the
// WAL away when they end, is the lock that the daemon holds on the file.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

// SQLite's range of shared locks; see "os.h" there.
constexpr off_t shared_first = 0x40000002;
constexpr off_t shared_size = 510;

// The kind of lock that stands in the way of an exclusive one, seen as by another process.
short lock_in_the_way(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  struct flock wish{};
  wish.l_type = F_WRLCK;
  wish.l_whence = SEEK_SET;
  wish.l_start = shared_first;
  wish.l_len = shared_size;
  const int asked = ::fcntl(fd, F_OFD_GETLK, &wish);
  ::close(fd);
  return asked == 0 ? wish.l_type : short{-1};
}

TEST(StateLock, IsHeldByEachConnectionOfARunningDaemon) {
  const TemporaryFolder folder;
  const auto store = open_store(folder.path());
  const auto reader = store->open_reader();
  (void)reader->snapshot();
  EXPECT_EQ(lock_in_the_way(folder.path() / "coachd.db"), F_RDLCK);
}

TEST(StateLock, IsHeldAlsoWhereTheStateWasThereBefore) {
  const TemporaryFolder folder;
  open_store(folder.path()).reset();
  const auto store = open_store(folder.path());
  EXPECT_EQ(lock_in_the_way(folder.path() / "coachd.db"), F_RDLCK);
}

}  // namespace
}  // namespace coachd::pipeline
