// What a unit of work writes, one function per table family. All run on the writer's thread inside the unit's savepoint
// (deliveries of a door, which cannot conflict, need none) and throw SQLite::Exception; none of them commits.
#pragma once

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

/// Writes the whole unit. False: an expected revision or generation was not met; then nothing was written.
[[nodiscard]] bool write_unit(Connection& c, const UnitOfWork& unit);

[[nodiscard]] bool guards_met(Connection& c, const UnitOfWork& unit);
void write_intake(Connection& c, const UnitOfWork& unit);   ///< journal, cursors, read list
void write_records(Connection& c, const UnitOfWork& unit);  ///< snapshots, known_since
void write_history(Connection& c, const UnitOfWork& unit);
void write_due(Connection& c, const UnitOfWork& unit);      ///< evaluated, make_due, cannot_tell
void write_prompts(Connection& c, const UnitOfWork& unit);  ///< findings, prompts, outbox, reasons
void write_facts(Connection& c, const UnitOfWork& unit);
void write_kept(Connection& c, const UnitOfWork& unit);  ///< kept, counters, metadata

}  // namespace coachd::store::sqlite
