// What the hall does next: (next entry of the journal, next due, next prompt, next call, now) -> one job, or how long
// to sleep. No I/O, no clock, no thread of its own: whoever runs the hall asks before each step and carries the answer
// out.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "rules/model/time.hpp"

namespace coachd::scheduler {

using model::Instant;

/// When each kind of work comes next, on the calendar; absent: there is none, or it must not be done now (calls while
/// delivery is held).
struct Agenda {
  std::optional<Instant> journal{};   ///< entries to apply, a sweep, the study of the day
  std::optional<Instant> evaluate{};  ///< the earliest due row
  std::optional<Instant> release{};   ///< the earliest `next_at` of a prompt
  std::optional<Instant> deliver{};   ///< the earliest `not_before` of the outbox
};

enum class Job : std::uint8_t { journal, evaluate, release, deliver, sleep };

struct Step {
  Job job = Job::sleep;
  /// A job: since when it could have been done (`now` minus this is how late the hall is). Sleep: when to ask again,
  /// later than `now`.
  Instant at{};
  auto operator<=>(const Step&) const = default;
};

/// Serves what is due in turn, in the order of the hall: however much is overdue of one kind, each other kind that is
/// due gets its step within three. A job is one bounded batch; the caller asks again after it. One thread.
class Scheduler {
 public:
  struct Options {
    /// Asked again after this at the latest, so that a clock that was set forward is noticed.
    std::chrono::microseconds longest_sleep = std::chrono::minutes(1);
  };
  Scheduler() = default;
  /// REQUIRES: longest_sleep > 0.
  explicit Scheduler(Options options) : options_(options) {}

  [[nodiscard]] Step next(const Agenda& agenda, Instant now);

 private:
  Options options_;
  std::size_t turn_ = 0;  ///< the kind that is looked at first
};

}  // namespace coachd::scheduler
