// Carries the WAL over into the file on a thread and a connection of its own, so that no commit ever pays for it:
// passive every 100 ms while something is written; above the limit a restart, which makes the writer wait for it once.
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

  const Options& options_;
  Connection connection_;
  std::chrono::steady_clock::time_point no_restart_before_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool written_ = false;  // under mutex_, as the next
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace coachd::store::sqlite
