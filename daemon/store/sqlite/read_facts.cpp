#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/encoding.hpp"
#include "daemon/store/sqlite/snapshot.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

Snapshot::Mean SqliteSnapshot::fact_mean(std::string_view connection, std::string_view fact, std::string_view owner,
                                         std::span<const double> added) const {
  ExactSum sum;
  std::int64_t count = 0;
  Query q(c_, "SELECT sum,count FROM fact_owner WHERE connection=? AND fact=? AND owner=?", connection, fact, owner);
  if (q.next()) {
    sum = ExactSum(q.text(0));
    count = q.integer(1);
  }
  for (const double x : added) sum.add(x);
  return {sum.value(), count};
}

std::int64_t SqliteSnapshot::fact_count(std::string_view connection, std::string_view fact, std::string_view owner,
                                        std::uint64_t text_hash) const {
  return row_of(
             c_, [](Query& q) { return q.integer(0); },
             "SELECT coalesce((SELECT count FROM fact_text WHERE connection=?1 AND fact=?2 AND owner=?3 AND "
             "text_hash=?4), EXISTS(SELECT 1 FROM fact INDEXED BY fact_text_hash WHERE connection=?1 AND fact=?2 AND "
             "owner=?3 AND text_hash=?4 AND text_hash<>0))",
             connection, fact, owner, text_hash)
      .value_or(0);
}

std::optional<FactRow> SqliteSnapshot::fact_of(std::string_view connection, std::string_view fact,
                                               std::string_view record) const {
  const auto row = [&](Query& q) {
    return FactRow{std::string(connection), std::string(fact), q.text(0),
                   std::string(record),     q.real(1),         static_cast<std::uint64_t>(q.integer(2))};
  };
  return row_of(c_, row, "SELECT owner,value,text_hash FROM fact WHERE connection=? AND fact=? AND record=?",
                connection, fact, record);
}

std::vector<std::string> SqliteSnapshot::fact_between(std::string_view connection, std::string_view fact,
                                                      std::string_view owner, double low, double high) const {
  return rows_of(
      c_, [](Query& q) { return q.text(0); },
      "SELECT record FROM fact WHERE connection=? AND fact=? AND owner=? AND value>? AND value<=? ORDER BY "
      "value,record",
      connection, fact, owner, low, high);
}

std::vector<std::string> SqliteSnapshot::fact_with_text(std::string_view connection, std::string_view fact,
                                                        std::string_view owner, std::uint64_t text_hash,
                                                        std::size_t limit) const {
  return rows_of(
      c_, [](Query& q) { return q.text(0); },
      "SELECT record FROM fact WHERE connection=? AND fact=? AND owner=? AND text_hash=? AND text_hash<>0 ORDER BY "
      "record LIMIT ?",
      connection, fact, owner, text_hash, limit);
}

}  // namespace coachd::store::sqlite
