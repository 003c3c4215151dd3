#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

// By connection and object: how many live records a unit brings or takes.
using Live = std::map<std::pair<std::string_view, std::string_view>, std::int64_t>;

void write_live(Connection& c, const Live& live) {
  for (const auto& [of, delta] : live) {
    if (delta == 0) continue;
    Query(c,
          "INSERT INTO record_count(connection,object,live) VALUES(?1,?2,?3) "
          "ON CONFLICT(connection,object) DO UPDATE SET live=live+?3",
          of.first, of.second, delta)
        .run();
  }
}

void write_snapshot(Connection& c, const SnapshotRow& r, Live& live) {
  std::int64_t revision = 0;
  bool was_live = false;
  {
    Query old(c, "SELECT revision, deleted FROM record WHERE connection=? AND object=? AND id=?", r.connection,
              r.object, r.record);
    if (old.next()) {
      revision = old.integer(0);
      was_live = old.integer(1) == 0;
    }
  }
  static const std::string nothing;
  const std::string& values = r.deleted ? nothing : r.values;  // a tombstone holds none
  if (revision == 0) {
    Query(c,
          "INSERT INTO "
          "record(connection,object,id,revision,version,created,created_by,modified_by,deleted,merged_into,read_set,"
          "\"values\") "
          "VALUES(?,?,?,1,?,?,?,?,?,?,?,?)",
          r.connection, r.object, r.record, r.version, r.created, r.created_by, r.modified_by, r.deleted, r.merged_into,
          r.read_set, Blob{values})
        .run();
  } else {
    Query(c,
          "UPDATE record SET "
          "revision=?,version=?,created=?,created_by=?,modified_by=?,deleted=?,merged_into=?,read_set=?,\"values\"=? "
          "WHERE connection=? AND object=? AND id=?",
          revision + 1, r.version, r.created, r.created_by, r.modified_by, r.deleted, r.merged_into, r.read_set,
          Blob{values}, r.connection, r.object, r.record)
        .run();
  }
  live[{r.connection, r.object}] += (r.deleted ? 0 : 1) - (was_live ? 1 : 0);
}

}  // namespace

void write_records(Connection& c, const UnitOfWork& unit) {
  Live live;
  for (const auto& r : unit.snapshots) write_snapshot(c, r, live);
  write_live(c, live);
  for (const auto& k : unit.known_since) {
    // Of a field the earliest instant counts; of one record the newest word does (its vendor list may have lost its
    // tail).
    Query(c,
          "INSERT INTO known_since(connection,object,record,field,at) VALUES(?1,?2,?3,?4,?5) ON "
          "CONFLICT(connection,object,record,field) "
          "DO UPDATE SET at=CASE WHEN ?3='' THEN min(at,?5) ELSE ?5 END",
          k.connection, k.object, k.record, k.field, k.at)
        .run();
  }
}

}  // namespace coachd::store::sqlite
