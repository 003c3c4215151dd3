// The two clocks of the program as a pair: calendar time (evaluation, polling, windows, doubts) and steady time
// (network deadlines, back-off). A test clock moves the calendar at a multiple of the steady one. Thread-safe.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>

#include "rules/model/time.hpp"

namespace coachd::app {

class Clock {
 public:
  /// The real calendar.
  Clock();
  /// A test clock: `start` now, then `rate` calendar seconds for each real one.
  Clock(model::Instant start, double rate);

  /// Calendar time; never steps back within this process, nor behind `floor`.
  [[nodiscard]] model::Instant now() const noexcept;
  /// What the calendar shows, also where it was set back: for what others date by their own clocks.
  [[nodiscard]] model::Instant wall() const noexcept;
  /// Calendar time is at least this from now on (the last value of an earlier run).
  void floor(model::Instant at) noexcept;
  /// How long to wait, in real time, until the calendar shows `at`; never negative.
  [[nodiscard]] std::chrono::nanoseconds until(model::Instant at) const noexcept;
  /// A calendar length as real time.
  [[nodiscard]] std::chrono::nanoseconds real(std::chrono::microseconds calendar) const noexcept;
  [[nodiscard]] bool test() const noexcept { return test_; }
  /// Calendar seconds that pass for each real one: 1 but on a test clock.
  [[nodiscard]] double rate() const noexcept { return rate_; }

 private:
  bool test_ = false;
  double rate_ = 1;
  model::Instant start_{};
  std::chrono::steady_clock::time_point steady_start_;
  mutable std::atomic<std::int64_t> latest_{0};
};

/// `2026-05-04T09:00:00Z` or `2026-05-04T09:00:00Zx2000`; nothing for anything else.
struct ClockSpec {
  model::Instant start;
  double rate = 1;
};
[[nodiscard]] std::optional<ClockSpec> parse_clock(std::string_view text);

}  // namespace coachd::app
