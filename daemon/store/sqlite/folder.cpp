#include "daemon/store/sqlite/folder.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::store::sqlite {
namespace {

std::string name_of_holder(int fd) {
  char text[32] = {};
  const auto n = ::pread(fd, text, sizeof text - 1, 0);
  std::string pid(text, n > 0 ? static_cast<std::size_t>(n) : 0);
  while (!pid.empty() && (pid.back() == '\n' || pid.back() == ' ')) pid.pop_back();
  return pid.empty() ? "another coachd" : "another coachd (process " + pid + ")";
}

}  // namespace

std::filesystem::path state_file(const std::filesystem::path& folder) {
  return folder / "coachd.db";
}

bool disk_is_full(const std::filesystem::path& folder) {
  constexpr std::uintmax_t next_to_nothing = std::uintmax_t{256} * 1024;
  std::error_code ec;
  const auto space = std::filesystem::space(folder, ec);
  return !ec && space.available < next_to_nothing;
}

std::optional<std::string> holder_of(const std::filesystem::path& folder) {
  const int fd = ::open((folder / "coachd.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::optional<std::string> holder;
  if (::flock(fd, LOCK_SH | LOCK_NB) != 0) holder = name_of_holder(fd);
  ::close(fd);  // lets go at once of a lock that was free: FolderLock waits a moment for it
  return holder;
}

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code ec;
  if (!std::filesystem::exists(folder, ec)) {
    std::filesystem::create_directories(folder, ec);
    if (!ec) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, ec);
  }
  if (ec) throw OpenError("the state folder " + folder.string() + " cannot be created: " + ec.message());
  const auto file = folder / "coachd.lock";
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) throw OpenError("the state folder " + folder.string() + " cannot be written: " + std::strerror(errno));
  bool held = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
  for (int again = 0; !held && again < 5; ++again) {  // somebody may just be looking (holder_of)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    held = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
  }
  if (!held) {
    const auto who = name_of_holder(fd_);
    ::close(fd_);
    throw OpenError(who + " is using the state folder " + folder.string() +
                    ": stop it first, or choose another folder");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Only for the sentence above; the lock holds without it, also on a full disk.
  if (::ftruncate(fd_, 0) == 0 && ::pwrite(fd_, pid.data(), pid.size(), 0) < 0) errno = 0;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) ::close(fd_);
}

Reserve::Reserve(const std::filesystem::path& folder, std::int64_t bytes) : file_(folder / "reserve"), bytes_(bytes) {}

bool Reserve::take() {
  if (bytes_ <= 0) return true;
  const int fd = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  const bool held = ::posix_fallocate(fd, 0, bytes_) == 0;
  ::close(fd);
  if (!held) give_up();  // a part of it would only stand in the way
  return held;
}

void Reserve::give_up() {
  std::error_code ec;
  std::filesystem::remove(file_, ec);
}

}  // namespace coachd::store::sqlite
