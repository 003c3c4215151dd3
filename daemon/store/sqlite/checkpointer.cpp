#include "daemon/store/sqlite/checkpointer.hpp"

#include <sqlite3.h>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr std::int64_t frame_bytes = 4096 + 24;
constexpr int restart_wait_ms = 1000;              // the writer stands still meanwhile
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

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, options_.checkpoint_every, [this] { return stopping_; })) {
    lock.unlock();
    step();
    lock.lock();
  }
}

void Checkpointer::step() {
  if (!written_.exchange(false)) return;
  auto done = checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  const auto now = std::chrono::steady_clock::now();
  if (done.bytes > options_.wal_limit_bytes && now >= no_restart_before_) {
    done = checkpoint(SQLITE_CHECKPOINT_RESTART);
    if (!done.complete) {
      no_restart_before_ = now + restart_pause;
      if (options_.on_event) options_.on_event(Event::checkpoint_late, done.bytes);
    }
  }
  if (!done.complete) written_ = true;  // a reader held it back, or the disk: again next time
}

Checkpointer::Progress Checkpointer::checkpoint(int mode) {
  int frames = 0;
  int carried = 0;
  const int rc = sqlite3_wal_checkpoint_v2(connection_.db().getHandle(), nullptr, mode, &frames, &carried);
  return {std::int64_t{frames} * frame_bytes, rc == SQLITE_OK && frames == carried};
}

}  // namespace coachd::store::sqlite
