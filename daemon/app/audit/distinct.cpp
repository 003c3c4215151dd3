#include "daemon/app/audit/distinct.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::app {
namespace {

constexpr std::size_t first_slots = 64;
constexpr std::size_t always_shown = 1'000;  // as long as there are so few, the text of every value is kept

constexpr std::size_t shown_bytes = 120;

// Where a hash stands in a table with open addressing, or the free place for it.
std::size_t place(const std::vector<std::uint64_t>& table, std::uint64_t hash) noexcept {
  std::size_t i = hash & (table.size() - 1);
  while (table[i] != 0 && table[i] != hash) i = (i + 1) & (table.size() - 1);
  return i;
}

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

void Distinct::put(const Slot& slot) noexcept {
  std::size_t i = slot.hash & (slots_.size() - 1);
  while (slots_[i].number != 0) i = (i + 1) & (slots_.size() - 1);
  slots_[i] = slot;
}

void Distinct::add_common(std::uint64_t hash, std::string_view value, std::uint64_t again) {
  texts_.push_back(shown(value));
  if (texts_.size() * 2 > slots_.size()) {
    const auto old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? first_slots : slots_.size() * 2));
    for (const Slot& s : old)
      if (s.number != 0) put(s);
  }
  Slot slot;
  slot.hash = hash;
  slot.again = again;
  slot.number = texts_.size();
  put(slot);
}

void Distinct::add(std::uint64_t hash, std::string_view value, std::uint64_t count) {
  if (estimated_) see(hash);
  hash = std::max<std::uint64_t>(1, hash);
  if (!slots_.empty()) {
    for (std::size_t i = hash & (slots_.size() - 1); slots_[i].number != 0; i = (i + 1) & (slots_.size() - 1)) {
      if (slots_[i].hash != hash) continue;
      slots_[i].again += count;
      return;
    }
  }
  // Of what came once among thousands the text is never shown.
  const bool few = !estimated_ && used_ < always_shown;
  if (!few) {
    if (in_once_ * 4 >= once_.size() * 3) grow_once();
    const std::size_t i = place(once_, hash);
    if (once_[i] == hash) {
      add_common(hash, value, count);
      return;
    }
    if (count == 1) {
      once_[i] = hash;
      ++in_once_;
    }
  }
  if (few || count > 1) add_common(hash, value, count - 1);
  ++used_;
  if (!estimated_ && used_ > exact_limit) estimate();
  if (used_ > 2 * exact_limit) prune();
}

void Distinct::grow_once() {
  const auto old = std::exchange(once_, std::vector<std::uint64_t>(once_.empty() ? first_slots : once_.size() * 2));
  for (const std::uint64_t hash : old)
    if (hash != 0) once_[place(once_, hash)] = hash;
}

void Distinct::estimate() {
  estimated_ = true;
  registers_.assign(std::size_t{1} << index_bits, 0);
  for (const std::uint64_t hash : once_)
    if (hash != 0) see(hash);
  for (const Slot& s : slots_)
    if (s.number != 0) see(s.hash);
}

// Forgets the rarest half, or, where they are more, all that came once: a value that is common in what follows comes
// back.
void Distinct::prune() {
  std::fill(once_.begin(), once_.end(), 0);
  in_once_ = 0;
  std::vector<Slot> kept;
  for (const Slot& s : slots_)
    if (s.again > 0) kept.push_back(s);
  if (kept.size() > exact_limit) {
    const auto middle = kept.begin() + static_cast<std::ptrdiff_t>(exact_limit);
    std::nth_element(kept.begin(), middle, kept.end(), [](const Slot& a, const Slot& b) {
      return a.again != b.again ? a.again > b.again : a.hash < b.hash;
    });
    kept.erase(middle, kept.end());
  }
  used_ = kept.size();
  if (kept.size() == texts_.size()) return;  // all of them: they stay where they are
  std::vector<std::string> texts;
  std::fill(slots_.begin(), slots_.end(), Slot{});
  for (Slot& s : kept) {
    texts.push_back(std::move(texts_[s.number - 1]));
    s.number = texts.size();
    put(s);
  }
  texts_ = std::move(texts);
}

std::uint64_t Distinct::count() const {
  if (!estimated_) return used_;
  double sum = 0;
  std::size_t zeros = 0;
  for (const std::uint8_t r : registers_) {
    sum += std::ldexp(1.0, -r);
    zeros += r == 0 ? 1 : 0;
  }
  const auto m = static_cast<double>(registers_.size());
  const double alpha = 0.7213 / (1 + 1.079 / m);
  double e = alpha * m * m / sum;
  if (e <= 2.5 * m && zeros > 0) e = m * std::log(m / static_cast<double>(zeros));
  return static_cast<std::uint64_t>(std::llround(e));
}

std::vector<std::pair<std::string, std::uint64_t>> Distinct::top(std::size_t n) const {
  std::vector<std::pair<std::string_view, std::uint64_t>> all;
  all.reserve(texts_.size());
  for (const Slot& s : slots_)
    if (s.number != 0) all.emplace_back(texts_[s.number - 1], s.again + 1);
  const auto better = [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  };
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(n, all.size()));
  std::partial_sort(all.begin(), end, all.end(), better);
  return {all.begin(), end};
}

}  // namespace coachd::app
