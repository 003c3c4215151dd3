// What the store takes: one-row intake as at the door (each waits for its commit, several doors at once), rows in units
// of a hundred, and intake while the hall drains. Plain figures, one line each; the folder is on the disk under test.
// Usage: bench_store [FOLDER]
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "daemon/store/sqlite/sqlite_store.hpp"

namespace {

using namespace coachd;
using Clock = std::chrono::steady_clock;

store::JournalEntry entry(std::uint64_t i) {
  store::JournalEntry e;
  e.connection = "salesforce";
  e.object = "opportunity";
  e.record = "006" + std::to_string(100'000'000'000'000 + i);
  e.key = i * 0x9E3779B97F4A7C15ULL;
  e.received = model::Instant(std::chrono::seconds(1'800'000'000 + static_cast<std::int64_t>(i) / 100));
  e.body = std::string(300, 'b');
  return e;
}

store::UnitOfWork unit(const store::Store& s, store::UnitOfWork::Urgency urgency) {
  store::UnitOfWork u;
  u.urgency = urgency;
  u.epoch = s.epoch();
  return u;
}

// What the hall writes for `n` changed records: snapshot, history, due row.
store::UnitOfWork hall_unit(const store::Store& s, std::uint64_t first, std::uint64_t n) {
  auto u = unit(s, store::UnitOfWork::Urgency::hall);
  for (std::uint64_t i = first; i < first + n; ++i) {
    store::SnapshotRow r;
    r.connection = "salesforce";
    r.object = "opportunity";
    r.record = "006" + std::to_string(100'000'000'000'000 + (i * 7919) % 1'000'003);
    r.values = std::string(300, 'v');
    store::StoredHistory h;
    h.connection = r.connection;
    h.object = r.object;
    h.record = r.record;
    h.field = 3;
    h.at = h.seen_at = model::Instant(std::chrono::seconds(1'800'000'000 + static_cast<std::int64_t>(i)));
    h.source = model::HistorySource::diff;
    h.from = model::StoredValue::text("Prospecting");
    h.to = model::StoredValue::text("Qualification");
    u.make_due.push_back({r.connection, r.object, r.record, h.at, 0});
    u.snapshots.push_back(std::move(r));
    u.history.push_back(std::move(h));
  }
  return u;
}

struct Waits {
  std::vector<double> ms;
  void print(const char* what, double seconds) {
    std::sort(ms.begin(), ms.end());
    const auto at = [&](double share) {
      return ms[std::min(ms.size() - 1, static_cast<std::size_t>(share * static_cast<double>(ms.size())))];
    };
    std::printf("%-58s %9.0f units/s   wait p50 %6.2f  p99 %6.2f  max %6.2f ms\n", what,
                static_cast<double>(ms.size()) / seconds, at(0.5), at(0.99), ms.back());
  }
};

// `doors` threads, each of which hands over a row and waits for its commit.
void intake(store::Store& s, std::size_t doors, std::size_t each, std::uint64_t first, const char* what) {
  std::vector<Waits> waits(doors);
  std::vector<std::thread> threads;
  const auto start = Clock::now();
  for (std::size_t d = 0; d < doors; ++d)
    threads.emplace_back([&, d] {
      for (std::size_t i = 0; i < each; ++i) {
        auto u = unit(s, store::UnitOfWork::Urgency::intake);
        u.journal = {entry(first + d * each + i)};
        const auto asked = Clock::now();
        if (store::apply_and_wait(s, std::move(u)) != store::Applied::done) std::abort();
        waits[d].ms.push_back(std::chrono::duration<double, std::milli>(Clock::now() - asked).count());
      }
    });
  for (auto& t : threads) t.join();
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  Waits all;
  for (auto& w : waits) all.ms.insert(all.ms.end(), w.ms.begin(), w.ms.end());
  all.print(what, seconds);
}

void rows(store::Store& s, std::size_t units, const char* what, auto make) {
  std::atomic<std::size_t> open = 0;
  const auto start = Clock::now();
  for (std::size_t i = 0; i < units; ++i) {
    while (open >= 64) std::this_thread::sleep_for(std::chrono::microseconds(50));
    ++open;
    s.apply(make(i), [&](store::Applied a) {
      if (a != store::Applied::done) std::abort();
      --open;
    });
  }
  while (open > 0) std::this_thread::sleep_for(std::chrono::microseconds(50));
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf("%-58s %9.0f rows/s\n", what, static_cast<double>(units) * 100 / seconds);
}

}  // namespace

int main(int argc, char** argv) {
  std::string pattern = (std::filesystem::path(argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string()) /
                         "coachd-bench-XXXXXX")
                            .string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  {
    store::sqlite::Options options;
    options.folder = folder;
    const auto s = store::sqlite::open(options);
    intake(*s, 1, 300, 1'000'000, "intake, one row a unit, one door");
    intake(*s, 8, 300, 2'000'000, "intake, one row a unit, 8 doors");
    intake(*s, 64, 200, 3'000'000, "intake, one row a unit, 64 doors");
    rows(*s, 500, "journal, units of 100 rows", [&](std::size_t i) {
      auto u = unit(*s, store::UnitOfWork::Urgency::hall);
      for (std::uint64_t k = 0; k < 100; ++k) u.journal.push_back(entry(10'000'000 + i * 100 + k));
      return u;
    });
    rows(*s, 500, "hall (snapshot, history, due), new, units of 100 records",
         [&](std::size_t i) { return hall_unit(*s, i * 100, 100); });
    rows(*s, 500, "hall (snapshot, history, due), again, units of 100 records",
         [&](std::size_t i) { return hall_unit(*s, i * 100, 100); });
    std::atomic<bool> stop = false;
    std::atomic<std::size_t> drained = 0;
    std::thread hall([&] {
      for (std::uint64_t i = 0; !stop; ++i) {
        if (store::apply_and_wait(*s, hall_unit(*s, i * 50, 50)) != store::Applied::done) std::abort();
        drained += 50;
      }
    });
    const auto start = Clock::now();
    intake(*s, 8, 300, 20'000'000, "intake, 8 doors, while the hall drains in units of 50");
    const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
    stop = true;
    hall.join();
    std::printf("%-58s %9.0f records/s\n", "  the hall meanwhile", static_cast<double>(drained) / seconds);
    s->stop();
    std::printf("file %.1f MB\n", static_cast<double>(std::filesystem::file_size(folder / "coachd.db")) / 1e6);
  }
  std::filesystem::remove_all(folder);
}
