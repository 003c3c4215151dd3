#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/snapshot.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

KeptRow kept_row(Query& q) {
  return KeptRow{q.text(0), q.text(1), q.text(2), q.instant(3), q.text(4)};
}

}  // namespace

std::optional<KeptRow> SqliteSnapshot::newest(std::string_view connection, std::string_view kind) const {
  return row_of(c_, kept_row,
                "SELECT connection,kind,hash,at,body FROM kept WHERE connection=? AND kind=? ORDER BY at DESC LIMIT 1",
                connection, kind);
}

std::optional<KeptRow> SqliteSnapshot::kept_at(std::string_view connection, std::string_view kind, Instant at) const {
  return row_of(
      c_, kept_row,
      "SELECT connection,kind,hash,at,body FROM kept WHERE connection=? AND kind=? AND at<=? ORDER BY at DESC LIMIT 1",
      connection, kind, at);
}

std::optional<std::string> SqliteSnapshot::metadata(std::string_view name) const {
  return row_of(c_, [](Query& q) { return q.text(0); }, "SELECT text FROM metadata WHERE name=?", name);
}

std::vector<std::pair<std::string, std::int64_t>> SqliteSnapshot::counters() const {
  return rows_of(
      c_, [](Query& q) { return std::pair(q.text(0), q.integer(1)); }, "SELECT name,value FROM counter ORDER BY name");
}

}  // namespace coachd::store::sqlite
