#include "daemon/app/clock.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>
#include <ratio>
#include <string_view>
#include <system_error>
#include "rules/model/time.hpp"

namespace coachd::app {

Clock::Clock() : steady_start_(std::chrono::steady_clock::now()) {}

Clock::Clock(model::Instant start, double rate)
    : test_(true), rate_(rate), start_(start), steady_start_(std::chrono::steady_clock::now()) {}

model::Instant Clock::wall() const noexcept {
  if (!test_) return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const auto passed = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - steady_start_);
  return start_ + std::chrono::microseconds(std::llround(passed.count() * rate_));
}

model::Instant Clock::now() const noexcept {
  const auto ticks = wall().time_since_epoch().count();
  auto latest = latest_.load(std::memory_order_relaxed);
  while (latest < ticks && !latest_.compare_exchange_weak(latest, ticks, std::memory_order_relaxed)) {
  }
  return model::Instant(std::chrono::microseconds(std::max(latest, ticks)));
}

void Clock::floor(model::Instant at) noexcept {
  const auto ticks = at.time_since_epoch().count();
  auto latest = latest_.load(std::memory_order_relaxed);
  while (latest < ticks && !latest_.compare_exchange_weak(latest, ticks, std::memory_order_relaxed)) {
  }
}

std::chrono::nanoseconds Clock::until(model::Instant at) const noexcept {
  const auto left = at - now();
  return left.count() <= 0 ? std::chrono::nanoseconds(0) : real(left);
}

std::chrono::nanoseconds Clock::real(std::chrono::microseconds calendar) const noexcept {
  return std::chrono::nanoseconds(std::llround(static_cast<double>(calendar.count()) * 1000.0 / rate_));
}

std::optional<ClockSpec> parse_clock(std::string_view text) {
  ClockSpec spec;
  if (const auto x = text.find('x'); x != std::string_view::npos) {
    const auto rate = text.substr(x + 1);
    const auto [end, ec] = std::from_chars(rate.data(), rate.data() + rate.size(), spec.rate);
    if (ec != std::errc{} || end != rate.data() + rate.size() || !(spec.rate > 0) || spec.rate > 1e6)
      return std::nullopt;
    text = text.substr(0, x);
  }
  const auto start = model::parse_instant(text);
  if (!start) return std::nullopt;
  spec.start = *start;
  return spec;
}

}  // namespace coachd::app
