// Units that wait for the writer: intake and hall in order of arrival each. Any thread puts, the writer's thread takes.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

struct WaitingUnit {
  UnitOfWork unit;
  std::function<void(Applied)> done;
  std::size_t bytes = 0;
};

class UnitQueue {
 public:
  /// False once closed: the unit was not taken.
  [[nodiscard]] bool put(WaitingUnit& unit);
  /// Waits until something is there, the queue is closed, or the time is over. True: something is there. `hall`:
  /// whether units of the hall count, too.
  bool wait(std::chrono::milliseconds at_most, bool hall);
  /// The next one, intake first; `hall`: whether hall units may be taken too.
  [[nodiscard]] std::optional<WaitingUnit> take(bool hall);
  /// To be called when the unit was answered: its bytes count until then.
  void answered(std::size_t bytes) {
    moved_ = Clock::now();
    bytes_ -= bytes;
  }
  /// How long units have been there and none was answered. Any thread.
  [[nodiscard]] std::chrono::nanoseconds still() const {
    return bytes_ == 0 ? std::chrono::nanoseconds{} : Clock::now() - moved_.load();
  }
  [[nodiscard]] bool hall_waits() const;
  void close();
  [[nodiscard]] bool closed() const;
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  using Clock = std::chrono::steady_clock;
  mutable std::mutex mutex_;
  std::condition_variable there_;
  std::deque<WaitingUnit> intake_, hall_;
  bool closed_ = false;
  std::atomic<std::size_t> bytes_ = 0;
  std::atomic<Clock::time_point> moved_{};  // when one was answered last, or the first came where there was none
};

}  // namespace coachd::store::sqlite
