#include "tests/simulators/sim_clock.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <ratio>
#include <string_view>
#include <system_error>
#include "tests/simulators/instants.hpp"

namespace coachd::sim {

using namespace std::chrono;

sim_clock::sim_clock(instant start, double rate) : base_{start}, since_{steady::now()}, rate_{rate} {}

sys_time<milliseconds> sim_clock::exact() const {
  const auto real = duration<double, std::milli>{steady::now() - since_};
  return base_ + milliseconds{static_cast<std::int64_t>(real.count() * rate_)};
}

instant sim_clock::now() const {
  const std::lock_guard lock{mutex_};
  return floor<seconds>(exact()) + skew_;
}

double sim_clock::rate() const {
  const std::lock_guard lock{mutex_};
  return rate_;
}

void sim_clock::set(instant at) {
  const std::lock_guard lock{mutex_};
  base_ = at;
  since_ = steady::now();
}

void sim_clock::advance(seconds by) {
  const std::lock_guard lock{mutex_};
  base_ = exact() + by;
  since_ = steady::now();
}

void sim_clock::set_rate(double rate) {
  const std::lock_guard lock{mutex_};
  base_ = exact();
  since_ = steady::now();
  rate_ = rate;
}

void sim_clock::set_skew(seconds skew) {
  const std::lock_guard lock{mutex_};
  skew_ = skew;
}

std::optional<clock_setting> parse_clock(std::string_view text) {
  const auto x = text.rfind('x');
  const auto start = parse_instant(text.substr(0, x));
  if (!start) return std::nullopt;
  clock_setting setting{*start, 1};
  if (x != std::string_view::npos) {
    const auto rate = text.substr(x + 1);
    const auto [end, error] = std::from_chars(rate.data(), rate.data() + rate.size(), setting.rate);
    if (error != std::errc{} || end != rate.data() + rate.size() || setting.rate < 0) return std::nullopt;
  }
  return setting;
}

}  // namespace coachd::sim
