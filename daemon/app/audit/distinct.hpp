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
  /// Says that the hash will be added soon.
  void expect(std::uint64_t hash) const noexcept {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] bool estimated() const noexcept { return estimated_; }
  /// The `n` commonest, by falling count, then by value. Of more than a thousand, those that came once are left out.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> top(std::size_t n) const;

 private:
  // Sixteen bytes, since columns of a million different texts are usual: what stands there is kept for the few.
  struct Slot {
    std::uint64_t hash = 0;
    std::uint64_t count : 63 = 0;  // 0: empty
    std::uint64_t has_text : 1 = 0;
  };
  [[nodiscard]] Slot& slot(std::uint64_t hash) noexcept;
  void resize(std::size_t slots);
  void prune();
  void see(std::uint64_t hash);
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
  std::unordered_map<std::uint64_t, std::string> texts_;  // by hash
  std::vector<std::uint8_t> registers_;                   // empty while exact
  bool estimated_ = false;
};

}  // namespace coachd::app
