// One SQLite connection with its prepared statements, and one use of a statement. Seen only by the .cpp files of this
// folder. A connection belongs to one thread at a time; nothing here is shared.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/model/time.hpp"

namespace coachd::store::sqlite {

using model::Instant;

/// A string bound as bytes. REQUIRES: the string outlives the constructor of the Query it is handed to.
struct Blob {
  const std::string& bytes;
};

class Connection {
 public:
  enum class Mode : std::uint8_t { write, read };

  /// Opens `file` (created in write mode, in WAL mode). `busy_ms`: how long a statement waits for another connection's
  /// lock. Throws SQLite::Exception.
  Connection(const std::filesystem::path& file, Mode mode, int busy_ms);

  [[nodiscard]] SQLite::Database& db() noexcept { return db_; }
  /// REQUIRES: `sql` is a string literal (its address is the key). Prepared at first use, kept until the connection
  /// closes.
  [[nodiscard]] SQLite::Statement& prepared(const char* sql);
  /// Runs statements that are not worth keeping.
  void run(const char* sql) { db_.exec(sql); }
  /// The number that a PRAGMA answers; 0 where it answers none.
  [[nodiscard]] std::int64_t pragma(const char* sql);
  /// True outside of a transaction (SQLite ends one by itself on some errors).
  [[nodiscard]] bool idle() const noexcept;

 private:
  SQLite::Database db_;
  std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> prepared_;
};

/// One use of a prepared statement: binds its arguments in order, steps, and resets the statement when it goes. Values
/// are copied when bound. A statement can be in one use at a time.
class Query {
 public:
  template <class... Args>
  Query(Connection& c, const char* sql, const Args&... args) : statement_(c.prepared(sql)) {
    int n = 0;
    (bind(++n, args), ...);
  }
  ~Query() { statement_.tryReset(); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Next row; false at the end. Throws SQLite::Exception.
  bool next() { return statement_.executeStep(); }
  /// For a statement without rows: how many rows it changed.
  int run() { return statement_.exec(); }

  [[nodiscard]] std::string text(int column) const { return statement_.getColumn(column).getString(); }
  [[nodiscard]] std::int64_t integer(int column) const { return statement_.getColumn(column).getInt64(); }
  [[nodiscard]] double real(int column) const { return statement_.getColumn(column).getDouble(); }
  [[nodiscard]] bool null(int column) const { return statement_.getColumn(column).isNull(); }
  [[nodiscard]] Instant instant(int column) const { return Instant(std::chrono::microseconds(integer(column))); }
  [[nodiscard]] std::optional<Instant> maybe_instant(int column) const {
    if (null(column)) return std::nullopt;
    return instant(column);
  }

 private:
  void bind(int n, std::int64_t v) { statement_.bind(n, v); }
  void bind(int n, std::int32_t v) { statement_.bind(n, v); }
  void bind(int n, std::uint32_t v) { statement_.bind(n, static_cast<std::int64_t>(v)); }
  void bind(int n, std::uint64_t v) { statement_.bind(n, static_cast<std::int64_t>(v)); }  // hashes: the same 64 bits
  void bind(int n, bool v) { statement_.bind(n, v ? 1 : 0); }
  void bind(int n, double v) { statement_.bind(n, v); }
  void bind(int n, const std::string& v) { statement_.bind(n, v); }
  void bind(int n, std::string_view v) { statement_.bind(n, std::string(v)); }
  void bind(int n, const Blob& v) {
    statement_.bind(n, static_cast<const void*>(v.bytes.data()), static_cast<int>(v.bytes.size()));
  }
  void bind(int n, Instant v) { statement_.bind(n, std::int64_t{v.time_since_epoch().count()}); }
  void bind(int n, const std::optional<Instant>& v) {
    if (v)
      bind(n, *v);
    else
      statement_.bind(n);  // NULL
  }

  SQLite::Statement& statement_;
};

/// Rows of a query as values: `row(query)` for each row.
template <class Row, class... Args>
[[nodiscard]] auto rows_of(Connection& c, Row row, const char* sql, const Args&... args) {
  Query q(c, sql, args...);
  std::vector<decltype(row(q))> rows;
  while (q.next()) rows.push_back(row(q));
  return rows;
}

/// The first row of a query, if there is one.
template <class Row, class... Args>
[[nodiscard]] auto row_of(Connection& c, Row row, const char* sql, const Args&... args)
    -> std::optional<decltype(row(std::declval<Query&>()))> {
  Query q(c, sql, args...);
  if (!q.next()) return std::nullopt;
  return row(q);
}

}  // namespace coachd::store::sqlite
