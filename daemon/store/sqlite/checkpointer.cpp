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
constexpr int restart_wait_ms = 80;                // for a reader to go on: the writer stands still meanwhile
constexpr std::chrono::seconds restart_pause{10};  // after a restart that a reader prevented

}  // namespace

Checkpointer::Checkpointer(const std::filesystem::path& file, const Options& options)
    : options_(options), connection_(file, Connection::Mode::write, restart_wait_ms) {}

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
  static_cast<void>(
      checkpoint(SQLITE_CHECKPOINT_TRUNCATE));  // what a reader holds back stays in the WAL, nothing is lost
}

void Checkpointer::written() noexcept {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(written_, true)) return;
  wake_.notify_all();
}

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return written_ || stopping_; });
    if (wake_.wait_for(lock, options_.checkpoint_every, [this] { return stopping_; })) return;
    written_ = false;
    lock.unlock();
    const bool complete = step();
    lock.lock();
    if (!complete) written_ = true;  // a reader held it back, or the disk: again next time
  }
}

bool Checkpointer::step() {
  auto done = checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  const auto now = std::chrono::steady_clock::now();
  if (done.bytes > options_.wal_limit_bytes && now >= no_restart_before_) {
    done = restart();
    if (!done.complete) {
      no_restart_before_ = now + restart_pause;
      if (options_.on_event) options_.on_event(Event::checkpoint_late, done.bytes);
    }
  }
  return done.complete;
}

void Checkpointer::let_restart() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return !restarting_; });
}

Checkpointer::Progress Checkpointer::restart() {
  const auto set = [this](bool value) {
    const std::scoped_lock lock(mutex_);
    restarting_ = value;
    wake_.notify_all();
  };
  set(true);
  const auto done = checkpoint(SQLITE_CHECKPOINT_RESTART);
  set(false);
  return done;
}

Checkpointer::Progress Checkpointer::checkpoint(int mode) {
  int frames = 0;
  int carried = 0;
  const int rc = sqlite3_wal_checkpoint_v2(connection_.db().getHandle(), nullptr, mode, &frames, &carried);
  return {std::int64_t{frames} * frame_bytes, rc == SQLITE_OK && frames == carried};
}

}  // namespace coachd::store::sqlite
