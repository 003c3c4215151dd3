// Values about other records that rules name: per owner the sum and number of a field, and how often a text stands on
// the owner's open records. Gathered in a first pass, read-only in the second.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::app {

/// Counts by 64-bit key in one flat table: sixteen bytes an entry. Two keys that collide are one: with ten million
/// texts that happens to one pair in four hundred thousand runs.
class FlatCounts {
 public:
  void add(std::uint64_t key);
  [[nodiscard]] std::uint32_t find(std::uint64_t key) const noexcept;

 private:
  void grow();
  struct Slot {
    std::uint64_t key = 0;
    std::uint32_t count = 0;  // 0: empty
  };
  std::vector<Slot> slots_;
  std::size_t used_ = 0;
};

/// What the records of one block contribute; sums are made in row order, so that they do not depend on threads.
struct BlockFacts {
  struct Sum {
    double sum = 0;
    std::int64_t count = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  using Sums = std::unordered_map<std::string, Sum, Hash, std::equal_to<>>;
  std::vector<Sums> sums;                         ///< by fact
  std::vector<std::vector<std::uint64_t>> texts;  ///< by fact

  /// `text_keys`: gets the key of the record's text for each same_text fact, 0 where it has none.
  void add(const rules::ObjectPlan& plan, const rules::Examination& record, std::vector<std::uint64_t>& text_keys);
};

/// How many facts of a plan count texts.
[[nodiscard]] std::size_t text_facts(const rules::ObjectPlan& plan);

class FactTables {
 public:
  void merge(BlockFacts&& block);
  /// The facts of one record, by fact of its plan. `text_keys`: what `add` answered for it.
  void of(const rules::ObjectPlan& plan, const rules::Case& c, const std::vector<std::uint64_t>& text_keys,
          rules::Facts& out) const;

 private:
  std::vector<BlockFacts::Sums> sums_;
  std::vector<FlatCounts> texts_;
};

}  // namespace coachd::app
