// History from two sources. A vendor row takes the place of the diff row that saw the same change between two reads,
// and a diff row that comes after its vendor row is not written.
//
// The same change: same record, field, old and new value, and the diff row's `at` (the record's version when coachd
// read it) lies between 15 minutes before the vendor's `at` (clocks of the vendor's own servers) and one day after it
// (a poll that stood still, or a record saved again later within the poll's window). One vendor row replaces one diff
// row: the nearest.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/encoding.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/record.hpp"

namespace coachd::store::sqlite {
namespace {

using model::HistorySource;

constexpr std::chrono::minutes window_before{15};
constexpr std::chrono::days window_after{1};

struct Row {
  const StoredHistory& h;
  std::string from, to;
  [[nodiscard]] int source() const { return static_cast<int>(h.source); }
};

bool seen_before(Connection& c, const Row& r) {
  if (r.h.source == HistorySource::vendor && !r.h.vendor_id.empty())
    return Query(c, "SELECT 1 FROM history WHERE connection=? AND object=? AND record=? AND vendor_id=?",
                 r.h.connection, r.h.object, r.h.record, r.h.vendor_id)
        .next();
  return Query(c,
               "SELECT 1 FROM history WHERE connection=? AND object=? AND record=? AND at=? AND field=? AND source=? "
               "AND seen_at=? AND vendor_id='' "
               "AND \"from\"=? AND \"to\"=?",
               r.h.connection, r.h.object, r.h.record, r.h.at, r.h.field, r.source(), r.h.seen_at, Blob{r.from},
               Blob{r.to})
      .next();
}

void drop_matching_diff(Connection& c, const Row& r) {
  std::optional<std::pair<std::int64_t, std::int64_t>> nearest;
  {
    Query q(c,
            "SELECT at, n FROM history WHERE connection=? AND object=? AND record=? AND at BETWEEN ? AND ? AND field=? "
            "AND source=? "
            "AND \"from\"=? AND \"to\"=? ORDER BY abs(at-?), n LIMIT 1",
            r.h.connection, r.h.object, r.h.record, r.h.at - window_before, r.h.at + window_after, r.h.field,
            static_cast<int>(HistorySource::diff), Blob{r.from}, Blob{r.to}, r.h.at);
    if (q.next()) nearest.emplace(q.integer(0), q.integer(1));
  }
  if (!nearest) return;
  Query(c, "DELETE FROM history WHERE connection=? AND object=? AND record=? AND at=? AND n=?", r.h.connection,
        r.h.object, r.h.record, nearest->first, nearest->second)
      .run();
}

bool vendor_has_it(Connection& c, const Row& r) {
  return Query(c,
               "SELECT 1 FROM history WHERE connection=? AND object=? AND record=? AND at BETWEEN ? AND ? AND field=? "
               "AND source=? "
               "AND \"from\"=? AND \"to\"=?",
               r.h.connection, r.h.object, r.h.record, r.h.at - window_after, r.h.at + window_before, r.h.field,
               static_cast<int>(HistorySource::vendor), Blob{r.from}, Blob{r.to})
      .next();
}

}  // namespace

void write_history(Connection& c, const UnitOfWork& unit) {
  for (const auto& h : unit.history) {
    const Row r{h, encode_value(h.from), encode_value(h.to)};
    if (seen_before(c, r)) continue;
    if (h.source == HistorySource::vendor) drop_matching_diff(c, r);
    if (h.source == HistorySource::diff && vendor_has_it(c, r)) continue;
    Query(c,
          "INSERT INTO history(connection,object,record,at,n,field,seen_at,author,source,vendor_id,\"from\",\"to\") "
          "VALUES(?1,?2,?3,?4,"
          "(SELECT coalesce(max(n),0)+1 FROM history WHERE connection=?1 AND object=?2 AND record=?3 AND "
          "at=?4),?5,?6,?7,?8,?9,?10,?11)",
          h.connection, h.object, h.record, h.at, h.field, h.seen_at, h.author, r.source(), h.vendor_id, Blob{r.from},
          Blob{r.to})
        .run();
  }
}

}  // namespace coachd::store::sqlite
