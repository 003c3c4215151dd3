// The second stage: journal entries become snapshot rows and dated history. Applying an entry twice or late changes
// nothing. In the same unit the facts that the record feeds are kept, and exactly the records become due whose test a
// new value flips.
#pragma once

#include <cstdint>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// Entries of one connection, in order of position, as one unit that also moves the applied position.
[[nodiscard]] store::UnitOfWork apply_journal(const Context& context, const store::Snapshot& snapshot,
                                              const std::vector<store::JournalEntry>& entries, model::Instant now);

}  // namespace coachd::pipeline
