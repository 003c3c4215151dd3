#include "daemon/store/sqlite/paced_writes.hpp"

#include <sqlite3.h>

namespace coachd::store::sqlite {

void PacedWrites::install(sqlite3* db) {
  if (sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file_) != SQLITE_OK || file_ == nullptr ||
      file_->pMethods == nullptr)
    return;
  base_ = file_->pMethods;
  static_cast<sqlite3_io_methods&>(methods_) = *base_;
  methods_.xWrite = write;
  methods_.owner = this;
  file_->pMethods = &methods_;
}

int PacedWrites::sync() noexcept {
  if (base_ == nullptr || waiting_ == 0) return SQLITE_OK;
  waiting_ = 0;
  return base_->xSync(file_, SQLITE_SYNC_NORMAL);
}

int PacedWrites::write(sqlite3_file* file, const void* bytes, int n, sqlite3_int64 at) {
  auto& self = *static_cast<const Methods*>(file->pMethods)->owner;
  if (const int code = self.base_->xWrite(file, bytes, n, at); code != SQLITE_OK) return code;
  ++self.waiting_;
  return self.on_ && self.waiting_ >= piece ? self.sync() : SQLITE_OK;
}

}  // namespace coachd::store::sqlite
