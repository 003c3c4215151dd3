// From rows of the store to the case and facts that an evaluation sees. A built case owns the bytes its texts point
// into.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"

namespace coachd::pipeline {

/// A case together with what it points into: lives on the heap and is neither copied nor moved.
struct BuiltCase {
  rules::Case value;
  std::int64_t revision = 0;
  store::SnapshotRow row;                     // texts of ids and values point in here
  std::vector<store::StoredHistory> history;  // and here
  std::string connection;
  std::vector<std::unique_ptr<BuiltCase>> beside;  // and those of related records
  std::deque<std::string> texts;                   // and notes

  BuiltCase() = default;
  BuiltCase(const BuiltCase&) = delete;
  BuiltCase& operator=(const BuiltCase&) = delete;
};

/// Nothing where the record is unknown or deleted, or its object has no rules. The pointer keeps the views stable.
[[nodiscard]] std::unique_ptr<BuiltCase> build_case(const Context& context, const store::Snapshot& snapshot,
                                                    const std::string& object, const std::string& record);
/// The same from a row in hand (before it is written): `history` as it will be. What stands beside the record is left
/// out, see fill_surroundings.
[[nodiscard]] std::unique_ptr<BuiltCase> build_case(const Context& context, const rules::ObjectPlan& plan,
                                                    store::SnapshotRow row, std::vector<store::StoredHistory> history,
                                                    const std::vector<store::Snapshot::FieldKnown>& known);

/// What a unit that is not written yet changes of one fact of one owner.
struct FactMove {
  std::span<const double> added;  ///< owner_mean: to the sum, one by one
  std::int64_t count = 0;
};
using FactMoves = std::function<FactMove(const rules::FactSpec&, const rules::Contribution&)>;

/// What the facts of the case's owner are, as the store keeps them, and `moves` on top where there is one.
[[nodiscard]] rules::Facts read_facts(const Context& context, const rules::ObjectPlan& plan, const rules::Case& c,
                                      const store::Snapshot& snapshot, const FactMoves& moves = {});

}  // namespace coachd::pipeline
