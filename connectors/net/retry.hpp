// Whether and when a failed call is made again: back-off with full jitter, Retry-After, and never a second write whose
// first may have happened. A machine without I/O: an event and the time go in, an action comes out. One per call.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

#include "rules/model/error.hpp"

namespace coachd::net {

using SteadyTime = std::chrono::steady_clock::time_point;

struct RetryPolicy {
  int attempts = 5;                           ///< calls in all
  std::chrono::milliseconds first_wait{500};  ///< upper end of the first wait; doubles from call to call
  std::chrono::milliseconds longest_wait{30'000};
  std::chrono::milliseconds total{120'000};  ///< from the first call: no wait ends after it
};

struct RetryAction {
  bool again = false;
  std::chrono::milliseconds wait{0};  ///< before the next call
};

class Retry {
 public:
  /// `repeatable`: sending it twice is harmless (reads, deletes, updates to given values).
  Retry(RetryPolicy policy, bool repeatable, SteadyTime started, std::uint32_t seed);

  /// After a call that failed. Transient errors are repeated; throttled ones when the wait that the CRM asks for fits
  /// into the total (no wish: back-off); an unreadable answer once; sign-in and permanent errors never.
  [[nodiscard]] RetryAction failed(const model::CrmError& error, SteadyTime now);

 private:
  RetryPolicy policy_;
  bool repeatable_;
  SteadyTime started_;
  std::mt19937 random_;
  int calls_ = 0;
  bool corrupt_before_ = false;
};

}  // namespace coachd::net
