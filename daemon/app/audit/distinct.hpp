// How many different values a column holds, and which are the commonest, in bounded memory. Exact up to 10,000
// different values; beyond, the number is an estimate (HyperLogLog, about 1 %) and counts of the commonest are at least
// what is said. The outcome depends on the order of `add` only beyond that limit. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coachd::app {

/// A hash that is the same on every machine and in every run.
[[nodiscard]] std::uint64_t stable_hash(std::string_view s) noexcept;

class Distinct {
 public:
  static constexpr std::size_t exact_limit = 10'000;
  void add(std::uint64_t hash, std::string_view value, std::uint64_t count);
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] bool estimated() const noexcept { return estimated_; }
  /// The `n` commonest, by falling count, then by value.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> top(std::size_t n) const;

 private:
  void prune();
  void see(std::uint64_t hash);
  struct Seen {
    std::string value;
    std::uint64_t count = 0;
  };
  struct Same {
    std::size_t operator()(std::uint64_t h) const noexcept { return static_cast<std::size_t>(h); }
  };
  std::unordered_map<std::uint64_t, Seen, Same> seen_;
  std::vector<std::uint8_t> registers_;  // empty while exact
  bool estimated_ = false;
};

}  // namespace coachd::app
