#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

void write_kept(Connection& c, const UnitOfWork& unit) {
  for (const auto& gone : unit.kept_gone)
    Query(c, "DELETE FROM kept WHERE connection=? AND kind=? AND at<?", gone.connection, gone.kind, gone.before).run();
  for (const auto& k : unit.kept) {
    Query(c,
          "INSERT INTO kept(connection,kind,at,hash,body) SELECT ?1,?2,?3,?4,?5 WHERE ?4 IS NOT "
          "(SELECT hash FROM kept WHERE connection=?1 AND kind=?2 ORDER BY at DESC LIMIT 1) "
          "ON CONFLICT(connection,kind,at) DO UPDATE SET hash=?4, body=?5",
          k.connection, k.kind, k.at, k.hash, Blob{k.body})
        .run();
  }
  for (const auto& n : unit.counters) {
    if (n.delta != 0)
      Query(c, "INSERT INTO counter(name,value) VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET value=value+?2", n.name,
            n.delta)
          .run();
  }
  for (const auto& [name, text] : unit.metadata)
    Query(c, "INSERT INTO metadata(name,text) VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET text=?2", name, text).run();
}

}  // namespace coachd::store::sqlite
