// Units that share a transaction, and one among them that the engine refuses (a trigger plays the broken row).
#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "tests/unit/daemon/store/sqlite/folder.hpp"

namespace coachd::store::sqlite {
namespace {

class GroupWriterTest : public testing::Test {
 protected:
  void SetUp() override {
    open(folder_.options()).reset();
    Connection(state_file(folder_.path()), Connection::Mode::write, 0)
        .run(
            "CREATE TRIGGER broken BEFORE INSERT ON counter WHEN NEW.name='broken' BEGIN SELECT RAISE(ABORT,'no'); "
            "END");
    auto options = folder_.options();
    options.on_event = [this](Event e, std::int64_t) { failures_ += e == Event::failure ? 1 : 0; };
    store_ = open(std::move(options));
  }

  UnitOfWork delivery(std::uint64_t key) { return folder_.entry(*store_, key, 10); }
  UnitOfWork counted(const std::string& name, UnitOfWork::Urgency urgency = UnitOfWork::Urgency::intake) {
    UnitOfWork u;
    u.urgency = urgency;
    u.epoch = store_->epoch();
    u.counters = {{name, 1}, {"all", 1}};
    return u;
  }
  // Answers in the order of `units`; they are handed over at once, so that most of them share a transaction.
  std::vector<Applied> apply_together(std::vector<UnitOfWork> units) {
    std::vector<std::promise<Applied>> answers(units.size());
    for (std::size_t i = 0; i < units.size(); ++i)
      store_->apply(std::move(units[i]), [&answers, i](Applied a) { answers[i].set_value(a); });
    std::vector<Applied> all;
    for (auto& a : answers) all.push_back(a.get_future().get());
    return all;
  }
  std::int64_t count(const std::string& name) {
    for (const auto& [key, value] : store_->open_reader()->snapshot()->counters())
      if (key == name) return value;
    return 0;
  }

  StateFolder folder_;
  std::atomic<int> failures_ = 0;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(GroupWriterTest, AUnitThatFailsTakesNoOtherWithIt) {
  std::vector<UnitOfWork> units;
  for (std::uint64_t i = 0; i < 60; ++i) units.push_back(i % 20 == 7 ? counted("broken") : delivery(i + 1));
  const auto answers = apply_together(std::move(units));
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(answers[i], i % 20 == 7 ? Applied::failed : Applied::done) << i;
  EXPECT_EQ(store_->open_reader()->snapshot()->journal_waiting("sf"), 57);
  EXPECT_GE(failures_, 3);
}

TEST_F(GroupWriterTest, OfAUnitThatFailsNothingIsKept) {
  EXPECT_EQ(apply_together({counted("good"), counted("broken"), counted("good")}),
            (std::vector{Applied::done, Applied::failed, Applied::done}));
  EXPECT_EQ(count("good"), 2);
  EXPECT_EQ(count("broken"), 0);
  EXPECT_EQ(count("all"), 2);
}

TEST_F(GroupWriterTest, WhatTheHallWritesAfterAFailureIsWritten) {
  EXPECT_EQ(apply_together({counted("good"), counted("broken", UnitOfWork::Urgency::hall),
                            counted("good", UnitOfWork::Urgency::hall)}),
            (std::vector{Applied::done, Applied::failed, Applied::done}));
  EXPECT_EQ(count("good"), 2);
}

// A number whose name is lost with the process would be given to another name.
TEST_F(GroupWriterTest, ANameIsDurableWithTheFirstRowThatUsesIt) {
  std::atomic<bool> ended = false;
  std::thread others([&] {  // the writer is always in the middle of a transaction
    for (std::uint64_t key = 1; !ended; key += 100) {
      std::vector<UnitOfWork> units;
      for (std::uint64_t i = 0; i < 100; ++i) units.push_back(delivery(key + i));
      static_cast<void>(apply_together(std::move(units)));
    }
  });
  Connection file(state_file(folder_.path()), Connection::Mode::read, 0);
  int lost = 0;
  for (int i = 0; i < 200; ++i) {
    const auto number = store_->dictionary().field("sf", "deal", "f" + std::to_string(i));
    EXPECT_EQ(apply_and_wait(*store_, counted("row of " + std::to_string(number))), Applied::done);
    Query named(file, "SELECT 1 FROM field WHERE number=?", number);
    lost += named.next() ? 0 : 1;
  }
  ended = true;
  others.join();
  EXPECT_EQ(lost, 0);
}

}  // namespace
}  // namespace coachd::store::sqlite
