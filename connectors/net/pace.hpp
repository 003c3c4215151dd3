// A limit of so many calls in a rolling window, as vendors count their bursts: tells how long the next call must wait.
// A machine without I/O; a call is counted when it may go. Thread rule: the network thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>

#include "connectors/net/retry.hpp"

namespace coachd::net {

class Pace {
 public:
  /// `calls` 0: no limit.
  Pace(std::size_t calls, std::chrono::milliseconds window) : calls_(calls), window_(window) {}

  /// Zero: the call goes now and is counted. Else it asks again after that time.
  [[nodiscard]] std::chrono::milliseconds take(SteadyTime now);
  /// The CRM told another limit.
  void limit(std::size_t calls, std::chrono::milliseconds window);
  /// Nothing goes for that long: the CRM counted otherwise than we did.
  void hold(std::chrono::milliseconds wait, SteadyTime now);

 private:
  std::size_t calls_;
  std::chrono::milliseconds window_;
  std::deque<SteadyTime> made_;  // within the window, oldest first
  SteadyTime held_until_{};
};

}  // namespace coachd::net
