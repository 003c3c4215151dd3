// Carries the WAL over into the file on a thread and a connection of its own, so that no commit ever pays for it:
// passive every 100 ms when something was written; above the limit a restart, which makes the writer wait for it once.
#pragma once

#include <atomic>
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
  void written() noexcept { written_ = true; }
  /// Ends the thread, then empties the WAL as far as readers allow. REQUIRES: the writer has ended. Idempotent.
  void stop();

 private:
  struct Progress {
    std::int64_t bytes = 0;
    bool complete = false;
  };
  void loop();
  [[nodiscard]] Progress checkpoint(int mode);
  void step();

  const Options& options_;
  Connection connection_;
  std::atomic<bool> written_ = false;
  std::chrono::steady_clock::time_point no_restart_before_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace coachd::store::sqlite
