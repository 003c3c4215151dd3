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

std::size_t Distinct::place(std::uint64_t hash) const noexcept {
  std::size_t i = hash & (hashes_.size() - 1);
  while (hashes_[i] != 0 && hashes_[i] != hash) i = (i + 1) & (hashes_.size() - 1);
  return i;
}

void Distinct::put(const Common& c) noexcept {
  const std::size_t i = place(c.hash);
  hashes_[i] = c.hash;
  more_[i] = c.more;
}

void Distinct::resize(std::size_t slots) {
  const auto hashes = std::exchange(hashes_, std::vector<std::uint64_t>(slots));
  const auto more = std::exchange(more_, std::vector<More>(slots));
  for (std::size_t i = 0; i < hashes.size(); ++i)
    if (hashes[i] != 0) put({hashes[i], more[i]});
}

void Distinct::add(std::uint64_t hash, std::string_view value, std::uint64_t count) {
  if (estimated_) see(hash);
  hash = std::max<std::uint64_t>(1, hash);
  if (used_ * 4 >= hashes_.size() * 3) resize(hashes_.empty() ? first_slots : hashes_.size() * 2);
  const std::size_t i = place(hash);
  const bool first = hashes_[i] == 0;
  hashes_[i] = hash;
  // What comes once among thousands is never shown.
  if (!first || count > 1 || used_ < always_shown) {
    More& more = more_[i];
    more.times = more.times + count - (first ? 1 : 0);
    if (more.has_text == 0) {
      more.has_text = 1;
      texts_.emplace(hash, shown(value));
    }
  }
  if (!first) return;
  ++used_;
  if (!estimated_ && used_ > exact_limit) {
    estimated_ = true;
    registers_.assign(registers, 0);
    for (const std::uint64_t h : hashes_)
      if (h != 0) see(h);
  }
  if (used_ > 2 * exact_limit) prune();
}

// Forgets the rarest half, or, where they are more, all that came once: a value that is common in what follows comes
// back.
void Distinct::prune() {
  std::vector<Common> kept;
  for (std::size_t from = 0; from < hashes_.size(); from += first_slots) {  // most came once: told many at a time
    std::uint64_t any = 0;
    for (std::size_t i = from; i < from + first_slots; ++i) any |= more_[i].times;
    for (std::size_t i = from; any != 0 && i < from + first_slots; ++i)
      if (more_[i].times > 0) kept.push_back({hashes_[i], more_[i]});
  }
  if (kept.size() > exact_limit) {
    const auto middle = kept.begin() + static_cast<std::ptrdiff_t>(exact_limit);
    std::nth_element(kept.begin(), middle, kept.end(), [](const Common& a, const Common& b) {
      return a.more.times != b.more.times ? a.more.times > b.more.times : a.hash < b.hash;
    });
    kept.erase(middle, kept.end());
  }
  std::fill(hashes_.begin(), hashes_.end(), 0);
  std::fill(more_.begin(), more_.end(), More{});
  for (const Common& c : kept) put(c);
  std::erase_if(texts_, [&](const auto& text) { return hashes_[place(text.first)] == 0; });
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
  for (std::size_t i = 0; i < hashes_.size(); ++i)
    if (more_[i].has_text != 0) all.emplace_back(texts_.at(hashes_[i]), more_[i].times + 1);
  const auto better = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(n, all.size()));
  std::partial_sort(all.begin(), end, all.end(), better);
  return {all.begin(), end};
}

}  // namespace coachd::app
