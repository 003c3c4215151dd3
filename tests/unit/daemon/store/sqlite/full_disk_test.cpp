// A full disk, played by a limit on the file's pages: SQLite answers the same (SQLITE_FULL).
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    auto options = folder_.options();
    options.on_event = [this](Event e, std::int64_t) {
      if (e == Event::full) ++full_;
      if (e == Event::room_again) ++room_;
      if (e == Event::failure) ++failures_;
    };
    store_ = open(std::move(options));
  }
  Applied put(std::uint64_t key, UnitOfWork::Urgency urgency = UnitOfWork::Urgency::intake,
              std::size_t bytes = 100'000) {
    return apply_and_wait(*store_, folder_.entry(*store_, key, bytes, urgency));
  }
  std::int64_t waiting() { return store_->open_reader()->snapshot()->journal_waiting("sf"); }
  bool reserve_there() const { return std::filesystem::exists(folder_.path() / "reserve"); }
  /// Writes until there is no room; returns how many units were confirmed.
  std::int64_t fill() {
    store_->limit_pages(300);
    std::int64_t done = 0;
    while (put(static_cast<std::uint64_t>(done) + 1) == Applied::done && done < 100) ++done;
    return done;
  }

  StateFolder folder_;
  std::atomic<int> full_ = 0, room_ = 0, failures_ = 0;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(FullDisk, IntakeIsRefusedTheReserveIsGivenUpAndNothingConfirmedIsLost) {
  EXPECT_TRUE(reserve_there());
  const auto done = fill();
  EXPECT_GT(done, 3);
  EXPECT_LT(done, 100);
  EXPECT_TRUE(store_->full());
  EXPECT_FALSE(reserve_there());
  EXPECT_EQ(full_, 1);
  EXPECT_EQ(waiting(), done);
  EXPECT_EQ(put(1000, UnitOfWork::Urgency::intake, 1), Applied::no_space);
  EXPECT_EQ(waiting(), done);
  EXPECT_EQ(failures_, 0);
}

TEST_F(FullDisk, ResultsOfTheHallGoOnBeingStoredWhereTheyFit) {
  const auto done = fill();
  EXPECT_EQ(put(1000, UnitOfWork::Urgency::hall), Applied::no_space);
  auto small = folder_.entry(*store_, 1, 0, UnitOfWork::Urgency::hall);
  small.journal.clear();
  small.counters = {{"answers", 1}};
  EXPECT_EQ(apply_and_wait(*store_, small), Applied::done);
  auto apply_journal = small;  // what makes room is possible too
  apply_journal.applied_to = {"sf", done};
  EXPECT_EQ(apply_and_wait(*store_, apply_journal), Applied::done);
  EXPECT_EQ(waiting(), 0);
}

TEST_F(FullDisk, GoesOnByItselfWhenThereIsRoom) {
  const auto done = fill();
  store_->limit_pages(0);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (store_->full() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(store_->full());
  EXPECT_EQ(room_, 1);
  EXPECT_TRUE(reserve_there());
  EXPECT_EQ(put(1000), Applied::done);
  EXPECT_EQ(waiting(), done + 1);
}

// The transaction that finds no room holds units of several callers: each gets its own answer.
TEST_F(FullDisk, EveryUnitOfTheGroupIsAnswered) {
  store_->limit_pages(300);
  std::atomic<std::int64_t> done = 0;
  std::atomic<std::int64_t> refused = 0;
  for (std::uint64_t key = 1; key <= 60; ++key)
    store_->apply(folder_.entry(*store_, key, 100'000), [&](Applied a) { ++(a == Applied::done ? done : refused); });
  store_->stop();
  EXPECT_EQ(done + refused, 60);
  EXPECT_GT(refused, 0);
  EXPECT_EQ(waiting(), done);
  store_.reset();
  store_ = open(folder_.options());
  EXPECT_EQ(waiting(), done);
}

}  // namespace
}  // namespace coachd::store::sqlite
