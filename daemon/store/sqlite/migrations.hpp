// The schema, as numbered steps that are only ever added to. The writer brings a file up to
// date at open, before its threads exist; readers and backups only ask.
#pragma once

#include <cstdint>

#include "daemon/store/sqlite/connection.hpp"

namespace coachd::store::sqlite {

/// Stands in every file that coachd writes.
inline constexpr std::int64_t application_id = 0x434F4143;  // "COAC"

/// The newest schema that this program knows.
[[nodiscard]] std::int64_t newest_schema() noexcept;

/// Brings the file up to the newest schema, each step in a transaction of its own. Throws OpenError, with a sentence
/// for a person, where the file is not coachd's or was written by a newer program.
void migrate(Connection& c);
/// The same checks without a change: for readers. Throws OpenError where the file is older or newer than this program.
void require_newest(Connection& c);

}  // namespace coachd::store::sqlite
