#include "daemon/app/audit/distinct.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
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

__extension__ using wide = unsigned __int128;

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {  // both halves of the product
  const wide product = static_cast<wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace

std::uint64_t stable_hash(std::string_view s) noexcept {
  constexpr std::uint64_t odd = 0x9e3779b97f4a7c15ULL, prime = 0xff51afd7ed558ccdULL;
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
    texts_.emplace(hash, value);
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
  std::unordered_map<std::uint64_t, std::string> texts;
  for (const Slot& s : kept) {
    slot(s.hash) = s;
    if (const auto it = texts_.find(s.hash); it != texts_.end()) texts.insert(texts_.extract(it));
  }
  texts_ = std::move(texts);
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
