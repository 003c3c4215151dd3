#include "daemon/scheduler/clock_guard.hpp"

#include <chrono>
#include <cmath>

#include "rules/model/time.hpp"

namespace coachd::scheduler {

void ClockGuard::tick(model::Instant calendar, Steady steady) {
  if (last_) {
    const std::chrono::duration<double> passed = steady - last_->steady;
    const std::chrono::duration<double> shown = calendar - last_->calendar;
    if (std::abs(shown.count() - passed.count() * rate_) > std::chrono::duration<double>(tolerance).count()) {
      holding_ = true;
      agreed_ = 0;
    }
  }
  last_ = Pair{calendar, steady};
}

void ClockGuard::server_date(model::Instant server, model::Instant calendar) {
  if (!holding_) return;
  const auto apart = server > calendar ? server - calendar : calendar - server;
  agreed_ = apart <= tolerance ? agreed_ + 1 : 0;
  if (agreed_ >= 2) holding_ = false;
}

}  // namespace coachd::scheduler
