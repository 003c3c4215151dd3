#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr std::chrono::days keys_are_kept{7};

struct JournalState {
  std::int64_t last = 0;
  std::int64_t applied = 0;
};

JournalState journal_state(Connection& c, const std::string& connection) {
  Query q(c, "SELECT last, applied FROM journal_state WHERE connection=?", connection);
  return q.next() ? JournalState{q.integer(0), q.integer(1)} : JournalState{};
}

void store_journal_state(Connection& c, const std::string& connection, JournalState s) {
  Query(c,
        "INSERT INTO journal_state(connection,last,applied) VALUES(?1,?2,?3) "
        "ON CONFLICT(connection) DO UPDATE SET last=?2, applied=?3",
        connection, s.last, s.applied)
      .run();
}

// Each unit takes away up to twice as many old keys as it brings new ones: the table stays as long as seven days of
// them, and no unit pays for a great clean-up. The clock is that of the entries themselves.
void purge_keys(Connection& c, Instant received, std::int64_t at_most) {
  Query(c,
        "DELETE FROM journal_key WHERE (connection,key_time,key) IN "
        "(SELECT connection,key_time,key FROM journal_key WHERE received<?1 ORDER BY received LIMIT ?2)",
        received - keys_are_kept, at_most)
      .run();
}

void append(Connection& c, const std::vector<JournalEntry>& entries) {
  if (entries.empty()) return;
  std::map<std::string, JournalState> states;
  Instant newest = entries.front().received;
  for (const auto& e : entries) {
    newest = std::max(newest, e.received);
    Query key(c, "INSERT INTO journal_key(connection,key_time,key,received) VALUES(?,?,?,?) ON CONFLICT DO NOTHING",
              e.connection, e.key_time, e.key, e.received);
    if (key.run() == 0) continue;  // a repeat
    auto [state, first] = states.try_emplace(e.connection);
    if (first) state->second = journal_state(c, e.connection);
    Query(c,
          "INSERT INTO journal(connection,position,kind,object,record,key,key_time,received,body) "
          "VALUES(?,?,?,?,?,?,?,?,?)",
          e.connection, ++state->second.last, static_cast<int>(e.kind), e.object, e.record, e.key, e.key_time,
          e.received, Blob{e.body})
        .run();
  }
  for (const auto& [connection, state] : states) store_journal_state(c, connection, state);
  purge_keys(c, newest, static_cast<std::int64_t>(entries.size()) * 2 + 8);
}

// What is applied leaves the journal; that it was here is known by its key.
void mark_applied(Connection& c, const std::string& connection, std::int64_t position) {
  auto state = journal_state(c, connection);
  const auto to = std::min(position, state.last);
  if (to <= state.applied) return;
  state.applied = to;
  Query(c, "DELETE FROM journal WHERE connection=? AND position<=?", connection, to).run();
  store_journal_state(c, connection, state);
}

}  // namespace

void write_intake(Connection& c, const UnitOfWork& unit) {
  append(c, unit.journal);
  if (unit.applied_to) mark_applied(c, unit.applied_to->first, unit.applied_to->second);
  for (const auto& [name, position] : unit.cursors) {
    if (position.empty())
      Query(c, "DELETE FROM cursor WHERE name=?", name).run();
    else
      Query(c, "INSERT INTO cursor(name,position) VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET position=?2", name,
            position)
          .run();
  }
  for (const auto& r : unit.read_list) {
    if (r.add) {
      Query(c,
            "INSERT INTO read_list(connection,object,record,generation) VALUES(?1,?2,?3,(SELECT value+1 FROM state "
            "WHERE name='read_list')) "
            "ON CONFLICT(connection,object,record) DO UPDATE SET generation=excluded.generation",
            r.connection, r.object, r.record)
          .run();
      Query(c, "UPDATE state SET value=value+1 WHERE name='read_list'").run();
    } else {
      Query(c, "DELETE FROM read_list WHERE connection=?1 AND object=?2 AND record=?3 AND (?4=0 OR generation=?4)",
            r.connection, r.object, r.record, r.generation)
          .run();
    }
  }
}

}  // namespace coachd::store::sqlite
