// What history says about a field: which saves count as changes. Pure functions of the case.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"

namespace coachd::rules {

/// True where a save altered nothing, or only case, spaces or punctuation.
[[nodiscard]] bool same_content(const model::Value& a, const model::Value& b, const calendar::Zone& zone);

/// The last save that changed the field's content (the filling of a blank too); null: none is known.
[[nodiscard]] const FieldChange* last_change(const View& v, Slot s);

/// A change that counts for `changed`, `changes` and `moved_later`: corrections by the same person within an hour are
/// one change from the first value to the last; the save that created the record, and others in the same second, are
/// none.
struct Move {
  model::Instant at{};
  std::string_view author;
  model::Value from;
  model::Value to;
  Origin origin = Origin::unknown;
  std::string_view setter;  ///< who had set `from`; empty: unknown
};
[[nodiscard]] std::vector<Move> moves(const View& v, Slot s);
/// Whether the field had held before what move number `i` set.
[[nodiscard]] Truth returned(const View& v, Slot s, const std::vector<Move>& moves, std::size_t i);

/// When the record that holds the field was made, and when anything on it was last modified.
[[nodiscard]] std::optional<model::Instant> created_of(const View& v, Slot s);
[[nodiscard]] std::optional<model::Instant> modified_of(const View& v, Slot s);

/// What history does not reach: nothing when it is complete since the record was created (or nothing was modified
/// since), else the instant before which changes are unknown (the end of time where there is no history at all).
[[nodiscard]] std::optional<model::Instant> unknown_before(const View& v, Slot s);

/// Since when `holds` has been true of the field's values, back to back; nothing where history does not tell.
/// REQUIRES: it holds for the present value.
template <class Holds>
[[nodiscard]] std::optional<model::Instant> value_since(const View& v, Slot s, const Holds& holds) {
  if (const auto* past = v.past(s))
    for (auto it = past->changes.rbegin(); it != past->changes.rend(); ++it) {
      if (it->source == model::HistorySource::created) continue;
      if (!holds(it->from)) return it->at;
    }
  if (!unknown_before(v, s)) return v.created();
  return std::nullopt;
}

/// The value of a field at a moment, by its history.
[[nodiscard]] model::Value value_at(const View& v, Slot s, model::Instant at);

/// The case as it was at an earlier instant, by its history; what history does not tell stays as it is.
[[nodiscard]] Case rolled_back(const Case& c, model::Instant to);

/// True where a change came in the same save as another at `at`: the same author (or one unknown) within two seconds.
[[nodiscard]] bool saved_together(const FieldChange& change, model::Instant at, std::string_view author) noexcept;

}  // namespace coachd::rules
