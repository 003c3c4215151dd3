#include "connectors/net/budget.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>

#include "connectors/net/retry.hpp"

namespace coachd::net {

namespace {

[[nodiscard]] std::int64_t hour_of(SteadyTime at) {
  return std::chrono::floor<std::chrono::hours>(at.time_since_epoch()).count();
}

}  // namespace

void Budget::forget(SteadyTime now) {
  const std::int64_t hour = hour_of(now);
  if (hour_ < 0) hour_ = hour;
  for (; hour_ < hour; ++hour_) {
    if (hour - hour_ > 24) hour_ = hour - 24;  // all of it is older than a day
    hours_[static_cast<std::size_t>((hour_ + 1) % 24)] = 0;
  }
}

void Budget::called(SteadyTime now) {
  forget(now);
  ++hours_[static_cast<std::size_t>(hour_ % 24)];
}

void Budget::limits(std::int64_t used, std::int64_t limit) noexcept {
  organisation_used_ = used;
  organisation_limit_ = limit;
}

void Budget::hold(std::optional<std::chrono::seconds> asked, SteadyTime now) {
  const SteadyTime until = now + asked.value_or(options_.after_limit);
  if (!held_until_ || *held_until_ < until) held_until_ = until;
}

std::int64_t Budget::used_by_us(SteadyTime now) {
  forget(now);
  return std::accumulate(hours_.begin(), hours_.end(), std::int64_t{0});
}

std::optional<std::int64_t> Budget::ours() const {
  if (organisation_limit_ <= 0) return std::nullopt;
  return static_cast<std::int64_t>(std::floor(static_cast<double>(organisation_limit_) * options_.share));
}

std::optional<std::chrono::seconds> Budget::wait(Purpose purpose, SteadyTime now) {
  if (held_until_ && now < *held_until_) return std::chrono::ceil<std::chrono::seconds>(*held_until_ - now);
  held_until_.reset();
  const auto share = ours();
  if (!share) return std::nullopt;
  const double allowed = static_cast<double>(*share) * (purpose == Purpose::read ? options_.reads_up_to : 1.0);
  if (static_cast<double>(used_by_us(now)) >= allowed) {
    // calls fall out of the window at the end of an hour
    const auto next_hour = SteadyTime(std::chrono::hours{hour_of(now) + 1});
    return std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(next_hour - now));
  }
  const bool full =
      static_cast<double>(organisation_used_) >= static_cast<double>(organisation_limit_) * options_.organisation_full;
  // what the organisation has used is only told by an answer: one call in a while must go out to learn of the next day
  if (full && purpose == Purpose::read) {
    organisation_used_ = 0;
    held_until_ = now + options_.after_limit;
    return options_.after_limit;
  }
  return std::nullopt;
}

}  // namespace coachd::net
