#include "daemon/store/sqlite/wal_file.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <vector>

namespace coachd::store::sqlite {
namespace {

constexpr int piece = 1 << 16;  // SQLite's own files take less than 128 KiB at a time
constexpr sqlite3_int64 length_step = 1 << 20;

sqlite3_vfs* base_vfs() {
  static sqlite3_vfs* const base = sqlite3_vfs_find(nullptr);
  return base;
}

/// SQLite makes room for it and for the base's file behind it.
class WalFile : public sqlite3_file {
 public:
  explicit WalFile(const sqlite3_io_methods& methods) : sqlite3_file{&methods} {}
  [[nodiscard]] sqlite3_file* base() noexcept { return reinterpret_cast<sqlite3_file*>(this + 1); }
  [[nodiscard]] const sqlite3_io_methods& of_base() noexcept { return *base()->pMethods; }

  int write(const char* bytes, std::size_t n, sqlite3_int64 at) {
    const auto end = begin_ + static_cast<sqlite3_int64>(gathered_.size());
    if (!gathered_.empty() && (at != end || gathered_.size() + n > piece))
      if (const int code = flush(); code != SQLITE_OK) return code;
    if (gathered_.empty()) begin_ = at;
    try {
      gathered_.insert(gathered_.end(), bytes, bytes + n);
    } catch (const std::exception&) {
      return SQLITE_IOERR_NOMEM;
    }
    return SQLITE_OK;
  }

  /// What cannot be written is forgotten: it belongs to a transaction that now fails.
  int flush() {
    if (gathered_.empty()) return SQLITE_OK;
    const auto n = gathered_.size();
    const int code = of_base().xWrite(base(), gathered_.data(), static_cast<int>(n), begin_);
    gathered_.clear();
    if (code == SQLITE_OK) grow(begin_ + static_cast<sqlite3_int64>(n));
    return code;
  }

  int truncate(sqlite3_int64 size) {
    length_ = size;
    return of_base().xTruncate(base(), size);
  }

 private:
  // Zeros are no frame. Where there is no room for them, the frames go on alone.
  void grow(sqlite3_int64 end) {
    if (end <= length_) return;
    if (length_ < 0) of_base().xFileSize(base(), &length_);
    if (end < length_) return;
    static const std::vector<char> zeros(piece);
    const auto wanted = (end / length_step + 1) * length_step;
    for (length_ = end; length_ < wanted;) {
      const auto n = std::min<sqlite3_int64>(piece, wanted - length_);
      if (of_base().xWrite(base(), zeros.data(), static_cast<int>(n), length_) != SQLITE_OK) return;
      length_ += n;
    }
  }

  std::vector<char> gathered_;
  sqlite3_int64 begin_ = 0;    // of what is gathered
  sqlite3_int64 length_ = -1;  // of the file, as far as it is known here
};

WalFile& wal(sqlite3_file* file) {
  return *static_cast<WalFile*>(file);
}

// `call` on the base's file, after what is gathered.
template <class Call>
int behind_writes(sqlite3_file* file, Call call) {
  auto& w = wal(file);
  const int code = w.flush();
  return code == SQLITE_OK ? call(w.of_base(), w.base()) : code;
}

int close(sqlite3_file* file) {
  const int code = behind_writes(file, [](auto&, auto*) { return SQLITE_OK; });
  auto& w = wal(file);
  const int closed = w.of_base().xClose(w.base());
  w.~WalFile();
  return code == SQLITE_OK ? closed : code;
}

const sqlite3_io_methods& methods() {
  static const sqlite3_io_methods all = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = close;
    m.xRead = [](sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
      return behind_writes(f, [&](auto& base, auto* file) { return base.xRead(file, to, n, at); });
    };
    m.xWrite = [](sqlite3_file* f, const void* bytes, int n, sqlite3_int64 at) {
      return wal(f).write(static_cast<const char*>(bytes), static_cast<std::size_t>(n), at);
    };
    m.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) {
      return behind_writes(f, [&](auto&, auto*) { return wal(f).truncate(size); });
    };
    m.xSync = [](sqlite3_file* f, int flags) {
      return behind_writes(f, [&](auto& base, auto* file) { return base.xSync(file, flags); });
    };
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) {
      return behind_writes(f, [&](auto& base, auto* file) { return base.xFileSize(file, size); });
    };
    m.xLock = [](sqlite3_file* f, int level) { return wal(f).of_base().xLock(wal(f).base(), level); };
    m.xUnlock = [](sqlite3_file* f, int level) { return wal(f).of_base().xUnlock(wal(f).base(), level); };
    m.xCheckReservedLock = [](sqlite3_file* f, int* locked) {
      return wal(f).of_base().xCheckReservedLock(wal(f).base(), locked);
    };
    m.xFileControl = [](sqlite3_file* f, int what, void* with) {
      return wal(f).of_base().xFileControl(wal(f).base(), what, with);
    };
    m.xSectorSize = [](sqlite3_file* f) { return wal(f).of_base().xSectorSize(wal(f).base()); };
    m.xDeviceCharacteristics = [](sqlite3_file* f) { return wal(f).of_base().xDeviceCharacteristics(wal(f).base()); };
    return m;
  }();
  return all;
}

int open(sqlite3_vfs*, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* const base = base_vfs();
  if ((flags & SQLITE_OPEN_WAL) == 0) return base->xOpen(base, name, file, flags, out_flags);
  auto* const w = new (file) WalFile(methods());
  const int code = base->xOpen(base, name, w->base(), flags, out_flags);
  if (code == SQLITE_OK) return code;
  w->~WalFile();
  file->pMethods = nullptr;
  return code;
}

}  // namespace

const char* gathered_wal_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs v = *base_vfs();
    v.pNext = nullptr;
    v.zName = "coachd";
    v.szOsFile += static_cast<int>(sizeof(WalFile));
    v.xOpen = open;
    return v;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  return registered == SQLITE_OK ? vfs.zName : nullptr;
}

}  // namespace coachd::store::sqlite
