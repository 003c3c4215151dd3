#include "daemon/app/audit/spill.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace coachd::app {
namespace {

[[noreturn]] void fail(const std::string& folder) {
  throw std::system_error(errno, std::generic_category(),
                          "cannot keep records in " + folder + " (TMPDIR names another folder)");
}

std::string folder() {
  return std::filesystem::temp_directory_path().string();
}

int temporary_file() {
  int fd = -1;
#ifdef O_TMPFILE
  fd = ::open(folder().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0) return fd;
#endif
  std::string name = folder() + "/coachd_XXXXXX";  // file systems that know no files without a name
  fd = ::mkostemp(name.data(), O_CLOEXEC);
  if (fd < 0) fail(folder());
  (void)::unlink(name.c_str());
  return fd;
}

}  // namespace

Spill::~Spill() {
  if (fd_ >= 0) ::close(fd_);
}

void Spill::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(folder());
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Spill::add(std::string&& piece) {
  size_ += piece.size();
  if (fd_ < 0 && size_ <= in_memory_) {
    memory_.push_back(std::move(piece));
    return;
  }
  if (fd_ < 0) fd_ = temporary_file();
  written_.push_back(static_cast<std::uint32_t>(piece.size()));
  write(piece);
}

bool Spill::next(Block& block) {
  if (at_ == memory_.size() + written_.size()) return false;
  block.ordinal = at_++;
  if (block.ordinal < memory_.size())
    block.bytes = std::move(memory_[block.ordinal]);
  else
    read(written_[block.ordinal - memory_.size()], block.bytes);
  done_ += block.bytes.size();
  block.end = done_;
  return true;
}

void Spill::read(std::size_t wanted, std::string& bytes) {
  bytes.resize(wanted);
  for (std::size_t got = 0; got < wanted;) {
    const ssize_t n =
        ::pread(fd_, bytes.data() + got, wanted - got, static_cast<off_t>(place_ + static_cast<std::uint64_t>(got)));
    if (n < 0 && errno == EINTR) continue;
    if (n == 0) errno = EIO;
    if (n <= 0) fail(folder());
    got += static_cast<std::size_t>(n);
  }
  place_ += wanted;
}

}  // namespace coachd::app
