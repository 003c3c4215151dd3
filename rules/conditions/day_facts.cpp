#include "rules/conditions/day_facts.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace coachd::rules {
namespace {

constexpr std::size_t most_marks = 100;

// Of `n` ascending lengths the one below which p of 100 lie.
std::size_t nearest_rank(std::size_t n, std::size_t p) {
  return (n * p + 99) / 100 - 1;
}

}  // namespace

StayLengths::StayLengths(std::vector<std::chrono::seconds> lengths) : won_(lengths.size()), marks_(std::move(lengths)) {
  finish();
}

// The hundred are the percentiles themselves, p1 to p100: of a hundred marks the nearest rank of p is mark p.
void StayLengths::finish() {
  std::sort(marks_.begin(), marks_.end());
  if (marks_.size() <= most_marks) return;
  std::vector<std::chrono::seconds> kept;
  kept.reserve(most_marks);
  for (std::size_t p = 1; p <= most_marks; ++p) kept.push_back(marks_[nearest_rank(marks_.size(), p)]);
  marks_ = std::move(kept);
}

std::optional<std::chrono::seconds> StayLengths::percentile(int p) const {
  if (won_ < fewest || marks_.empty()) return std::nullopt;
  return marks_[nearest_rank(marks_.size(), static_cast<std::size_t>(p))];
}

}  // namespace coachd::rules
