// The first stage: what a connector read becomes journal entries, committed together with the cursor that follows them.
// Pure: builds a unit of work; the caller applies it.
#pragma once

#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// Field numbers parallel to a page's columns, and the number of that set.
struct ColumnNumbers {
  std::vector<std::uint32_t> fields;
  std::uint32_t read_set = 0;
};
[[nodiscard]] ColumnNumbers number_columns(store::Dictionary& dictionary, const std::string& connection,
                                           const std::string& object, const std::vector<std::string>& columns);

/// Adds a tombstone for each record that was asked for by id, is known and did not come back: it is gone for good
/// (erased for privacy, mostly), and no list of deletions tells it. It stands just behind the version that is stored:
/// whatever the CRM should still tell of it counts.
void add_gone(const store::Snapshot& snapshot, const std::string& connection, const std::string& object,
              const std::vector<store::Snapshot::ReadListRow>& asked, connectors::Page& page);

/// `object` is canonical. A change is told apart by object, id, version, read set and values: repeats are dropped by
/// the store; a first load has none. History that came with the records stands before them, so that it is known when
/// they are compared. `dictionary` gives the history's field numbers. `cursor_name` empty: read by id, no cursor moves.
[[nodiscard]] store::UnitOfWork intake_records(store::Dictionary& dictionary, const std::string& connection,
                                               const std::string& object, const connectors::Page& page,
                                               const ColumnNumbers& numbers, const std::string& cursor_name,
                                               model::Instant now);

/// History rows, one entry per record. `columns` lists the fields that are kept: rows of others are left out.
[[nodiscard]] store::UnitOfWork intake_history(store::Dictionary& dictionary, const std::string& connection,
                                               const std::string& object, const connectors::HistoryPage& page,
                                               const std::vector<std::string>& columns, const std::string& cursor_name,
                                               model::Instant now);

}  // namespace coachd::pipeline
