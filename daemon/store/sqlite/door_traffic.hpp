// Whether deliveries come so often that those at a door would notice how long the hall writes. A few a second do not:
// each of them waits for one step of the hall at most, and the hall works through a backlog at its full pace.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>

namespace coachd::store::sqlite {

class DoorTraffic {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds window{500};
  static constexpr std::size_t many = 25;  // in a window

  /// The writer's thread.
  void delivered(std::size_t n, Time now) noexcept {
    if (now - since_ >= window) {
      since_ = now;
      count_ = 0;
    }
    count_ += n;
    if (count_ >= many) busy_until_ = now + window;
  }
  /// Any thread.
  [[nodiscard]] bool busy(Time now) const noexcept { return now < busy_until_.load(); }

 private:
  Time since_{};
  std::size_t count_ = 0;  // since then
  std::atomic<Time> busy_until_{};
};

}  // namespace coachd::store::sqlite
