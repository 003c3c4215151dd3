#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/encoding.hpp"
#include "daemon/store/sqlite/snapshot.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/record.hpp"

namespace coachd::store::sqlite {
namespace {

SnapshotRow snapshot_row(Query& q) {
  SnapshotRow r;
  r.connection = q.text(0);
  r.object = q.text(1);
  r.record = q.text(2);
  r.revision = q.integer(3);
  r.version = q.instant(4);
  r.created = q.instant(5);
  r.created_by = q.text(6);
  r.modified_by = q.text(7);
  r.deleted = q.integer(8) != 0;
  r.merged_into = q.text(9);
  r.read_set = static_cast<std::uint32_t>(q.integer(10));
  r.values = q.text(11);
  return r;
}

DueRow due_row(Query& q) {
  return DueRow{q.text(0), q.text(1), q.text(2), q.instant(3), q.integer(4), q.text(5)};
}

}  // namespace

std::optional<SnapshotRow> SqliteSnapshot::record(std::string_view connection, std::string_view object,
                                                  std::string_view id) const {
  return row_of(c_, snapshot_row,
                "SELECT "
                "connection,object,id,revision,version,created,created_by,modified_by,deleted,merged_into,read_set,"
                "\"values\" FROM record "
                "WHERE connection=? AND object=? AND id=?",
                connection, object, id);
}

std::vector<SnapshotRow> SqliteSnapshot::records_after(std::string_view connection, std::string_view object,
                                                       std::string_view after_id, std::size_t limit) const {
  return rows_of(c_, snapshot_row,
                 "SELECT "
                 "connection,object,id,revision,version,created,created_by,modified_by,deleted,merged_into,read_set,"
                 "\"values\" FROM record "
                 "WHERE connection=? AND object=? AND id>? ORDER BY id LIMIT ?",
                 connection, object, after_id, limit);
}

std::int64_t SqliteSnapshot::record_count(std::string_view connection, std::string_view object) const {
  return row_of(
             c_, [](Query& q) { return q.integer(0); }, "SELECT live FROM record_count WHERE connection=? AND object=?",
             connection, object)
      .value_or(0);
}

std::vector<StoredHistory> SqliteSnapshot::history(std::string_view connection, std::string_view object,
                                                   std::string_view id) const {
  const auto row = [&](Query& q) {
    StoredHistory h;
    h.connection = connection;
    h.object = object;
    h.record = id;
    h.at = q.instant(0);
    h.field = static_cast<std::uint32_t>(q.integer(1));
    h.seen_at = q.instant(2);
    h.author = q.text(3);
    h.source = static_cast<model::HistorySource>(q.integer(4));
    h.vendor_id = q.text(5);
    h.from = decode_value(q.text(6));
    h.to = decode_value(q.text(7));
    return h;
  };
  return rows_of(c_, row,
                 "SELECT at,field,seen_at,author,source,vendor_id,\"from\",\"to\" FROM history WHERE connection=? AND "
                 "object=? AND record=? "
                 "ORDER BY at,n",
                 connection, object, id);
}

std::vector<Snapshot::FieldKnown> SqliteSnapshot::known_since(std::string_view connection, std::string_view object,
                                                              std::string_view id) const {
  const auto of = [&](std::string_view record) {
    return rows_of(
        c_, [](Query& q) { return FieldKnown{static_cast<std::uint32_t>(q.integer(0)), q.text(1), q.instant(2)}; },
        "SELECT field,record,at FROM known_since WHERE connection=? AND object=? AND record=? ORDER BY field",
        connection, object, record);
  };
  if (!general_ || general_->connection != connection || general_->object != object)
    general_ = General{std::string(connection), std::string(object), of("")};
  if (id.empty()) return general_->known;
  auto own = of(id);
  if (own.empty()) return general_->known;
  std::vector<FieldKnown> all;
  std::merge(general_->known.begin(), general_->known.end(), own.begin(), own.end(), std::back_inserter(all),
             [](const FieldKnown& a, const FieldKnown& b) { return a.field < b.field; });
  return all;
}

std::vector<DueRow> SqliteSnapshot::due(std::string_view connection, Instant until, std::size_t limit) const {
  return rows_of(c_, due_row,
                 "SELECT connection,object,record,at,generation,cannot_tell FROM due INDEXED BY due_connection_at "
                 "WHERE connection=? AND at IS NOT NULL AND at<=? ORDER BY at,object,record LIMIT ?",
                 connection, until, limit);
}

std::optional<Instant> SqliteSnapshot::next_due(std::string_view connection) const {
  return row_of(
      c_, [](Query& q) { return q.instant(0); },
      "SELECT at FROM due INDEXED BY due_connection_at WHERE connection=? AND at IS NOT NULL ORDER BY at LIMIT 1",
      connection);
}

// From one connection to the next along the index, not along its rows.
std::optional<Instant> SqliteSnapshot::next_due() const {
  const auto next = [&](std::string_view after) {
    return row_of(
        c_, [](Query& q) { return q.text(0); },
        "SELECT connection FROM due INDEXED BY due_connection_at WHERE connection>? AND at IS NOT NULL "
        "ORDER BY connection LIMIT 1",
        after);
  };
  std::optional<Instant> first;
  for (auto connection = next(""); connection; connection = next(*connection)) {
    const auto at = next_due(*connection);
    if (at && (!first || *at < *first)) first = at;
  }
  return first;
}

DueRow SqliteSnapshot::due_of(std::string_view connection, std::string_view object, std::string_view id) const {
  DueRow row{std::string(connection), std::string(object), std::string(id)};
  Query q(c_, "SELECT generation,cannot_tell FROM due WHERE connection=? AND object=? AND record=?", connection, object,
          id);
  if (!q.next()) return row;
  row.generation = q.integer(0);
  row.cannot_tell = q.text(1);
  return row;
}

std::vector<UnitOfWork::CannotTellDelta> SqliteSnapshot::cannot_tell() const {
  return rows_of(
      c_, [](Query& q) { return UnitOfWork::CannotTellDelta{q.text(0), q.text(1), q.text(2), q.integer(3)}; },
      "SELECT connection,rule,reason,count FROM cannot_tell ORDER BY connection,rule,reason");
}

}  // namespace coachd::store::sqlite
