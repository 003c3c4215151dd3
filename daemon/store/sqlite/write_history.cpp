// History from two sources. A vendor row takes the place of the diff row that saw the same change between two reads,
// and a diff row that comes after its vendor row is not written.
//
// The same change: same record, field, old and new value, and the diff row's `at` (the record's version when coachd
// read it) lies between 15 minutes before the vendor's `at` (clocks of the vendor's own servers) and one day after it
// (a poll that stood still, or a record saved again later within the poll's window). One vendor row replaces one diff
// row: the nearest.
//
// Rows of one record come together: what the record has is read once for all of them. A first load brings a dozen rows
// for each of very many records that have none.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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

Instant::duration distance(Instant a, Instant b) {
  return a < b ? b - a : a - b;
}

// The history of one record as it stands, and as it grows.
class RecordHistory {
 public:
  RecordHistory(Connection& c, const StoredHistory& of)
      : c_(c), connection_(of.connection), object_(of.object), record_(of.record) {
    const auto row = [](Query& q) {
      return Row{q.instant(0),
                 q.integer(1),
                 static_cast<std::uint32_t>(q.integer(2)),
                 q.instant(3),
                 static_cast<HistorySource>(q.integer(4)),
                 q.text(5),
                 q.text(6),
                 q.text(7)};
    };
    rows_ = rows_of(c, row,
                    "SELECT at,n,field,seen_at,source,vendor_id,\"from\",\"to\" FROM history WHERE connection=? AND "
                    "object=? AND record=? ORDER BY at,n",
                    connection_, object_, record_);
  }

  [[nodiscard]] bool of(const StoredHistory& h) const {
    return h.record == record_ && h.object == object_ && h.connection == connection_;
  }

  void add(const StoredHistory& h) {
    Row row{h.at, 0, h.field, h.seen_at, h.source, h.vendor_id, encode_value(h.from), encode_value(h.to)};
    if (seen_before(row)) return;
    if (row.source == HistorySource::vendor) drop_matching_diff(row);
    if (row.source == HistorySource::diff && vendor_has_it(row)) return;
    insert(std::move(row), h.author);
  }

 private:
  struct Row {
    Instant at;
    std::int64_t n = 0;  // tells rows of one instant apart
    std::uint32_t field = 0;
    Instant seen_at;
    HistorySource source = HistorySource::vendor;
    std::string vendor_id, from, to;
    [[nodiscard]] bool same_change(const Row& other) const {
      return field == other.field && from == other.from && to == other.to;
    }
  };

  [[nodiscard]] bool seen_before(const Row& r) const {
    const bool by_id = r.source == HistorySource::vendor && !r.vendor_id.empty();
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& old) {
      if (by_id) return old.vendor_id == r.vendor_id;
      return old.at == r.at && old.seen_at == r.seen_at && old.source == r.source && old.vendor_id.empty() &&
             old.same_change(r);
    });
  }

  void drop_matching_diff(const Row& r) {
    auto nearest = rows_.end();
    for (auto old = rows_.begin(); old != rows_.end(); ++old) {
      if (old->source != HistorySource::diff || old->at < r.at - window_before || old->at > r.at + window_after ||
          !old->same_change(r))
        continue;
      if (nearest == rows_.end() ||
          std::pair(distance(old->at, r.at), old->n) < std::pair(distance(nearest->at, r.at), nearest->n))
        nearest = old;
    }
    if (nearest == rows_.end()) return;
    Query(c_, "DELETE FROM history WHERE connection=? AND object=? AND record=? AND at=? AND n=?", connection_, object_,
          record_, nearest->at, nearest->n)
        .run();
    rows_.erase(nearest);
  }

  [[nodiscard]] bool vendor_has_it(const Row& r) const {
    return std::any_of(rows_.begin(), rows_.end(), [&](const Row& old) {
      return old.source == HistorySource::vendor && old.at >= r.at - window_after && old.at <= r.at + window_before &&
             old.same_change(r);
    });
  }

  void insert(Row row, const std::string& author) {
    row.n = 1;
    for (const auto& old : rows_)
      if (old.at == row.at) row.n = std::max(row.n, old.n + 1);
    Query(c_,
          "INSERT INTO history(connection,object,record,at,n,field,seen_at,author,source,vendor_id,\"from\",\"to\") "
          "VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
          connection_, object_, record_, row.at, row.n, row.field, row.seen_at, author, static_cast<int>(row.source),
          row.vendor_id, Blob{row.from}, Blob{row.to})
        .run();
    rows_.push_back(std::move(row));
  }

  Connection& c_;
  std::string connection_, object_, record_;
  std::vector<Row> rows_;
};

}  // namespace

void write_history(Connection& c, const UnitOfWork& unit) {
  std::optional<RecordHistory> record;
  for (const auto& h : unit.history) {
    if (!record || !record->of(h)) record.emplace(c, h);
    record->add(h);
  }
}

}  // namespace coachd::store::sqlite
