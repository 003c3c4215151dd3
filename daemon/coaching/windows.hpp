// When a prompt may reach a person: the delivery windows of the day, the person's zone, working days and quiet hours.
// A pure decision: (now, person's zone, rules of the house) -> the window we are in, or the next one.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::coaching {

struct DeliveryHours {
  std::vector<std::chrono::minutes> windows = {std::chrono::hours(9), std::chrono::hours(13),
                                               std::chrono::minutes(16 * 60 + 30)};  ///< since local midnight
  std::chrono::minutes open_for{45};         ///< how long after its start a window may still be used
  std::chrono::minutes quiet_from{18 * 60};  ///< quiet hours, local; equal bounds: none
  std::chrono::minutes quiet_to{8 * 60};
};

struct WindowAnswer {
  bool open = false;      ///< deliver now
  model::Instant next{};  ///< where not open: the start of the next window
};

/// `working` tells business days and holidays (the company's); `zone` is the person's.
[[nodiscard]] WindowAnswer delivery_window(const DeliveryHours& hours, const calendar::Calendar& working,
                                           const calendar::Zone& zone, model::Instant now);

}  // namespace coachd::coaching
