// Seeded randomness for generated companies: the same seed gives the same draws. One thread each.
#pragma once

#include <cstdint>
#include <random>
#include <span>

namespace coachd::sim {

class dice {
 public:
  explicit dice(std::uint64_t seed) : engine_{seed} {}
  // Between both ends, both included.
  [[nodiscard]] int between(int from, int to) {
    return from + static_cast<int>(engine_() % static_cast<std::uint64_t>(to - from + 1));
  }
  [[nodiscard]] double share() { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53; }
  [[nodiscard]] double between(double from, double to) { return from + (to - from) * share(); }
  [[nodiscard]] bool chance(double p) { return share() < p; }
  template <class Range>
  [[nodiscard]] auto& pick(Range& range) {
    return range[static_cast<std::size_t>(engine_() % std::size(range))];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace coachd::sim
