// Carries the WAL over into the file on a thread and a connection of its own, so that no commit ever pays for it, and
// has it begun again from its start above a limit: a commit that overwrites the WAL costs a fraction of one that makes
// it longer, because the file system has nothing to note down. Under steady load no moment comes by itself, so the
// writer gives one between two transactions, when all but the last frames is carried over and on the disk; where those
// at a door would notice, the hall holds still before, so that the last frames are few. While nothing is written it
// sleeps.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <thread>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/paced_writes.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::sqlite {

class Checkpointer {
 public:
  Checkpointer(const std::filesystem::path& file, const Options& options);
  ~Checkpointer() { stop(); }
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  void start();
  /// Something was committed; `door_busy`: those at a door would notice a long moment. Any thread.
  void written(bool door_busy) noexcept;
  /// Whether what comes from the hall had better wait, for some milliseconds: the moment is near. Any thread.
  [[nodiscard]] bool wants_quiet() const noexcept { return Clock::now() < quiet_until_.load(); }
  /// Begins the WAL again where that waits for its moment; no reader is waited for. To be called by the writer outside
  /// of its transactions. `hall_waits`: the hall waits for an answer and so has no snapshot open, the best moment there
  /// is; without it only what has waited for long is tried.
  void restart_if_ready(bool hall_waits);
  /// Ends the thread, then empties the WAL as far as readers allow. REQUIRES: the writer has ended. Idempotent.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Progress {
    std::int64_t bytes = 0;  ///< of the WAL
    int carried = 0;         ///< frames of it, so far
    bool complete = false;
  };
  void loop();
  [[nodiscard]] Progress checkpoint(int mode);
  /// True: all of the WAL is carried over. `quiet`: the hall is to hold still for the last rounds.
  [[nodiscard]] bool step(bool quiet);
  [[nodiscard]] Progress round();

  const Options& options_;
  PacedWrites writes_;
  Connection connection_;  // this thread's; the writer's while ready_
  Clock::time_point late_told_{};
  std::atomic<Clock::time_point> quiet_until_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool written_ = false;  // under mutex_, as the next
  bool door_busy_ = false;
  bool stopping_ = false;
  bool ready_ = false;
  Clock::time_point ready_since_{};
  std::thread thread_;
};

}  // namespace coachd::store::sqlite
