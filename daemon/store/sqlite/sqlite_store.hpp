// The store on SQLite: one file in the state folder, one writer thread, one checkpointer thread, any number of readers
// with a connection of their own. Only this header of the folder and backup.hpp are seen outside (by app, by commands
// and by tests).
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

/// The state cannot be opened: `what()` is a sentence for the admin.
class OpenError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What happens inside the engine and a log or a status page should know. `detail` is a number (an SQLite error code,
/// or bytes), never text of a record.
enum class Event : std::uint8_t {
  full,             ///< no room left: intake is refused, the reserve was given up; detail: SQLite error code
  room_again,       ///< the reserve is back, all goes on
  failure,          ///< a transaction failed for another reason; detail: extended SQLite error code
  checkpoint_late,  ///< the WAL is far above its limit and cannot be begun again, a reader holds it; detail: bytes
};

struct Options {
  std::filesystem::path folder;  ///< created if absent, mode 0700
  std::int64_t reserve_bytes =
      std::int64_t{32} * 1024 * 1024;  ///< given up on a full disk so that answers of calls made can be stored
  std::int64_t wal_limit_bytes = std::int64_t{64} * 1024 * 1024;  ///< above it the WAL is begun again from its start
  std::int64_t wal_late_bytes = std::int64_t{256} * 1024 * 1024;  ///< above it `checkpoint_late` is told
  std::chrono::milliseconds checkpoint_every{100};
  std::chrono::milliseconds hall_slice{5};              ///< longest time that hall units are added to one transaction
  std::chrono::milliseconds look_for_room_every{1000};  ///< on a full disk
  std::function<void(Event, std::int64_t detail)> on_event;  ///< called on the store's threads; must not throw
};

/// The engine, with what only SQLite has.
class SqliteStore : public Store {
 public:
  /// Tests only: the file may not grow beyond this many pages of 4 KiB (0: no limit), as on a full disk. Any thread.
  virtual void limit_pages(std::int64_t pages) = 0;
  /// Size of the write-ahead log; one look at the file system. Any thread.
  [[nodiscard]] virtual std::int64_t wal_bytes() const = 0;
};

/// Opens the state for writing: takes the folder's lock, brings the schema up to date, counts the epoch up, starts the
/// threads. Throws OpenError: another coachd holds the folder, the file is of a newer program, not ours, or damaged.
[[nodiscard]] std::unique_ptr<SqliteStore> open(Options options);

/// Opens the state for reading beside a running daemon (commands): takes no lock, starts no thread. `apply` answers
/// `failed`; names that are not in the dictionary get numbers that no row has. Throws OpenError: no state there, or of
/// another schema.
[[nodiscard]] std::unique_ptr<Store> open_to_read(const std::filesystem::path& folder);

/// Who holds the folder's lock, in words ("another coachd (process 712)"); nothing where nobody does. Holds nothing
/// afterwards.
[[nodiscard]] std::optional<std::string> holder_of(const std::filesystem::path& folder);

}  // namespace coachd::store::sqlite
