// Carries the WAL over into the file on a thread and a connection of its own, so that no commit ever pays for it:
// passive every 100 ms while something is written; above the limit a restart, for which the writer stands still once:
// under steady load neither a passive one nor a busy handler would ever find the moment, and the WAL would grow on.
// While nothing is written it sleeps.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::sqlite {

class Checkpointer {
 public:
  Checkpointer(const std::filesystem::path& file, const Options& options);
  ~Checkpointer() { stop(); }
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  void start();
  /// Something was committed. Any thread.
  void written() noexcept;
  /// Waits while a restart is under way. The writer, before each of its transactions.
  void let_restart();
  /// Ends the thread, then empties the WAL as far as readers allow. REQUIRES: the writer has ended. Idempotent.
  void stop();

 private:
  struct Progress {
    std::int64_t bytes = 0;
    bool complete = false;
  };
  void loop();
  [[nodiscard]] Progress checkpoint(int mode);
  /// True: all of the WAL is carried over.
  [[nodiscard]] bool step();
  [[nodiscard]] Progress restart();

  const Options& options_;
  Connection connection_;
  std::chrono::steady_clock::time_point no_restart_before_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool written_ = false;  // under mutex_, as the next
  bool stopping_ = false;
  bool restarting_ = false;
  std::thread thread_;
};

}  // namespace coachd::store::sqlite
