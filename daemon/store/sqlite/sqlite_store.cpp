#include "daemon/store/sqlite/sqlite_store.hpp"

#include <sqlite3.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "daemon/store/sqlite/checkpointer.hpp"
#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/dictionary.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "daemon/store/sqlite/group_writer.hpp"
#include "daemon/store/sqlite/migrations.hpp"
#include "daemon/store/sqlite/snapshot.hpp"
#include "daemon/store/sqlite/unit_queue.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

constexpr std::chrono::hours idle_wait{1};          // whatever is put into the queue wakes the thread
constexpr std::chrono::milliseconds quiet_wait{1};  // while the hall holds still

[[noreturn]] void refuse(const std::filesystem::path& file, const SQLite::Exception& e) {
  const int code = e.getErrorCode();
  const std::string name = "the state file " + file.string();
  if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT) throw OpenError(name + " is damaged: restore a backup");
  if (code == SQLITE_FULL || (code == SQLITE_IOERR && disk_is_full(file.parent_path())))
    throw OpenError(name + " cannot be opened: the disk is full");
  if (code == SQLITE_CANTOPEN || code == SQLITE_READONLY || code == SQLITE_PERM)
    throw OpenError(name + " cannot be opened: look at the rights of the folder");
  throw OpenError(name + " cannot be opened: " + sqlite3_errstr(e.getExtendedErrorCode()));
}

class Engine final : public SqliteStore {
 public:
  explicit Engine(Options options)
      : options_(std::move(options)),
        lock_(options_.folder),
        writer_(options_, dictionary_),
        checkpointer_(state_file(options_.folder), options_) {
    checkpointer_.start();
    thread_ = std::thread([this] { loop(); });
  }
  ~Engine() override { stop(); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void apply(UnitOfWork unit, std::function<void(Applied)> done) override {
    WaitingUnit waiting{std::move(unit), std::move(done), 0};
    if (!queue_.put(waiting) && waiting.done) waiting.done(Applied::failed);
  }

  std::unique_ptr<Reader> open_reader() override { return std::make_unique<SqliteReader>(state_file(options_.folder)); }
  Dictionary& dictionary() override { return dictionary_; }
  std::int64_t epoch() const override { return writer_.epoch(); }
  std::size_t queued_bytes() const override { return queue_.bytes(); }
  std::chrono::nanoseconds still() const override { return queue_.still(); }
  Pace pace() const override { return writer_.pace(); }

  void stop() override {
    queue_.close();
    const std::scoped_lock once(stop_mutex_);
    if (thread_.joinable()) thread_.join();
    checkpointer_.stop();
  }

  void limit_pages(std::int64_t pages) override { writer_.limit_pages(pages); }
  bool full() const noexcept override { return writer_.full(); }
  std::int64_t wal_bytes() const override {
    std::error_code ec;
    const auto size = std::filesystem::file_size(state_file(options_.folder).string() + "-wal", ec);
    return ec ? 0 : static_cast<std::int64_t>(size);
  }

 private:
  void loop() {
    while (true) {
      const bool full = writer_.full();
      const bool hall = full || queue_.closed() || !checkpointer_.wants_quiet();
      const bool there = queue_.wait(full ? options_.look_for_room_every : hall ? idle_wait : quiet_wait, hall);
      if (full) writer_.look_for_room();
      const auto restart = [this](bool hall_waits) {
        checkpointer_.restart_if_ready(hall_waits || queue_.hall_waits());
      };
      if (there) {
        if (writer_.run_group(queue_, hall, restart)) checkpointer_.written(writer_.pace().door_busy);
      } else if (!hall) {
        restart(false);
      } else if (queue_.closed()) {
        break;
      }
    }
    writer_.write_names();
  }

  const Options options_;
  FolderLock lock_;
  SqliteDictionary dictionary_{SqliteDictionary::Use::write};
  UnitQueue queue_;
  GroupWriter writer_;
  Checkpointer checkpointer_;
  std::mutex stop_mutex_;
  std::thread thread_;  // last: it uses all of the above
};

class ReadOnly final : public Store {
 public:
  explicit ReadOnly(const std::filesystem::path& folder) : file_(state_file(folder)) {
    Connection c(file_, Connection::Mode::read, 10'000);
    require_newest(c);
    dictionary_.load(c);
    epoch_ = c.pragma("SELECT value FROM state WHERE name='epoch'");
  }
  void apply(UnitOfWork, std::function<void(Applied)> done) override {
    if (done) done(Applied::failed);
  }
  std::unique_ptr<Reader> open_reader() override { return std::make_unique<SqliteReader>(file_); }
  Dictionary& dictionary() override { return dictionary_; }
  std::int64_t epoch() const override { return epoch_; }
  std::size_t queued_bytes() const override { return 0; }
  std::chrono::nanoseconds still() const override { return {}; }
  bool full() const noexcept override { return false; }
  Pace pace() const override { return {}; }
  void stop() override {}

 private:
  std::filesystem::path file_;
  SqliteDictionary dictionary_{SqliteDictionary::Use::read_only};
  std::int64_t epoch_ = 0;
};

}  // namespace

std::unique_ptr<SqliteStore> open(Options options) {
  const auto file = state_file(options.folder);
  try {
    return std::make_unique<Engine>(options);
  } catch (const SQLite::Exception& e) {
    const bool no_room =
        e.getErrorCode() == SQLITE_FULL || (e.getErrorCode() == SQLITE_IOERR && disk_is_full(options.folder));
    if (!no_room) refuse(file, e);
  }
  // Started on a full disk: with the reserve the state opens, and says that it is full.
  try {
    Reserve(options.folder, options.reserve_bytes).give_up();
    return std::make_unique<Engine>(std::move(options));
  } catch (const SQLite::Exception& e) {
    refuse(file, e);
  }
}

std::unique_ptr<Store> open_to_read(const std::filesystem::path& folder) {
  const auto file = state_file(folder);
  std::error_code ec;
  if (!std::filesystem::exists(file, ec))
    throw OpenError("there is no state in " + folder.string() + ": the daemon has not run there yet");
  try {
    return std::make_unique<ReadOnly>(folder);
  } catch (const SQLite::Exception& e) {
    refuse(file, e);
  }
}

}  // namespace coachd::store::sqlite
