// A record's part in a fact, and what is kept of the group: the exact sum and the count of an owner, the count of a
// text that several records share (nearly every text is its record's own: the index by text tells that there is one).
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/encoding.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

struct Part {
  std::string owner;
  double value = 0;
  std::int64_t text_hash = 0;
};

std::optional<Part> part_of(Connection& c, const std::string& connection, const std::string& fact,
                            const std::string& record) {
  return row_of(
      c, [](Query& q) { return Part{q.text(0), q.real(1), q.integer(2)}; },
      "SELECT owner, value, text_hash FROM fact WHERE connection=? AND fact=? AND record=?", connection, fact, record);
}

// A part that leaves an owner's group and one that joins it; either may be null.
void count_owner(Connection& c, const std::string& connection, const std::string& fact, const std::string& owner,
                 const Part* gone, const Part* come) {
  ExactSum sum;
  std::int64_t count = 0;
  {
    Query q(c, "SELECT sum, count FROM fact_owner WHERE connection=? AND fact=? AND owner=?", connection, fact, owner);
    if (q.next()) {
      sum = ExactSum(q.text(0));
      count = q.integer(1);
    }
  }
  if (gone) sum.add(-gone->value);
  if (come) sum.add(come->value);
  count += (come ? 1 : 0) - (gone ? 1 : 0);
  if (count == 0) {
    Query(c, "DELETE FROM fact_owner WHERE connection=? AND fact=? AND owner=?", connection, fact, owner).run();
    return;
  }
  const std::string bytes = sum.bytes();
  Query(c,
        "INSERT INTO fact_owner(connection,fact,owner,sum,count) VALUES(?1,?2,?3,?4,?5) ON "
        "CONFLICT(connection,fact,owner) "
        "DO UPDATE SET sum=?4, count=?5",
        connection, fact, owner, Blob{bytes}, count)
      .run();
}

void count_owners(Connection& c, const std::string& connection, const std::string& fact, const Part* old,
                  const Part* now) {
  const bool same = old && now && old->owner == now->owner;
  if (same && old->value == now->value) return;
  if (same) return count_owner(c, connection, fact, now->owner, old, now);
  if (old) count_owner(c, connection, fact, old->owner, old, nullptr);
  if (now) count_owner(c, connection, fact, now->owner, nullptr, now);
}

// REQUIRES: of a text that comes, the record's own row does not show it yet.
void count_text(Connection& c, const std::string& connection, const std::string& fact, const Part& p, int sign) {
  if (p.text_hash == 0) return;
  const int changed =
      Query(c, "UPDATE fact_text SET count=count+?5 WHERE connection=?1 AND fact=?2 AND owner=?3 AND text_hash=?4",
            connection, fact, p.owner, p.text_hash, sign)
          .run();
  if (changed > 0 && sign < 0)
    Query(c, "DELETE FROM fact_text WHERE connection=? AND fact=? AND owner=? AND text_hash=? AND count<2", connection,
          fact, p.owner, p.text_hash)
        .run();
  if (changed > 0 || sign < 0) return;
  Query(c,
        "INSERT INTO fact_text(connection,fact,owner,text_hash,count) SELECT ?1,?2,?3,?4,2 WHERE EXISTS(SELECT 1 FROM "
        "fact INDEXED BY fact_text_hash WHERE connection=?1 AND fact=?2 AND owner=?3 AND text_hash=?4 AND "
        "text_hash<>0)",
        connection, fact, p.owner, p.text_hash)
      .run();
}

void drop(Connection& c, const std::string& connection, const std::string& fact, const std::string& record) {
  const auto old = part_of(c, connection, fact, record);
  if (!old) return;
  count_owners(c, connection, fact, &*old, nullptr);
  count_text(c, connection, fact, *old, -1);
  Query(c, "DELETE FROM fact WHERE connection=? AND fact=? AND record=?", connection, fact, record).run();
}

// Of one owner nearly always one of the two changes: only its index is written. False: both did.
bool move(Connection& c, const FactRow& f, const Part& old, const Part& now) {
  if (old.text_hash == now.text_hash) {
    Query(c, "UPDATE fact SET value=? WHERE connection=? AND fact=? AND record=?", now.value, f.connection, f.fact,
          f.record)
        .run();
    return true;
  }
  if (old.value != now.value) return false;
  Query(c, "UPDATE fact SET text_hash=? WHERE connection=? AND fact=? AND record=?", now.text_hash, f.connection,
        f.fact, f.record)
      .run();
  return true;
}

void put(Connection& c, const FactRow& f) {
  if (!std::isfinite(f.value)) return drop(c, f.connection, f.fact, f.record);  // no number: not part of any mean
  const Part now{f.owner, f.value, static_cast<std::int64_t>(f.text_hash)};
  const auto old = part_of(c, f.connection, f.fact, f.record);
  if (old && old->owner == now.owner && old->value == now.value && old->text_hash == now.text_hash) return;
  count_owners(c, f.connection, f.fact, old ? &*old : nullptr, &now);
  if (!old || old->owner != now.owner || old->text_hash != now.text_hash) {
    if (old) count_text(c, f.connection, f.fact, *old, -1);
    count_text(c, f.connection, f.fact, now, +1);
  }
  if (old && old->owner == now.owner && move(c, f, *old, now)) return;
  Query(c,
        "INSERT INTO fact(connection,fact,record,owner,value,text_hash) VALUES(?1,?2,?3,?4,?5,?6) "
        "ON CONFLICT(connection,fact,record) DO UPDATE SET owner=?4, value=?5, text_hash=?6",
        f.connection, f.fact, f.record, now.owner, now.value, now.text_hash)
      .run();
}

}  // namespace

void write_facts(Connection& c, const UnitOfWork& unit) {
  for (const auto& g : unit.facts_gone) drop(c, g.connection, g.fact, g.record);
  for (const auto& f : unit.facts) put(c, f);
}

}  // namespace coachd::store::sqlite
