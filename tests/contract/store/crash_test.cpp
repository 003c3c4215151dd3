// A child process writes as fast as it can and says on a pipe what was confirmed to it; it is killed at seeded moments.
// What was confirmed must be there, and of every unit all or nothing.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "daemon/store/store.hpp"
#include "tests/contract/store/engines.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

constexpr int kills = 20;
constexpr std::int64_t most_in_flight = 32;

// Among them deliveries, which take a shorter way.
constexpr bool is_delivery(std::int64_t i) {
  return i % 6 == 0;
}

UnitOfWork numbered(std::int64_t i, std::int64_t epoch) {
  const auto name = std::to_string(i);
  UnitOfWork u;
  u.epoch = epoch;
  if (is_delivery(i)) {
    u.urgency = UnitOfWork::Urgency::intake;
    u.journal = {change(name, static_cast<std::uint64_t>(i))};
    u.journal[0].kind = JournalEntry::Kind::hint;
    return u;
  }
  u.urgency = i % 3 == 0 ? UnitOfWork::Urgency::intake : UnitOfWork::Urgency::hall;
  u.journal = {change(name, static_cast<std::uint64_t>(i))};
  u.snapshots = {snapshot(name, std::string(static_cast<std::size_t>(i % 700), 'v'))};
  u.outbox = {{"sf", name, OutboxRow::Op::create, OutboxRow::State::ready, 0, minute(0), minute(0)}};
  u.counters = {{"units", 1}};
  return u;
}

[[noreturn]] void write_until_killed(const EngineUnderTest& engine, const std::filesystem::path& folder,
                                     std::int64_t first, int pipe_end) {
  const auto store = engine.open(folder);
  std::atomic<std::int64_t> in_flight = 0;
  for (std::int64_t i = first;; ++i) {
    while (in_flight >= most_in_flight) std::this_thread::yield();
    ++in_flight;
    store->apply(numbered(i, store->epoch()), [&, i](Applied a) {
      if (a != Applied::done || ::write(pipe_end, &i, sizeof i) != sizeof i) ::_exit(3);
      --in_flight;
    });
  }
}

class CrashContract : public testing::TestWithParam<EngineUnderTest> {};
COACHD_STORE_CONTRACT(CrashContract);

TEST_P(CrashContract, WhatWasConfirmedOutlivesKill9AndUnitsAreWhole) {
  const TempFolder folder;
  std::mt19937 random(20260105);
  std::uniform_int_distribution<int> micros(0, 25'000);
  std::vector<bool> confirmed(1, true);  // by number; 0 is none
  std::int64_t first = 1;

  for (int k = 0; k < kills; ++k) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      write_until_killed(GetParam(), folder.path(), first, ends[1]);
    }
    ::close(ends[1]);
    std::int64_t i = 0;
    if (k % 4 != 0) ASSERT_EQ(::read(ends[0], &i, sizeof i), ssize_t{sizeof i}) << "the writer never confirmed a unit";
    std::this_thread::sleep_for(std::chrono::microseconds(micros(random)));
    ::kill(child, SIGKILL);
    std::int64_t last = first;
    do {
      if (i == 0) continue;
      last = std::max(last, i);
      if (confirmed.size() <= static_cast<std::size_t>(i)) confirmed.resize(static_cast<std::size_t>(i) + 1);
      confirmed[static_cast<std::size_t>(i)] = true;
    } while (::read(ends[0], &i, sizeof i) == ssize_t{sizeof i});
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself, status " << status;
    first = last + most_in_flight + 1;  // numbers in flight at the kill may be there or not: they are not used again
  }

  const auto store = GetParam().open(folder.path());
  const auto reader = store->open_reader();
  const auto view = reader->snapshot();
  const auto journal = view->journal_after("sf", 10'000'000);
  std::vector<bool> there(static_cast<std::size_t>(first));
  for (std::size_t n = 0; n < journal.size(); ++n) {
    there.at(static_cast<std::size_t>(std::stoll(journal[n].record))) = true;
    if (n > 0) ASSERT_LT(journal[n - 1].position, journal[n].position);
  }
  std::int64_t whole = 0, deliveries = 0;
  for (std::size_t i = 1; i < there.size(); ++i) {
    const auto name = std::to_string(i);
    if (i < confirmed.size() && confirmed[i]) ASSERT_TRUE(there[i]) << "confirmed and lost: " << i;
    if (is_delivery(static_cast<std::int64_t>(i))) {
      deliveries += there[i] ? 1 : 0;
      continue;
    }
    const auto record = view->record("sf", "opportunity", name);
    ASSERT_EQ(record.has_value(), there[i]) << i;
    ASSERT_EQ(view->outbox_of("sf", name).has_value(), there[i]) << i;
    if (!there[i]) continue;
    ++whole;
    ASSERT_EQ(record->values.size(), i % 700);
    ASSERT_EQ(record->revision, 1);
  }
  EXPECT_GT(whole, kills);
  EXPECT_GT(deliveries, kills / 2);
  EXPECT_EQ(view->counters().at(0).second, whole);
  EXPECT_EQ(view->record_count("sf", "opportunity"), whole);
  EXPECT_EQ(view->journal_waiting("sf"), whole + deliveries);
}

}  // namespace
}  // namespace coachd::store::contract
