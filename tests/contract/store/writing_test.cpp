#include <atomic>
#include <future>
#include <latch>
#include <thread>

#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

class WritingContract : public StoreContract {
 protected:
  UnitOfWork count(const std::string& name, UnitOfWork::Urgency urgency = UnitOfWork::Urgency::hall) const {
    auto u = unit(urgency);
    u.counters = {{name, 1}};
    return u;
  }
  UnitOfWork conflicting() const {
    auto u = count("never");
    u.snapshots = {snapshot("never")};
    u.evaluated = {{"sf", "opportunity", "r", 4711, 0, std::nullopt, ""}};
    return u;
  }
  std::int64_t counted(const std::string& name) {
    const auto view = now();
    for (const auto& [n, v] : view->counters())
      if (n == name) return v;
    return 0;
  }
  /// Holds the writer still in a callback until the returned latch is counted down; what is applied meanwhile waits.
  std::shared_ptr<std::latch> hold_writer() {
    auto held = std::make_shared<std::latch>(1);
    std::promise<void> there;
    store_->apply(count("held"), [held, &there](Applied) {
      there.set_value();
      held->wait();
    });
    there.get_future().wait();
    return held;
  }
};
COACHD_STORE_CONTRACT(WritingContract);

TEST_P(WritingContract, ASnapshotSeesOneMoment) {
  ASSERT_EQ(apply(count("a")), Applied::done);
  const auto other_reader = store_->open_reader();
  const auto before = other_reader->snapshot();
  ASSERT_EQ(apply(count("a")), Applied::done);
  EXPECT_EQ(before->counters().at(0).second, 1);
  EXPECT_EQ(counted("a"), 2);
  EXPECT_EQ(before->counters().at(0).second, 1);
}

TEST_P(WritingContract, AConflictUndoesItsOwnUnitOnly) {
  const auto held = hold_writer();
  std::vector<std::pair<int, Applied>> answers;
  std::latch all(3);
  const auto note = [&](int i) {
    return [&, i](Applied a) {
      answers.emplace_back(i, a);
      all.count_down();
    };
  };
  store_->apply(count("a"), note(1));
  store_->apply(conflicting(), note(2));
  store_->apply(count("a"), note(3));
  held->count_down();
  all.wait();
  using Answers = std::vector<std::pair<int, Applied>>;
  EXPECT_EQ(answers, (Answers{{1, Applied::done}, {2, Applied::conflict}, {3, Applied::done}}));
  EXPECT_EQ(counted("a"), 2);
  EXPECT_EQ(counted("never"), 0);
  EXPECT_EQ(now()->record("sf", "opportunity", "never"), std::nullopt);
}

TEST_P(WritingContract, IntakeGoesFirst) {
  const auto held = hold_writer();
  std::string order;
  std::latch all(4);
  const auto note = [&](char c) {
    return [&, c](Applied) {
      order.push_back(c);
      all.count_down();
    };
  };
  store_->apply(count("a"), note('h'));
  store_->apply(count("a"), note('H'));
  store_->apply(count("a", UnitOfWork::Urgency::intake), note('i'));
  store_->apply(count("a", UnitOfWork::Urgency::intake), note('I'));
  held->count_down();
  all.wait();
  EXPECT_EQ(order, "iIhH");
}

TEST_P(WritingContract, WhatWaitsIsCommittedTogetherAndAnsweredAfterwards) {
  const auto held = hold_writer();
  const auto reader = store_->open_reader();
  std::latch all(20);
  std::atomic<std::int64_t> seen_at_first = -1;
  for (int i = 0; i < 20; ++i) {
    store_->apply(count("together", UnitOfWork::Urgency::intake), [&](Applied) {
      if (seen_at_first == -1) {
        const auto view = reader->snapshot();
        for (const auto& [name, value] : view->counters())
          if (name == "together") seen_at_first = value;
      }
      all.count_down();
    });
  }
  held->count_down();
  all.wait();
  EXPECT_EQ(seen_at_first, 20);
}

TEST_P(WritingContract, UnitsOfOneThreadAreAppliedInItsOrder) {
  std::vector<std::future<Applied>> answers;
  for (int i = 0; i < 200; ++i) {
    auto u = unit();
    u.metadata = {{"last", std::to_string(i)}};
    auto promise = std::make_shared<std::promise<Applied>>();
    answers.push_back(promise->get_future());
    store_->apply(std::move(u), [promise](Applied a) { promise->set_value(a); });
  }
  for (auto& a : answers) EXPECT_EQ(a.get(), Applied::done);
  EXPECT_EQ(now()->metadata("last"), "199");
}

TEST_P(WritingContract, AnyThreadMayApply) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i) EXPECT_EQ(apply_and_wait(*store_, count("a")), Applied::done);
    });
  for (auto& t : threads) t.join();
  EXPECT_EQ(counted("a"), 100);
}

TEST_P(WritingContract, AnotherWritersEpochIsRefused) {
  auto old = count("a");
  const auto first = store_->epoch();
  reopen();
  EXPECT_GT(store_->epoch(), first);
  EXPECT_EQ(apply(old), Applied::conflict);
  old.epoch = 0;
  EXPECT_EQ(apply(old), Applied::conflict);
  EXPECT_EQ(counted("a"), 0);
}

TEST_P(WritingContract, QueuedBytesCountUntilTheAnswer) {
  EXPECT_EQ(store_->queued_bytes(), 0U);
  const auto held = hold_writer();
  auto u = unit();
  u.journal = {change("r1", 1, minute(0), std::string(100'000, 'x'))};
  std::latch done(1);
  store_->apply(u, [&](Applied) { done.count_down(); });
  EXPECT_GE(store_->queued_bytes(), 100'000U);
  held->count_down();
  done.wait();
  ASSERT_EQ(apply(unit()), Applied::done);
  EXPECT_LT(store_->queued_bytes(), 100'000U);
}

TEST_P(WritingContract, StopCommitsWhatIsQueuedAndRefusesWhatComesLater) {
  const auto held = hold_writer();
  std::atomic<int> done = 0;
  for (int i = 0; i < 50; ++i) store_->apply(count("a"), [&](Applied a) { done += a == Applied::done ? 1 : 0; });
  held->count_down();
  store_->stop();
  EXPECT_EQ(done, 50);
  EXPECT_EQ(apply(count("a")), Applied::failed);
  store_->stop();
  EXPECT_EQ(counted("a"), 50);  // readers go on
}

TEST_P(WritingContract, ACallbackMayApplyTheNextUnit) {
  std::promise<Applied> last;
  store_->apply(count("a"), [&](Applied) { store_->apply(count("a"), [&](Applied a) { last.set_value(a); }); });
  EXPECT_EQ(last.get_future().get(), Applied::done);
  EXPECT_EQ(counted("a"), 2);
}

}  // namespace
}  // namespace coachd::store::contract
