#include <cstdint>
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

std::int64_t number(Query&& q) {
  return q.next() ? q.integer(0) : 0;
}

void count_cannot_tell(Connection& c, const UnitOfWork::CannotTellDelta& d) {
  if (d.delta == 0) return;
  Query(c,
        "INSERT INTO cannot_tell(connection,rule,reason,count) VALUES(?1,?2,?3,?4) "
        "ON CONFLICT(connection,rule,reason) DO UPDATE SET count=count+?4",
        d.connection, d.rule, d.reason, d.delta)
      .run();
  if (d.delta < 0)
    Query(c, "DELETE FROM cannot_tell WHERE connection=? AND rule=? AND reason=? AND count=0", d.connection, d.rule,
          d.reason)
        .run();
}

}  // namespace

// A record or due row that does not exist counts as revision or generation 0.
bool guards_met(Connection& c, const UnitOfWork& unit) {
  for (const auto& e : unit.evaluated) {
    if (number(Query(c, "SELECT revision FROM record WHERE connection=? AND object=? AND id=?", e.connection, e.object,
                     e.record)) != e.revision)
      return false;
    if (number(Query(c, "SELECT generation FROM due WHERE connection=? AND object=? AND record=?", e.connection,
                     e.object, e.record)) != e.generation)
      return false;
  }
  return true;
}

void write_due(Connection& c, const UnitOfWork& unit) {
  // First what was evaluated, then what is made due: a unit that does both for one record leaves it due.
  for (const auto& e : unit.evaluated) {
    Query(c,
          "INSERT INTO due(connection,object,record,at,generation,cannot_tell) VALUES(?1,?2,?3,?4,0,?5) "
          "ON CONFLICT(connection,object,record) DO UPDATE SET at=?4, cannot_tell=?5 WHERE at IS NOT ?4 OR "
          "cannot_tell<>?5",
          e.connection, e.object, e.record, e.next, Blob{e.cannot_tell})
        .run();
  }
  for (const auto& d : unit.make_due) {
    Query(c,
          "INSERT INTO due(connection,object,record,at,generation,cannot_tell) VALUES(?1,?2,?3,?4,1,x'') "
          "ON CONFLICT(connection,object,record) DO UPDATE SET at=min(coalesce(at,?4),?4), generation=generation+1",
          d.connection, d.object, d.record, d.at)
        .run();
  }
  for (const auto& d : unit.cannot_tell) count_cannot_tell(c, d);
}

}  // namespace coachd::store::sqlite
