#include "daemon/store/sqlite/connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "daemon/store/sqlite/wal_file.hpp"

namespace coachd::store::sqlite {
namespace {

// The file holds CRM data: SQLite gives its WAL and index files the rights of the file itself. One that is there is
// not opened here: closing any descriptor of it drops the locks of every connection that this process has to it, and
// the next command that looks at the state would believe itself alone and take the WAL away.
std::string created_privately(const std::filesystem::path& file, Connection::Mode mode) {
  if (mode == Connection::Mode::write) {
    const int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);
  }
  return file.string();
}

// SQLite's own count of its memory costs two locks for each piece of it, and nobody reads it: switched off before the
// first use of all.
const char* prepared_vfs(Connection::Mode mode) {
  static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(once);
  return mode == Connection::Mode::write ? gathered_wal_vfs() : "";
}

}  // namespace

Connection::Connection(const std::filesystem::path& file, Mode mode, int busy_ms)
    : db_(created_privately(file, mode),
          mode == Mode::write ? SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX
                              : SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
          busy_ms, prepared_vfs(mode)) {
  if (mode == Mode::write) {
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    // A WAL that grew under load is cut back at its next restart, but not what steady load needs each time anew.
    run("PRAGMA journal_size_limit=201326592");
  } else {
    run("PRAGMA query_only=1");  // opened read-write all the same: a reader of a WAL takes part in its locks
  }
  // The system's cache holds the rest, and nothing is mapped: memory that is touched for the first time costs a virtual
  // machine more, page by page, than a page that is read again.
  run("PRAGMA cache_size=-16384");
  run("PRAGMA wal_autocheckpoint=0");  // the checkpointer does it, see there
  run("PRAGMA temp_store=MEMORY");     // what is sorted stays in memory
}

sqlite3_stmt* Connection::prepared(const char* sql) {
  auto& slot = prepared_[sql];
  if (!slot) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(db_.getHandle(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    slot.reset(statement);
    if (code != SQLITE_OK) fail(code);
  }
  return slot.get();
}

void Connection::fail(int code) {
  throw SQLite::Exception(db_.getHandle(), code);
}

std::int64_t Connection::pragma(const char* sql) {
  SQLite::Statement s(db_, sql);
  return s.executeStep() ? s.getColumn(0).getInt64() : 0;
}

bool Connection::idle() const noexcept {
  return sqlite3_get_autocommit(db_.getHandle()) != 0;
}

}  // namespace coachd::store::sqlite
