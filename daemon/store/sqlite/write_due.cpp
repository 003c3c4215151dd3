#include <cstddef>
#include <optional>
#include <utility>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

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

void write_evaluated(Connection& c, const UnitOfWork::Evaluated& e, const Before::Due& before) {
  if (!before.exists) {
    Query(c, "INSERT INTO due(connection,object,record,at,generation,cannot_tell) VALUES(?,?,?,?,0,?)", e.connection,
          e.object, e.record, e.next, Blob{e.cannot_tell})
        .run();
    return;
  }
  // An index is written anew where its column is set, whether or not to something else.
  if (before.at != e.next)
    Query(c, "UPDATE due SET at=?,cannot_tell=? WHERE connection=? AND object=? AND record=?", e.next,
          Blob{e.cannot_tell}, e.connection, e.object, e.record)
        .run();
  else if (before.cannot_tell != e.cannot_tell)
    Query(c, "UPDATE due SET cannot_tell=? WHERE connection=? AND object=? AND record=?", Blob{e.cannot_tell},
          e.connection, e.object, e.record)
        .run();
}

}  // namespace

// A record or due row that does not exist counts as revision or generation 0.
std::optional<Before> guards_met(Connection& c, const UnitOfWork& unit) {
  std::optional<Before> before(std::in_place);
  before->due.reserve(unit.evaluated.size());
  for (const auto& e : unit.evaluated) {
    const auto record = record_before(c, e.connection, e.object, e.record);
    if (record.revision != e.revision) return std::nullopt;
    before->records.emplace(Before::Key{e.connection, e.object, e.record}, record);
    auto& due = before->due.emplace_back();
    Query q(c, "SELECT generation, at, cannot_tell FROM due WHERE connection=? AND object=? AND record=?", e.connection,
            e.object, e.record);
    due.exists = q.next();
    if ((due.exists ? q.integer(0) : 0) != e.generation) return std::nullopt;
    if (due.exists) {
      due.at = q.maybe_instant(1);
      due.cannot_tell = q.text(2);
    }
  }
  return before;
}

void write_due(Connection& c, const UnitOfWork& unit, const Before& before) {
  // First what was evaluated, then what is made due: a unit that does both for one record leaves it due.
  for (std::size_t i = 0; i < unit.evaluated.size(); ++i) write_evaluated(c, unit.evaluated[i], before.due[i]);
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
