#include "daemon/store/sqlite/checkpointer.hpp"

#include <sqlite3.h>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <utility>
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr std::int64_t frame_bytes = 4096 + 24;
constexpr int end_wait_ms = 80;                       // for a reader, at the end
constexpr std::chrono::milliseconds hall_moment{10};  // until then only a moment without the hall's snapshot is taken
constexpr std::chrono::seconds ready_for{1};          // then what came meanwhile is carried over first
constexpr std::chrono::seconds told_every{10};
constexpr int most_rounds = 4;
constexpr int quiet_rounds = 2;
constexpr std::chrono::milliseconds longest_quiet{60};
constexpr int little_left = 100;  // pages

}  // namespace

Checkpointer::Checkpointer(const std::filesystem::path& file, const Options& options)
    : options_(options), connection_(file, Connection::Mode::write, 0) {
  writes_.install(connection_.db().getHandle());
}

void Checkpointer::start() {
  thread_ = std::thread([this] { loop(); });
}

void Checkpointer::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
  }
  if (!thread_.joinable()) return;
  thread_.join();
  sqlite3_busy_timeout(connection_.db().getHandle(), end_wait_ms);
  static_cast<void>(
      checkpoint(SQLITE_CHECKPOINT_TRUNCATE));  // what a reader holds back stays in the WAL, nothing is lost
}

void Checkpointer::written(bool door_busy) noexcept {
  const std::scoped_lock lock(mutex_);
  door_busy_ = door_busy;
  if (std::exchange(written_, true)) return;
  wake_.notify_all();
}

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return written_ || stopping_; });
    if (wake_.wait_for(lock, options_.checkpoint_every, [this] { return stopping_; })) return;
    written_ = false;
    const bool quiet = door_busy_;
    lock.unlock();
    const bool complete = step(quiet);
    lock.lock();
    if (!complete) written_ = true;  // a reader held it back, or the disk: again next time
    wake_.wait_for(lock, ready_for, [this] { return !ready_ || stopping_; });
    ready_ = false;
    quiet_until_ = Clock::time_point{};
  }
}

bool Checkpointer::step(bool quiet) {
  auto done = checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  if (done.bytes <= options_.wal_limit_bytes) return done.complete;
  // In rounds, each over what came during the one before: little is left for the moment in which the writer stands
  // still.
  for (int i = 0; i < most_rounds; ++i) {
    const auto before = std::exchange(done, round());
    if (done.carried - before.carried < little_left) break;
  }
  if (quiet) {  // the last ones while the hall holds still: what comes meanwhile is from the doors alone
    quiet_until_ = Clock::now() + longest_quiet;
    for (int i = 0; i < quiet_rounds; ++i) done = round();
  }
  const auto now = Clock::now();
  if (done.bytes > options_.wal_late_bytes && options_.on_event && now - late_told_ > told_every) {
    late_told_ = now;
    options_.on_event(Event::checkpoint_late, done.bytes);
  }
  const std::scoped_lock lock(mutex_);
  ready_ = true;
  ready_since_ = now;
  return done.complete;
}

Checkpointer::Progress Checkpointer::round() {
  const auto done = checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  static_cast<void>(writes_.sync());  // an error comes again when all is carried over
  return done;
}

void Checkpointer::restart_if_ready(bool hall_waits) {
  const std::scoped_lock lock(mutex_);
  if (!ready_ || (!hall_waits && Clock::now() - ready_since_ < hall_moment)) return;
  if (!checkpoint(SQLITE_CHECKPOINT_RESTART).complete) {
    ready_since_ = Clock::now();  // somebody reads: not at every commit
    return;
  }
  ready_ = false;
  quiet_until_ = Clock::time_point{};
  wake_.notify_all();
}

Checkpointer::Progress Checkpointer::checkpoint(int mode) {
  int frames = 0;
  int carried = 0;
  writes_.pace(mode == SQLITE_CHECKPOINT_PASSIVE);  // in the others the writer stands still
  const int rc = sqlite3_wal_checkpoint_v2(connection_.db().getHandle(), nullptr, mode, &frames, &carried);
  return {std::int64_t{frames} * frame_bytes, carried, rc == SQLITE_OK && frames == carried};
}

}  // namespace coachd::store::sqlite
