// Values about other records that rules name: per owner the sum and number of a field, and how often a text stands on
// the owner's open records. Gathered in a first pass, read-only in the second.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::app {

/// Entries by 64-bit key in one flat table. Two keys that collide are one: with ten million texts that happens to one
/// pair in four hundred thousand runs.
template <class Entry>
class FlatTable {
 public:
  /// The entry of a key, made where there is none.
  [[nodiscard]] Entry& at(std::uint64_t key) {
    if (used_ * 4 >= slots_.size() * 3) grow();
    Slot& s = slots_[place(key)];
    if (!s.used) ++used_;
    s.used = true;
    s.key = key;
    return s.entry;
  }
  /// Null where there is none.
  [[nodiscard]] const Entry* find(std::uint64_t key) const noexcept {
    if (slots_.empty()) return nullptr;
    const Slot& s = slots_[place(key)];
    return s.used ? &s.entry : nullptr;
  }
  /// Says that the key will be asked for soon: a large table is seldom in a cache.
  void expect(std::uint64_t key) const noexcept {
    if (!slots_.empty()) __builtin_prefetch(&slots_[spread(key) & (slots_.size() - 1)]);
  }
  template <class Visit>
  void each(Visit visit) const {
    for (const Slot& s : slots_)
      if (s.used) visit(s.key, s.entry);
  }
  void clear() noexcept {
    std::fill(slots_.begin(), slots_.end(), Slot{});
    used_ = 0;
  }

 private:
  struct Slot {
    std::uint64_t key = 0;
    Entry entry{};
    bool used = false;
  };
  static std::uint64_t spread(std::uint64_t k) noexcept {
    k ^= k >> 32;
    k *= 0xd6e8feb86659fd93ULL;
    return k ^ (k >> 32);
  }
  [[nodiscard]] std::size_t place(std::uint64_t key) const noexcept {
    std::size_t i = spread(key) & (slots_.size() - 1);
    while (slots_[i].used && slots_[i].key != key) i = (i + 1) & (slots_.size() - 1);
    return i;
  }
  void grow() {
    std::vector<Slot> old = std::move(slots_);
    slots_.assign(old.empty() ? 64 : old.size() * 2, {});
    for (const Slot& s : old)
      if (s.used) slots_[place(s.key)] = s;
  }
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

/// What a record counts under: for a same_text fact the key of its text and owner, for a mean that of its owner; 0
/// where it counts for nobody (same_text) or has no owner (a mean).
using FactKeys = std::vector<std::uint64_t>;

/// What the records of one block contribute; sums are made in row order, so that they do not depend on threads.
struct BlockFacts {
  struct Sum {
    double sum = 0;
    std::int64_t count = 0;
  };
  std::vector<FlatTable<Sum>> sums;               ///< by fact
  std::vector<std::vector<std::uint64_t>> texts;  ///< by fact

  /// `keys`: gets the record's, by fact.
  void add(const rules::ObjectPlan& plan, const rules::Case& c, const rules::Examination& record, FactKeys& keys);
  /// Empties it and keeps its memory.
  void clear() noexcept;
};

class FactTables {
 public:
  void merge(const BlockFacts& block);
  /// The facts of the record that has these keys.
  void of(const rules::ObjectPlan& plan, std::span<const std::uint64_t> keys, rules::Facts& out) const;
  /// Says that `of` will be asked soon.
  void expect(const rules::ObjectPlan& plan, std::span<const std::uint64_t> keys) const noexcept;

 private:
  std::vector<FlatTable<BlockFacts::Sum>> sums_;
  std::vector<FlatTable<std::uint32_t>> texts_;
};

}  // namespace coachd::app
