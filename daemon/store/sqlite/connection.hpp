// One SQLite connection with its prepared statements, and one use of a statement. Seen only in this folder
// and by its tests. A connection belongs to one thread at a time; nothing here is shared.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "rules/model/time.hpp"

namespace coachd::store::sqlite {

using model::Instant;

/// A string bound as bytes.
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
  [[nodiscard]] sqlite3_stmt* prepared(const char* sql);
  /// Throws what the last call on this connection answered.
  [[noreturn]] void fail(int code);
  /// Runs statements that are not worth keeping.
  void run(const char* sql) { db_.exec(sql); }
  /// The number that a PRAGMA answers; 0 where it answers none.
  [[nodiscard]] std::int64_t pragma(const char* sql);
  /// True outside of a transaction (SQLite ends one by itself on some errors).
  [[nodiscard]] bool idle() const noexcept;

 private:
  SQLite::Database db_;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
  };
  std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> prepared_;  // gone before db_
};

/// One use of a prepared statement: binds its arguments in order, steps, and resets the statement when it goes.
/// Straight on SQLite's own calls: the hall makes some thirty of these for each changed record. A statement can be in
/// one use at a time. REQUIRES: texts and bytes that are bound outlive the Query; they are not copied.
class Query {
 public:
  template <class... Args>
  Query(Connection& c, const char* sql, const Args&... args) : connection_(c), statement_(c.prepared(sql)) {
    int n = 0;
    (check(bind(++n, args)), ...);
  }
  ~Query() { sqlite3_reset(statement_); }
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  /// Next row; false at the end. Throws SQLite::Exception.
  bool next() {
    const int code = sqlite3_step(statement_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) connection_.fail(code);
    return code == SQLITE_ROW;
  }
  /// For a statement without rows: how many rows it changed.
  int run() {
    while (next()) {
    }
    return sqlite3_changes(sqlite3_db_handle(statement_));
  }

  [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
  /// Until the next row.
  [[nodiscard]] std::string_view view(int column) const {
    const void* const bytes = sqlite3_column_blob(statement_, column);
    return {static_cast<const char*>(bytes), static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  [[nodiscard]] std::int64_t integer(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] double real(int column) const { return sqlite3_column_double(statement_, column); }
  [[nodiscard]] bool null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  [[nodiscard]] Instant instant(int column) const { return Instant(std::chrono::microseconds(integer(column))); }
  [[nodiscard]] std::optional<Instant> maybe_instant(int column) const {
    if (null(column)) return std::nullopt;
    return instant(column);
  }

 private:
  void check(int code) {
    if (code != SQLITE_OK) connection_.fail(code);
  }
  int bind(int n, std::int64_t v) { return sqlite3_bind_int64(statement_, n, v); }
  int bind(int n, std::int32_t v) { return sqlite3_bind_int64(statement_, n, v); }
  int bind(int n, std::uint32_t v) { return sqlite3_bind_int64(statement_, n, std::int64_t{v}); }
  int bind(int n, std::uint64_t v) {  // hashes: the same 64 bits
    return sqlite3_bind_int64(statement_, n, static_cast<std::int64_t>(v));
  }
  int bind(int n, bool v) { return sqlite3_bind_int64(statement_, n, v ? 1 : 0); }
  int bind(int n, double v) { return sqlite3_bind_double(statement_, n, v); }
  int bind(int n, std::string_view v) {
    return sqlite3_bind_text64(statement_, n, v.data() == nullptr ? "" : v.data(), v.size(), SQLITE_STATIC,
                               SQLITE_UTF8);
  }
  int bind(int n, const std::string& v) { return bind(n, std::string_view(v)); }
  int bind(int n, const Blob& v) {
    return sqlite3_bind_blob64(statement_, n, v.bytes.data(), v.bytes.size(), SQLITE_STATIC);
  }
  int bind(int n, Instant v) { return bind(n, std::int64_t{v.time_since_epoch().count()}); }
  int bind(int n, const std::optional<Instant>& v) { return v ? bind(n, *v) : sqlite3_bind_null(statement_, n); }

  Connection& connection_;
  sqlite3_stmt* statement_;
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
