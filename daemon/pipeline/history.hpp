// The second stage: journal entries become snapshot rows and dated history. Applying an entry twice or late changes
// nothing. In the same unit the facts that the record feeds are kept, and exactly the records become due whose test a
// new value flips.
#pragma once

#include <cstdint>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// Where the connection stands.
struct Standing {
  bool loaded = false;         ///< the first load is done: evaluation may begin
  bool facts_current = false;  ///< no sweep is under way: facts were kept with these rules
};
struct AppliedJournal {
  store::UnitOfWork unit;
  /// Changed records that are to be evaluated in the same unit, which does not make them due. Only once the connection
  /// is loaded; one whose history the store may keep otherwise than it arrived (a vendor's row takes the place of a
  /// diff) is made due.
  std::vector<ChangedRecord> ready;
};
/// Entries of one connection, in order of position, as one unit that also moves the applied position.
[[nodiscard]] AppliedJournal apply_journal(const Context& context, const store::Snapshot& snapshot,
                                           const std::vector<store::JournalEntry>& entries, Standing standing,
                                           model::Instant now);

}  // namespace coachd::pipeline
