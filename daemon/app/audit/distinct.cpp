#include "daemon/app/audit/distinct.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::app {
namespace {

constexpr unsigned index_bits = 14;
constexpr std::size_t registers = std::size_t{1} << index_bits;

std::uint64_t mix(std::uint64_t h) noexcept {  // murmur3's finaliser
  h ^= h >> 33;
  h *= 0xff51afd7ed558ccdULL;
  h ^= h >> 33;
  h *= 0xc4ceb9fe1a85ec53ULL;
  h ^= h >> 33;
  return h;
}

}  // namespace

std::uint64_t stable_hash(std::string_view s) noexcept {
  std::uint64_t h = 0x9e3779b97f4a7c15ULL ^ (s.size() * 0xff51afd7ed558ccdULL);
  std::size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    std::uint64_t w = 0;
    std::memcpy(&w, s.data() + i, 8);
    h = mix(h ^ w);
  }
  std::uint64_t w = 0;
  if (i < s.size()) std::memcpy(&w, s.data() + i, s.size() - i);
  return mix(h ^ w);
}

void Distinct::see(std::uint64_t hash) {
  const std::size_t index = hash >> (64 - index_bits);
  const auto rank =
      static_cast<std::uint8_t>(std::min(64 - static_cast<int>(index_bits), std::countl_zero(hash << index_bits)) + 1);
  registers_[index] = std::max(registers_[index], rank);
}

void Distinct::add(std::uint64_t hash, std::string_view value, std::uint64_t count) {
  if (estimated_) see(hash);
  const auto it = seen_.find(hash);
  if (it != seen_.end()) {
    it->second.count += count;
    return;
  }
  seen_.emplace(hash, Seen{std::string(value), count});
  if (!estimated_ && seen_.size() > exact_limit) {
    estimated_ = true;
    registers_.assign(registers, 0);
    for (const auto& [h, _] : seen_) see(h);
  }
  if (seen_.size() > 2 * exact_limit) prune();
}

// Forgets the rarest half: a value that is common in what follows comes back.
void Distinct::prune() {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> by_count;  // count, hash
  by_count.reserve(seen_.size());
  for (const auto& [h, s] : seen_) by_count.emplace_back(s.count, h);
  const auto middle = by_count.begin() + static_cast<std::ptrdiff_t>(by_count.size() - exact_limit);
  std::nth_element(by_count.begin(), middle, by_count.end());
  std::for_each(by_count.begin(), middle, [this](const auto& p) { seen_.erase(p.second); });
}

std::uint64_t Distinct::count() const {
  if (!estimated_) return seen_.size();
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
  std::vector<const Seen*> all;
  all.reserve(seen_.size());
  for (const auto& [_, s] : seen_) all.push_back(&s);
  const auto better = [](const Seen* a, const Seen* b) {
    return a->count != b->count ? a->count > b->count : a->value < b->value;
  };
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(n, all.size()));
  std::partial_sort(all.begin(), end, all.end(), better);
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (auto it = all.begin(); it != end; ++it) out.emplace_back((*it)->value, (*it)->count);
  return out;
}

}  // namespace coachd::app
