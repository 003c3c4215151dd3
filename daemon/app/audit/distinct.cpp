#include "daemon/app/audit/distinct.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace coachd::app {
namespace {

constexpr unsigned index_bits = 14;
constexpr std::size_t registers = std::size_t{1} << index_bits;

constexpr std::size_t first_slots = 64;
constexpr std::size_t always_shown = 1'000;  // as long as there are so few, the text of every value is kept

constexpr std::size_t shown_bytes = 120;

}  // namespace

std::string shown(std::string_view value) {
  if (value.size() <= shown_bytes) return std::string(value);
  std::size_t n = shown_bytes;
  while (n > 0 && (static_cast<unsigned char>(value[n]) & 0xC0) == 0x80) --n;
  return std::string(value.substr(0, n)) + "\xE2\x80\xA6";
}

void Distinct::see(std::uint64_t hash) {
  const std::size_t index = hash >> (64 - index_bits);
  const auto rank =
      static_cast<std::uint8_t>(std::min(64 - static_cast<int>(index_bits), std::countl_zero(hash << index_bits)) + 1);
  registers_[index] = std::max(registers_[index], rank);
}

Distinct::Slot& Distinct::slot(std::uint64_t hash) noexcept {
  std::size_t i = hash & (slots_.size() - 1);
  while (slots_[i].count != 0 && slots_[i].hash != hash) i = (i + 1) & (slots_.size() - 1);
  return slots_[i];
}

void Distinct::resize(std::size_t slots) {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots));
  for (const Slot& s : old)
    if (s.count != 0) slot(s.hash) = s;
}

void Distinct::add(std::uint64_t hash, std::string_view value, std::uint64_t count) {
  if (estimated_) see(hash);
  if (used_ * 4 >= slots_.size() * 3) resize(slots_.empty() ? first_slots : slots_.size() * 2);
  Slot& s = slot(hash);
  const bool first = s.count == 0;
  s.hash = hash;
  s.count = s.count + count;
  // What comes once among thousands is never shown.
  if (s.has_text == 0 && (s.count > 1 || used_ < always_shown)) {
    s.has_text = 1;
    texts_.emplace(hash, shown(value));
  }
  if (!first) return;
  ++used_;
  if (!estimated_ && used_ > exact_limit) {
    estimated_ = true;
    registers_.assign(registers, 0);
    for (const Slot& one : slots_)
      if (one.count != 0) see(one.hash);
  }
  if (used_ > 2 * exact_limit) prune();
}

// Forgets the rarest half, or, where they are more, all that came once: a value that is common in what follows comes
// back.
void Distinct::prune() {
  std::vector<Slot> kept;
  kept.reserve(used_);
  for (const Slot& s : slots_)
    if (s.count > 1) kept.push_back(s);
  if (kept.size() > exact_limit) {
    const auto middle = kept.begin() + static_cast<std::ptrdiff_t>(exact_limit);
    std::nth_element(kept.begin(), middle, kept.end(), [](const Slot& a, const Slot& b) {
      return a.count != b.count ? a.count > b.count : a.hash < b.hash;
    });
    kept.erase(middle, kept.end());
  }
  std::fill(slots_.begin(), slots_.end(), Slot{});
  for (const Slot& s : kept) slot(s.hash) = s;
  std::erase_if(texts_, [&](const auto& text) { return slot(text.first).count == 0; });
  used_ = kept.size();
}

std::uint64_t Distinct::count() const {
  if (!estimated_) return used_;
  double sum = 0;
  std::size_t zeros = 0;
  for (const std::uint8_t r : registers_) {
    sum += std::ldexp(1.0, -r);
    zeros += r == 0 ? 1 : 0;
  }
  const auto m = static_cast<double>(registers);
  const double alpha = 0.7213 / (1 + 1.079 / m);
  double e = alpha * m * m / sum;
  if (e <= 2.5 * m && zeros > 0) e = m * std::log(m / static_cast<double>(zeros));
  return static_cast<std::uint64_t>(std::llround(e));
}

std::vector<std::pair<std::string, std::uint64_t>> Distinct::top(std::size_t n) const {
  std::vector<std::pair<std::string_view, std::uint64_t>> all;
  all.reserve(texts_.size());
  for (const Slot& s : slots_)
    if (s.count != 0 && s.has_text != 0) all.emplace_back(texts_.at(s.hash), s.count);
  const auto better = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(n, all.size()));
  std::partial_sort(all.begin(), end, all.end(), better);
  return {all.begin(), end};
}

}  // namespace coachd::app
