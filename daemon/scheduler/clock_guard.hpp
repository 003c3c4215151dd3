// Notices that the calendar jumped against the steady clock (a wrong time server, a machine that slept): then delivery
// is held until two Date headers of a CRM in a row agree with the calendar. No I/O, no clock of its own; one thread.
#pragma once

#include <chrono>
#include <optional>

#include "rules/model/time.hpp"

namespace coachd::scheduler {

class ClockGuard {
 public:
  using Steady = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::minutes tolerance{10};

  /// `rate`: calendar seconds that pass for each steady one; 1 but on a test clock.
  explicit ClockGuard(double rate = 1) : rate_(rate) {}

  /// Both clocks as they are now.
  void tick(model::Instant calendar, Steady steady);
  /// A CRM's Date header, and the calendar when it was read.
  void server_date(model::Instant server, model::Instant calendar);
  [[nodiscard]] bool holding() const noexcept { return holding_; }

 private:
  struct Pair {
    model::Instant calendar;
    Steady steady;
  };
  double rate_;
  std::optional<Pair> last_;
  bool holding_ = false;
  int agreed_ = 0;  ///< headers in a row, while holding
};

}  // namespace coachd::scheduler
