#include "daemon/store/sqlite/snapshot.hpp"

#include <filesystem>
#include <memory>
#include <stdexcept>

#include "daemon/store/sqlite/migrations.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

// Readers of a WAL do not wait for the writer; the wait is for a checkpoint that resets it.
SqliteReader::SqliteReader(const std::filesystem::path& file) : connection_(file, Connection::Mode::read, 10'000) {
  require_newest(connection_);
}

std::unique_ptr<Snapshot> SqliteReader::snapshot() {
  if (taken_) throw std::logic_error("a reader has one snapshot at a time");
  return std::make_unique<SqliteSnapshot>(connection_, taken_);
}

SqliteSnapshot::SqliteSnapshot(Connection& c, bool& taken) : c_(c), taken_(taken) {
  Query(c_, "BEGIN").run();
  try {
    // BEGIN alone takes no view yet: the first read does.
    static_cast<void>(Query(c_, "SELECT value FROM state WHERE name='epoch'").next());
  } catch (...) {
    c_.run("ROLLBACK");
    throw;
  }
  taken_ = true;
}

SqliteSnapshot::~SqliteSnapshot() {
  taken_ = false;
  try {
    if (!c_.idle()) Query(c_, "ROLLBACK").run();
  } catch (const SQLite::Exception&) {  // nothing was written; the next BEGIN tells if the connection is broken
  }
}

}  // namespace coachd::store::sqlite
