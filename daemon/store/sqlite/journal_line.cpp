#include "daemon/store/sqlite/journal_line.hpp"

#include <optional>
#include <string_view>

#include "daemon/store/sqlite/connection.hpp"

namespace coachd::store::sqlite {

std::optional<JournalLine> journal_line(Connection& c, std::string_view connection) {
  auto line = row_of(
      c, [](Query& q) { return JournalLine{q.integer(0), q.integer(1), q.integer(1)}; },
      "SELECT number,applied FROM journal_state WHERE connection=?", connection);
  if (!line) return line;
  Query newest(c, "SELECT row FROM journal WHERE row>?1 AND row<?2 ORDER BY row DESC LIMIT 1", line->row(0),
               JournalLine{line->number + 1, 0, 0}.row(0));
  if (newest.next()) line->last = JournalLine::position(newest.integer(0));
  return line;
}

}  // namespace coachd::store::sqlite
