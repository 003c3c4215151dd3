#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <utility>

#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

template <class Condition>
bool within_seconds(int seconds, Condition condition) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

class CheckpointerTest : public testing::Test {
 protected:
  void open_with(std::int64_t wal_limit, std::int64_t wal_late = std::int64_t{256} * 1024 * 1024) {
    auto options = folder_.options();
    options.checkpoint_every = std::chrono::milliseconds(5);
    options.wal_limit_bytes = wal_limit;
    options.wal_late_bytes = wal_late;
    options.on_event = [this](Event e, std::int64_t) { late_ += e == Event::checkpoint_late ? 1 : 0; };
    store_ = open(std::move(options));
  }
  void put(std::size_t bytes) {
    ASSERT_EQ(apply_and_wait(*store_, folder_.entry(*store_, ++key_, bytes)), Applied::done);
  }
  [[nodiscard]] std::uintmax_t file_bytes() const { return std::filesystem::file_size(folder_.path() / "coachd.db"); }

  StateFolder folder_;
  std::atomic<int> late_ = 0;
  std::uint64_t key_ = 0;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(CheckpointerTest, CarriesTheWalOverIntoTheFile) {
  open_with(std::int64_t{256} * 1024 * 1024);
  put(3'000'000);
  EXPECT_TRUE(within_seconds(10, [&] { return file_bytes() > 3'000'000; }));
}

TEST_F(CheckpointerTest, WithoutReadersTheWalIsUsedAgainFromItsBeginning) {
  open_with(std::int64_t{256} * 1024 * 1024);
  put(1'000'000);
  // Once a checkpoint was through before the next commit, that commit does not make the WAL longer.
  EXPECT_TRUE(within_seconds(10, [&] {
    const auto before = store_->wal_bytes();
    put(100'000);
    return store_->wal_bytes() == before;
  }));
}

TEST_F(CheckpointerTest, AReaderThatHoldsAWalAboveItsLimitIsToldOfAndTheRestFollowsWhenItEnds) {
  open_with(500'000, 500'000);
  put(1000);
  auto reader = store_->open_reader();
  auto held = reader->snapshot();
  for (int i = 0; i < 3; ++i) put(1'000'000);
  EXPECT_TRUE(within_seconds(10, [&] { return late_ == 1; }));
  put(1'000'000);  // the writer goes on meanwhile
  EXPECT_EQ(held->journal_waiting("sf"), 1);
  held.reset();
  EXPECT_TRUE(within_seconds(10, [&] { return file_bytes() > 4'000'000; }));
}

TEST_F(CheckpointerTest, UnderSteadyLoadTheWalIsBegunAgainAboveItsLimit) {
  open_with(1'000'000);
  // The next unit is there before the writer is done with the last: it never rests, and no checkpoint by itself ever
  // finds everything carried over.
  std::promise<void> all;
  std::atomic<int> left = 3000;
  std::function<void(Applied)> next = [&](Applied) {
    const int n = --left;
    if (n == 0) all.set_value();
    if (n > 1) store_->apply(folder_.entry(*store_, static_cast<std::uint64_t>(n), 20'000), next);
  };
  next(Applied::done);
  next(Applied::done);
  all.get_future().wait();
  EXPECT_LT(store_->wal_bytes(), 20'000'000);
}

TEST_F(CheckpointerTest, BesideABusyDoorTheHallHoldsStillAtTimesAndComesToItsEnd) {
  open_with(1'000'000);
  std::promise<void> doors_done, hall_done;
  std::atomic<int> doors_left = 2000, hall_left = 300;
  std::atomic<bool> busy_seen = false;
  std::function<void(Applied)> door = [&](Applied) {
    const int n = --doors_left;
    busy_seen = busy_seen || store_->pace().door_busy;
    if (n == 0) doors_done.set_value();
    if (n <= 0) return;
    auto delivery = folder_.entry(*store_, static_cast<std::uint64_t>(n), 10'000);
    delivery.journal.front().kind = JournalEntry::Kind::hint;
    store_->apply(std::move(delivery), door);
  };
  std::function<void(Applied)> hall = [&](Applied answer) {
    EXPECT_EQ(answer, Applied::done);
    const int n = --hall_left;
    if (n == 0) hall_done.set_value();
    if (n > 0)
      store_->apply(folder_.entry(*store_, 100'000U + static_cast<std::uint64_t>(n), 50'000, UnitOfWork::Urgency::hall),
                    hall);
  };
  door(Applied::done);
  hall(Applied::done);
  doors_done.get_future().wait();
  hall_done.get_future().wait();
  EXPECT_TRUE(busy_seen) << "else nothing of the hall's waiting was looked at here";
  EXPECT_LT(store_->wal_bytes(), 20'000'000);
}

TEST_F(CheckpointerTest, StoppingLeavesAnEmptyWal) {
  open_with(std::int64_t{256} * 1024 * 1024);
  put(1'000'000);
  store_->stop();
  EXPECT_EQ(store_->wal_bytes(), 0);
}

}  // namespace
}  // namespace coachd::store::sqlite
