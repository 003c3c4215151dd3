// The third stage: a due record is evaluated, and what differs from its open findings becomes rows. An evaluation that
// changes nothing writes nothing but its next instant, and only where that moved.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/evaluate.hpp"

namespace coachd::pipeline {

/// What a record's evaluation leaves for the prompting stage. `built` is null where the record is gone.
struct Evaluated {
  std::unique_ptr<BuiltCase> built;
  rules::Facts facts;
  std::vector<model::Verdict> findings;  ///< outcome == finding
  std::vector<model::Verdict> untold;    ///< cannot be told, or broken
  std::optional<model::Instant> revisit_at;
  std::vector<store::FindingRow> open;   ///< open findings after this evaluation
  std::vector<store::FindingRow> ended;  ///< ended by this evaluation
};

/// The record as the rules see it now, changing nothing: for texts, `explain`, and a last look before sending.
[[nodiscard]] Evaluated view_record(const Context& context, const store::Snapshot& snapshot, const std::string& object,
                                    const std::string& record, model::Instant now);

/// A record as a unit that is not written yet leaves it.
struct ChangedRecord {
  store::DueRow due;                 ///< as it was read
  std::int64_t revision = 0;         ///< as it was read
  std::unique_ptr<BuiltCase> built;  ///< null: it is gone
  rules::Facts facts;
};

/// Evaluates a record together with the change that made it due, in the unit of the change: it need not be written down
/// as due, looked up and read again. Adds the changes to `unit`.
[[nodiscard]] Evaluated evaluate_changed(const Context& context, const store::Snapshot& snapshot, ChangedRecord record,
                                         model::Instant now, store::UnitOfWork& unit);

/// Evaluates one due record and adds the changes to `unit`.
[[nodiscard]] Evaluated evaluate_record(const Context& context, const store::Snapshot& snapshot,
                                        const store::DueRow& due, model::Instant now, store::UnitOfWork& unit);

}  // namespace coachd::pipeline
