// The state folder: its lock, so that there is one writer, and the reserve that is given up on a full disk.
#pragma once

#include <cstdint>
#include <filesystem>

namespace coachd::store::sqlite {

[[nodiscard]] std::filesystem::path state_file(const std::filesystem::path& folder);

/// True when the folder's disk has next to no room: then an I/O error without a cause of its own (SQLite gives one
/// where the WAL's index cannot grow) is a full disk too.
[[nodiscard]] bool disk_is_full(const std::filesystem::path& folder);

/// Holds `coachd.lock` in the folder for as long as it lives; the system lets go of it when the process dies, however.
class FolderLock {
 public:
  /// Creates the folder if absent. Throws OpenError: another process holds it, or the folder cannot be written.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_ = -1;
};

/// A file that only holds room.
class Reserve {
 public:
  Reserve(const std::filesystem::path& folder, std::int64_t bytes);
  /// Makes sure that the room is held; false where there is none. Any number of times.
  [[nodiscard]] bool take();
  void give_up();

 private:
  std::filesystem::path file_;
  std::int64_t bytes_;
};

}  // namespace coachd::store::sqlite
