// The one clock of a simulated company: starts at a given instant, runs at a given rate (0 stands still) and can be
// set. Everything in the simulator that moves a calendar asks it; sockets do not. Safe from every thread.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string_view>

#include "tests/simulators/instants.hpp"

namespace coachd::sim {

class sim_clock {
 public:
  sim_clock(instant start, double rate);

  [[nodiscard]] instant now() const;  // whole seconds, skew included
  [[nodiscard]] double rate() const;
  void set(instant at);
  void advance(std::chrono::seconds by);
  void set_rate(double rate);
  // Shifts what now() says against the clock that clients follow.
  void set_skew(std::chrono::seconds skew);

 private:
  using steady = std::chrono::steady_clock;
  [[nodiscard]] std::chrono::sys_time<std::chrono::milliseconds> exact() const;

  mutable std::mutex mutex_;
  std::chrono::sys_time<std::chrono::milliseconds> base_;
  steady::time_point since_;
  double rate_;
  std::chrono::seconds skew_{0};
};

struct clock_setting {
  instant start;
  double rate = 1;
};

// START[xRATE], as "2026-03-02T07:00:00Zx600"; none when it is neither.
[[nodiscard]] std::optional<clock_setting> parse_clock(std::string_view text);

}  // namespace coachd::sim
