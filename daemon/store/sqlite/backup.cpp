#include "daemon/store/sqlite/backup.hpp"

#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "daemon/store/sqlite/migrations.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "rules/model/time.hpp"

namespace coachd::store::sqlite {
namespace {

namespace fs = std::filesystem;

constexpr int pages_a_step = 256;
constexpr int wait_for_others_ms = 5'000;

[[noreturn]] void fail(const std::string& what, const std::string& why) {
  throw OpenError(what + ": " + why);
}

[[noreturn]] void fail(const std::string& what, const SQLite::Exception& e) {
  const int code = e.getErrorCode();
  if (code == SQLITE_FULL) fail(what, "the disk is full");
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) fail(what, "the file is damaged");
  fail(what, sqlite3_errstr(e.getExtendedErrorCode()));
}

/// Goes when the copy was not finished.
class Unfinished {
 public:
  explicit Unfinished(fs::path file) : file_(std::move(file)) {}
  ~Unfinished() {
    std::error_code ec;
    for (const char* end : {"", "-journal", "-wal", "-shm"}) fs::remove(file_.string() + end, ec);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  [[nodiscard]] const fs::path& file() const noexcept { return file_; }

 private:
  fs::path file_;  // after its renaming nothing has this name any more
};

void create_privately(const fs::path& file) {
  std::error_code ec;
  fs::remove(file, ec);
  const int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) fail(file.string() + " cannot be created", std::strerror(errno));
  ::close(fd);
}

void to_disk(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail(path.string(), std::strerror(errno));
  const int code = ::fsync(fd) == 0 ? 0 : errno;
  ::close(fd);
  if (code != 0) fail(path.string() + " cannot be brought to disk", std::strerror(code));
}

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

void rename_durably(const fs::path& from, const fs::path& to) {
  std::error_code ec;
  fs::rename(from, to, ec);
  if (ec) fail(from.string() + " cannot take the name " + to.string(), ec.message());
  to_disk(folder_of(to));
}

// A file that nobody writes: SQLite then makes no WAL beside it.
std::string frozen_uri(const fs::path& file) {
  std::string uri = "file:";
  for (const char c : fs::absolute(file).string()) {
    if (c == '%' || c == '?' || c == '#')
      uri += c == '%' ? "%25" : c == '?' ? "%3f" : "%23";
    else
      uri.push_back(c);
  }
  return uri + "?immutable=1";
}

// All pages of one moment: the read transaction pins it, and with it the copy need not begin anew when the daemon
// commits meanwhile.
void copy_pages(const fs::path& from, const fs::path& to, const BackupProgress& progress) {
  Connection source(from, Connection::Mode::read, wait_for_others_ms);
  source.run("BEGIN");
  static_cast<void>(source.pragma("SELECT count(*) FROM sqlite_master"));
  SQLite::Database target(to.string(), SQLite::OPEN_READWRITE);
  SQLite::Backup copy(target, source.db());
  while (copy.executeStep(pages_a_step) != SQLITE_DONE) {
    const std::int64_t pages = copy.getTotalPageCount();
    if (progress) progress(pages - copy.getRemainingPageCount(), pages);
  }
}

std::string stamp_of(model::Instant at) {
  std::string out;
  for (const char c : model::to_string(std::chrono::floor<std::chrono::seconds>(at)))
    if (c != '-' && c != ':') out.push_back(c);
  return out;
}

// The old state as one file without a WAL, so that one renaming decides between old and new. A damaged one stays as it
// is: it is no state to go back to.
void empty_wal(const fs::path& file) {
  bool others = false;
  try {
    Connection c(file, Connection::Mode::write, wait_for_others_ms);
    others = c.pragma("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
  } catch (const SQLite::Exception&) {
    return;
  }
  std::error_code ec;
  if (others || fs::exists(file.string() + "-wal", ec))
    fail("the state " + file.string() + " is being read by another command", "try again when it has ended");
}

void set_aside(const fs::path& file, const fs::path& kept) {
  std::error_code ec;
  fs::create_directory(kept, ec);
  fs::permissions(kept, fs::perms::owner_all, ec);
  for (const char* end : {"-wal", "-shm"}) {
    const fs::path part = file.string() + end;
    if (fs::exists(part, ec)) rename_durably(part, kept / part.filename());
  }
  ec.clear();
  fs::create_hard_link(file, kept / file.filename(), ec);  // the name itself stays until the new file takes it
  if (ec) fail("the old state cannot be kept as " + kept.string(), ec.message());
  to_disk(kept);
}

}  // namespace

BackupFacts verify(const fs::path& file) {
  std::error_code ec;
  const auto name = file.string();
  if (!fs::is_regular_file(file, ec)) fail(name, "there is no such file");
  if (fs::exists(name + "-wal", ec) && fs::file_size(name + "-wal", ec) > 0)
    fail(name, "it is a database in use (there is a -wal beside it), not a backup: make one with `coachd backup`");
  try {
    SQLite::Database db(frozen_uri(file), SQLite::OPEN_READONLY | SQLite::OPEN_URI);
    BackupFacts facts;
    facts.bytes = fs::file_size(file, ec);
    facts.schema = db.execAndGet("PRAGMA user_version").getInt64();
    if (db.execAndGet("PRAGMA application_id").getInt64() != application_id || facts.schema == 0)
      fail(name, "it was not written by coachd");
    if (facts.schema > newest_schema())
      fail(name, "it is of a newer coachd (schema " + std::to_string(facts.schema) + ", this program knows up to " +
                     std::to_string(newest_schema()) + ")");
    if (db.execAndGet("PRAGMA integrity_check(1)").getString() != "ok") fail(name, "the file is damaged");
    return facts;
  } catch (const SQLite::Exception& e) {
    if (e.getErrorCode() == SQLITE_NOTADB) fail(name, "it was not written by coachd");
    fail(name, e);
  }
}

BackupFacts backup(const fs::path& folder, const fs::path& target, bool replace, const BackupProgress& progress) {
  std::error_code ec;
  const auto file = state_file(folder);
  if (!fs::exists(file, ec)) fail("there is no state in " + folder.string(), "the daemon has not run there yet");
  if (fs::is_directory(target, ec)) fail(target.string(), "it is a folder: name a file");
  if (!replace && fs::exists(target, ec)) fail(target.string(), "it exists already: name another file, or add --force");
  if (fs::equivalent(file, target, ec)) fail(target.string(), "this is the state itself");
  const Unfinished unfinished(target.string() + ".unfinished");
  create_privately(unfinished.file());
  try {
    copy_pages(file, unfinished.file(), progress);
  } catch (const SQLite::Exception& e) {
    fail("the backup " + target.string() + " could not be written", e);
  }
  const auto facts = verify(unfinished.file());
  to_disk(unfinished.file());
  rename_durably(unfinished.file(), target);
  return facts;
}

Restored restore(const fs::path& folder, const fs::path& file, model::Instant now) {
  static_cast<void>(verify(file));  // before anything is touched
  const FolderLock lock(folder);
  const auto state = state_file(folder);
  const Unfinished unfinished(folder / "restoring");
  create_privately(unfinished.file());
  std::error_code ec;
  fs::copy_file(file, unfinished.file(), fs::copy_options::overwrite_existing, ec);
  if (ec) fail(file.string() + " cannot be copied to " + folder.string(), ec.message());
  fs::permissions(unfinished.file(), fs::perms::owner_read | fs::perms::owner_write, ec);
  Restored restored;
  try {
    SQLite::Database db(unfinished.file().string(), SQLite::OPEN_READWRITE);
    db.exec("PRAGMA journal_mode=DELETE");
  } catch (const SQLite::Exception& e) {
    fail("the backup " + file.string() + " cannot be restored", e);
  }
  restored.facts = verify(unfinished.file());  // what counts is the copy
  to_disk(unfinished.file());
  if (fs::exists(state, ec)) {
    restored.kept = folder / ("state.before-restore-" + stamp_of(now));
    empty_wal(state);
    set_aside(state, restored.kept);
  }
  rename_durably(unfinished.file(), state);
  return restored;
}

}  // namespace coachd::store::sqlite
