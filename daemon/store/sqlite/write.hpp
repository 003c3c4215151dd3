// What a unit of work writes, one function per table family. All run on the writer's thread inside its transaction and
// throw SQLite::Exception, after which the transaction must be undone; none of them commits.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

/// Writes the whole unit. False: an expected revision or generation was not met; then nothing was written.
[[nodiscard]] bool write_unit(Connection& c, const UnitOfWork& unit);

/// What the guards of a unit saw, so that nobody asks a second time. Points into the unit.
struct Before {
  struct Record {
    std::int64_t revision = 0;  ///< 0: there is none
    bool live = false;
  };
  struct Due {
    bool exists = false;
    std::optional<Instant> at;
    std::string cannot_tell;
  };
  using Key = std::tuple<std::string_view, std::string_view, std::string_view>;  // connection, object, id
  std::map<Key, Record> records;
  std::vector<Due> due;  ///< of each `evaluated`, in its order
};

[[nodiscard]] Before::Record record_before(Connection& c, const std::string& connection, const std::string& object,
                                           const std::string& id);
/// The state that `unit` expects, if it is that; absent: it is not.
[[nodiscard]] std::optional<Before> guards_met(Connection& c, const UnitOfWork& unit);
void write_intake(Connection& c, const UnitOfWork& unit);                   ///< journal, cursors, read list
void write_records(Connection& c, const UnitOfWork& unit, Before& before);  ///< snapshots, known_since
void write_history(Connection& c, const UnitOfWork& unit);
void write_due(Connection& c, const UnitOfWork& unit, const Before& before);  ///< evaluated, make_due, cannot_tell
void write_prompts(Connection& c, const UnitOfWork& unit);                    ///< findings, prompts, outbox, reasons
void write_facts(Connection& c, const UnitOfWork& unit);
void write_kept(Connection& c, const UnitOfWork& unit);  ///< kept, counters, metadata

}  // namespace coachd::store::sqlite
