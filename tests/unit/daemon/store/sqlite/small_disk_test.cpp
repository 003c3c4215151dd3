// A disk that is really full: a tmpfs of a few megabytes in a mount namespace that only a child process sees. Skipped
// where the system allows no such namespace.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <thread>

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr int no_namespace = 77;

bool small_disk(const std::filesystem::path& at, const char* size) {
  const bool apart = ::geteuid() == 0 ? ::unshare(CLONE_NEWNS) == 0 : ::unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0;
  return apart && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", at.c_str(), "tmpfs", 0, size) == 0;
}

std::int64_t waiting(Store& s) {
  return s.open_reader()->snapshot()->journal_waiting("sf");
}

// Returns 0, or the line that did not hold.
#define HOLD(condition)                                                          \
  do {                                                                           \
    if (!(condition)) {                                                          \
      std::fprintf(stderr, "line %d: %s does not hold\n", __LINE__, #condition); \
      return 1;                                                                  \
    }                                                                            \
  } while (false)

class Others {  // what else is on the disk
 public:
  explicit Others(const std::filesystem::path& disk) : file_(disk / "of others") {}
  void take(std::size_t most) const {
    const int fd = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const std::string page(4096, 'x');
    for (std::size_t n = 0; n < most && ::write(fd, page.data(), page.size()) > 0; n += page.size()) continue;
    ::close(fd);
  }
  void go() const { std::filesystem::remove(file_); }

 private:
  std::filesystem::path file_;
};

bool room_again(const SqliteStore& store) {
  for (int i = 0; i < 500 && store.full(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return !store.full();
}

int scenario(const StateFolder& folder) {
  if (!small_disk(folder.path(), "size=8m")) return no_namespace;
  const Others others(folder.path());
  // 2 MB are left for the file and its WAL. Once they go there is room for twice that and the reserve, however much of
  // the WAL is still to be carried over: then the file grows to its size.
  others.take(std::size_t{5} * 1024 * 1024);
  auto options = folder.options();
  options.folder = folder.path() / "state";
  options.checkpoint_every = std::chrono::milliseconds(5);
  auto store = open(options);

  // It fills up while the daemon runs.
  std::int64_t done = 0;
  Applied last = Applied::done;
  while (done < 1000 && (last = apply_and_wait(*store, folder.entry(*store, static_cast<std::uint64_t>(done) + 1,
                                                                    50'000))) == Applied::done)
    ++done;
  HOLD(last == Applied::no_space);
  HOLD(done > 5 && done < 200);
  HOLD(store->full());
  HOLD(waiting(*store) == done);
  auto answer = folder.entry(*store, 1, 0, UnitOfWork::Urgency::hall);  // of a call that was already made
  answer.journal.clear();
  answer.counters = {{"answers", 1}};
  HOLD(apply_and_wait(*store, answer) == Applied::done);
  others.go();
  HOLD(room_again(*store));
  HOLD(apply_and_wait(*store, folder.entry(*store, 5000, 50'000)) == Applied::done);
  HOLD(waiting(*store) == ++done);

  // It is filled to the last byte while the daemon is down: only the reserve lets it start.
  store.reset();
  others.take(std::size_t{64} * 1024 * 1024);
  store = open(options);
  HOLD(store->full());
  HOLD(waiting(*store) == done);
  HOLD(apply_and_wait(*store, folder.entry(*store, 5001, 50'000)) == Applied::no_space);
  answer.epoch = store->epoch();
  HOLD(apply_and_wait(*store, answer) == Applied::done);
  others.go();
  HOLD(room_again(*store));
  HOLD(apply_and_wait(*store, folder.entry(*store, 5001, 50'000)) == Applied::done);
  store.reset();
  store = open(options);
  HOLD(waiting(*store) == done + 1);
  return 0;
}

TEST(SmallDisk, NothingConfirmedIsLostAndAllGoesOnWhenThereIsRoom) {
  const StateFolder folder;
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int code = 2;
    try {
      code = scenario(folder);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
    }
    ::_exit(code);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status)) << status;
  if (WEXITSTATUS(status) == no_namespace) GTEST_SKIP() << "no mount namespace here";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace coachd::store::sqlite
