#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/journal_line.hpp"
#include "daemon/store/sqlite/snapshot.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

std::vector<JournalEntry> SqliteSnapshot::journal_after(std::string_view connection, std::size_t limit) const {
  const auto line = journal_line(c_, connection);
  if (!line) return {};
  const auto row = [&](Query& q) {
    JournalEntry e;
    e.position = JournalLine::position(q.integer(0));
    e.kind = static_cast<JournalEntry::Kind>(q.integer(1));
    e.connection = connection;
    e.object = q.text(2);
    e.record = q.text(3);
    e.key = static_cast<std::uint64_t>(q.integer(4));
    e.key_time = q.instant(5);
    e.received = q.instant(6);
    e.body = q.text(7);
    return e;
  };
  return rows_of(c_, row,
                 "SELECT row,kind,object,record,key,key_time,received,body FROM journal WHERE row>? AND row<=? ORDER "
                 "BY row LIMIT ?",
                 line->row(line->applied), line->row(line->last), limit);
}

std::int64_t SqliteSnapshot::journal_waiting(std::string_view connection) const {
  const auto line = journal_line(c_, connection);
  return line ? line->last - line->applied : 0;
}

std::optional<std::string> SqliteSnapshot::cursor(std::string_view name) const {
  return row_of(c_, [](Query& q) { return q.text(0); }, "SELECT position FROM cursor WHERE name=?", name);
}

std::vector<Snapshot::ReadListRow> SqliteSnapshot::read_list(std::string_view connection, std::size_t limit) const {
  return rows_of(
      c_, [](Query& q) { return ReadListRow{q.text(0), q.text(1), q.integer(2)}; },
      "SELECT object,record,generation FROM read_list WHERE connection=? ORDER BY object,record LIMIT ?", connection,
      limit);
}

std::int64_t SqliteSnapshot::read_list_waiting(std::string_view connection) const {
  return row_of(
             c_, [](Query& q) { return q.integer(0); }, "SELECT count(*) FROM read_list WHERE connection=?", connection)
      .value_or(0);
}

}  // namespace coachd::store::sqlite
