#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/journal_key.hpp"
#include "daemon/store/sqlite/journal_line.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

// The line of a connection; its first entry opens it.
JournalLine line_of(Connection& c, const std::string& connection) {
  if (const auto line = journal_line(c, connection)) return *line;
  Query(c, "INSERT INTO journal_state(connection,applied) VALUES(?,0)", connection).run();
  return journal_line(c, connection).value();
}

// False: the key was seen before.
bool remember(Connection& c, std::int64_t connection, std::int64_t place, const JournalEntry& e) {
  for (;; ++place) {
    if (Query(c, "INSERT INTO journal_key(place,connection,key,received) VALUES(?,?,?,?) ON CONFLICT DO NOTHING", place,
              connection, e.key, e.received)
            .run() > 0)
      return true;
    Query there(c, "SELECT connection,key FROM journal_key WHERE place=?", place);
    if (there.next() && there.integer(0) == connection && there.integer(1) == static_cast<std::int64_t>(e.key))
      return false;
  }
}

void append(Connection& c, const std::vector<JournalEntry>& entries) {
  struct Entry {
    JournalLine* line;
    std::int64_t place;
    bool repeat = false;
  };
  std::map<std::string_view, JournalLine> lines;
  std::vector<Entry> rows;
  std::vector<std::size_t> keys;  // by place: SQLite fills a page to its end only where what comes is the last of all
  rows.reserve(entries.size());
  for (const auto& e : entries) {
    auto [line, first] = lines.try_emplace(e.connection);
    if (first) line->second = line_of(c, e.connection);
    if (e.key != 0) keys.push_back(rows.size());
    rows.push_back({&line->second, key_place(e.key_time, e.key)});
  }
  std::sort(keys.begin(), keys.end(),
            [&](auto a, auto b) { return std::pair(rows[a].place, a) < std::pair(rows[b].place, b); });
  for (const auto i : keys) rows[i].repeat = !remember(c, rows[i].line->number, rows[i].place, entries[i]);

  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].repeat) continue;
    const auto& e = entries[i];
    Query(c, "INSERT INTO journal(row,kind,object,record,key,key_time,received,body) VALUES(?,?,?,?,?,?,?,?)",
          rows[i].line->row(++rows[i].line->last), static_cast<int>(e.kind), e.object, e.record, e.key, e.key_time,
          e.received, Blob{e.body})
        .run();
  }
}

// What is applied leaves the journal; that it was here is known by its key.
void mark_applied(Connection& c, const std::string& connection, std::int64_t position) {
  const auto line = journal_line(c, connection);
  if (!line) return;
  const auto to = std::min(position, line->last);
  if (to <= line->applied) return;
  Query(c, "DELETE FROM journal WHERE row>? AND row<=?", line->row(line->applied), line->row(to)).run();
  Query(c, "UPDATE journal_state SET applied=? WHERE number=?", to, line->number).run();
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
