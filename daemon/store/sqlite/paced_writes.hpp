// What a checkpoint writes goes to the disk in small pieces, each brought there before the next: a commit's sync waits
// behind whatever is on its way to the disk, and hundreds of pages at once would hold it up for many times its own
// time. Thread rule: the connection's.
#pragma once

#include <sqlite3.h>

namespace coachd::store::sqlite {

class PacedWrites {
 public:
  static constexpr int piece = 32;  ///< pages

  PacedWrites() = default;
  PacedWrites(const PacedWrites&) = delete;
  PacedWrites& operator=(const PacedWrites&) = delete;

  /// Takes the place of the methods of `db`'s main file, of this connection alone. REQUIRES: it outlives the
  /// connection.
  void install(sqlite3* db);
  /// Whether writes are brought to the disk now; at first they are not.
  void pace(bool on) noexcept { on_ = on; }
  /// What was written since the last piece. An SQLite code.
  int sync() noexcept;

 private:
  struct Methods : sqlite3_io_methods {
    PacedWrites* owner = nullptr;
  };
  static int write(sqlite3_file* file, const void* bytes, int n, sqlite3_int64 at);

  Methods methods_{};
  const sqlite3_io_methods* base_ = nullptr;
  sqlite3_file* file_ = nullptr;
  int waiting_ = 0;  // pages that were written and not brought to the disk here
  bool on_ = false;
};

}  // namespace coachd::store::sqlite
