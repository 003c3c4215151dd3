// How much of the organisation's API coachd may use: a share of the limit per 24 hours, counted in hours, fed by the
// CRM's own limit headers; reads stop before writes do, and everything stops while the CRM says so.
// A machine without I/O. One per connection; thread rule: the network thread.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "connectors/net/retry.hpp"

namespace coachd::net {

enum class Purpose : std::uint8_t { read, write };

struct BudgetOptions {
  double share = 0.20;                    ///< of the organisation's limit in 24 hours that is coachd's
  double reads_up_to = 0.90;              ///< of that share; the rest is kept for writes
  double organisation_full = 0.95;        ///< everybody's use of the limit from which coachd does not read any more
  std::chrono::seconds after_limit{900};  ///< how long to keep quiet once the CRM said that the limit is used up
};

class Budget {
 public:
  explicit Budget(BudgetOptions options) : options_(options) {}

  /// Nothing: call now. Else how long to wait at least.
  [[nodiscard]] std::optional<std::chrono::seconds> wait(Purpose purpose, SteadyTime now);
  /// A call is made now.
  void called(SteadyTime now);
  /// The CRM tells how much of the limit everybody has used.
  void limits(std::int64_t used, std::int64_t limit) noexcept;
  /// The CRM asked for quiet (429, 503 with Retry-After, concurrency), or its limit is used up (`asked` empty).
  void hold(std::optional<std::chrono::seconds> asked, SteadyTime now);

  /// What `limits` was told last; nothing until then.
  [[nodiscard]] std::optional<std::int64_t> organisation_used() const noexcept { return told(organisation_used_); }
  [[nodiscard]] std::optional<std::int64_t> organisation_limit() const noexcept { return told(organisation_limit_); }
  [[nodiscard]] std::int64_t used_by_us(SteadyTime now);
  /// Calls in 24 hours that are ours; empty until the CRM told its limit.
  [[nodiscard]] std::optional<std::int64_t> ours() const;

 private:
  void forget(SteadyTime now);
  [[nodiscard]] std::optional<std::int64_t> told(std::int64_t n) const noexcept {
    return organisation_limit_ > 0 ? std::optional(n) : std::nullopt;
  }

  BudgetOptions options_;
  std::array<std::int64_t, 24> hours_{};  // calls by hour of the steady clock, modulo a day
  std::int64_t hour_ = -1;                // the latest hour counted
  std::int64_t organisation_used_ = 0;
  std::int64_t organisation_limit_ = 0;  // 0: not told yet
  std::optional<SteadyTime> held_until_;
};

}  // namespace coachd::net
