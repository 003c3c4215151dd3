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

void write_snapshot(Connection& c, const SnapshotRow& r, Before& before, Live& live) {
  const auto guarded = before.records.find({r.connection, r.object, r.record});
  const auto record =
      guarded != before.records.end() ? guarded->second : record_before(c, r.connection, r.object, r.record);
  static const std::string nothing;
  const std::string& values = r.deleted ? nothing : r.values;  // a tombstone holds none
  if (record.revision == 0) {
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
          record.revision + 1, r.version, r.created, r.created_by, r.modified_by, r.deleted, r.merged_into, r.read_set,
          Blob{values}, r.connection, r.object, r.record)
        .run();
  }
  live[{r.connection, r.object}] += (r.deleted ? 0 : 1) - (record.live ? 1 : 0);
  if (guarded != before.records.end()) guarded->second = {record.revision + 1, !r.deleted};
}

}  // namespace

Before::Record record_before(Connection& c, const std::string& connection, const std::string& object,
                             const std::string& id) {
  Query q(c, "SELECT revision, deleted FROM record WHERE connection=? AND object=? AND id=?", connection, object, id);
  return q.next() ? Before::Record{q.integer(0), q.integer(1) == 0} : Before::Record{};
}

void write_records(Connection& c, const UnitOfWork& unit, Before& before) {
  Live live;
  for (const auto& r : unit.snapshots) write_snapshot(c, r, before, live);
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
