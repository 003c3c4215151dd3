// How many different values a column holds, and which are the commonest, in bounded memory. Exact up to 10,000
// different values; beyond, the number is an estimate (HyperLogLog, about 1 %) and counts of the commonest are at least
// what is said. The outcome depends on the order of `add` only beyond that limit. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::app {

/// A hash that is the same on every machine and in every run.
[[nodiscard]] inline std::uint64_t stable_hash(std::string_view s) noexcept {
  __extension__ using wide = unsigned __int128;
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15ULL, prime = 0xff51afd7ed558ccdULL;
  const auto mix = [](std::uint64_t a, std::uint64_t b) noexcept {  // both halves of the product
    const wide product = static_cast<wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  const auto word = [&](std::size_t at) {
    std::uint64_t w = 0;
    std::memcpy(&w, s.data() + at, sizeof w);
    return w;
  };
  std::uint64_t h = odd ^ (s.size() * prime);
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  if (const std::size_t n = s.size(); n >= 8) {  // the last words may overlap what was read
    for (std::size_t i = 0; i + 16 < n; i += 16) h = mix(word(i) ^ prime, word(i + 8) ^ h);
    a = word(n >= 16 ? n - 16 : 0);
    b = word(n - 8);
  } else if (n >= 4) {
    std::uint32_t front = 0;
    std::uint32_t back = 0;
    std::memcpy(&front, s.data(), sizeof front);
    std::memcpy(&back, s.data() + n - sizeof back, sizeof back);
    a = front;
    b = back;
  } else if (n > 0) {
    a = static_cast<unsigned char>(s[0]);
    b = static_cast<std::uint64_t>(static_cast<unsigned char>(s[n / 2])) << 8 | static_cast<unsigned char>(s[n - 1]);
  }
  return mix(mix(a ^ prime, b ^ h) ^ odd, prime);
}

/// A value as it is shown: its first 120 bytes, never through a character.
[[nodiscard]] std::string shown(std::string_view value);

class Distinct {
 public:
  static constexpr std::size_t exact_limit = 10'000;
  /// Of a value that may be shown, `shown` is kept.
  void add(std::uint64_t hash, std::string_view value, std::uint64_t count);
  /// Says that the hash will be added soon.
  void expect(std::uint64_t hash) const noexcept {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
    if (!once_.empty()) __builtin_prefetch(&once_[hash & (once_.size() - 1)], 1);
    if (estimated_) __builtin_prefetch(&registers_[hash >> (64 - index_bits)], 1);
  }
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] bool estimated() const noexcept { return estimated_; }
  /// The `n` commonest, by falling count, then by value. Of more than a thousand, those that came once are left out.
  [[nodiscard]] std::vector<std::pair<std::string, std::uint64_t>> top(std::size_t n) const;

 private:
  static constexpr unsigned index_bits = 14;  // of a register
  // What came more than once, and of a column of few values all of them: what may be shown. Open addressing.
  struct Slot {
    std::uint64_t hash = 0;
    std::uint64_t again : 48 = 0;   // times beyond the first
    std::uint64_t number : 16 = 0;  // of its text, from one on; 0: free
  };
  static_assert(2 * exact_limit + 1 < 1U << 16);
  void put(const Slot& slot) noexcept;
  void add_common(std::uint64_t hash, std::string_view value, std::uint64_t again);
  void grow_once();
  void estimate();
  void prune();
  void see(std::uint64_t hash);
  // Columns of a million different texts are usual, so what came once is no more than its hash. It stays in that table
  // when it comes again, where nobody asks for it any more.
  std::vector<std::uint64_t> once_;  // open addressing, 0: free
  std::vector<Slot> slots_;
  std::vector<std::string> texts_;       // of those in slots_
  std::size_t in_once_ = 0;              // also those that came again
  std::size_t used_ = 0;                 // different values at hand
  std::vector<std::uint8_t> registers_;  // empty while exact
  bool estimated_ = false;
};

}  // namespace coachd::app
