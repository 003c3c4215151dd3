#include "daemon/app/files/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace coachd::app {
namespace {

constexpr std::size_t buffered = std::size_t{64} * 1024;

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& why) {
  throw std::runtime_error(path.string() + " cannot be written: " + why);
}

}  // namespace

WholeFile::WholeFile(std::filesystem::path path, bool replace)
    : path_(std::move(path)), unfinished_(path_.string() + ".unfinished") {
  std::error_code ec;
  if (std::filesystem::is_directory(path_, ec)) fail(path_, "it is a folder: name a file");
  if (!replace && std::filesystem::exists(path_, ec)) fail(path_, "it exists already: name another file");
  std::filesystem::remove(unfinished_, ec);  // of a run that was killed
  fd_ = ::open(unfinished_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd_ < 0) fail(path_, std::strerror(errno));
}

WholeFile::~WholeFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  std::error_code ec;
  std::filesystem::remove(unfinished_, ec);
}

void WholeFile::flush() {
  for (std::string_view rest = buffer_; !rest.empty();) {
    const auto n = ::write(fd_, rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fail(path_, std::strerror(errno));
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  buffer_.clear();
}

void WholeFile::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() >= buffered) flush();
}

void WholeFile::finish() {
  flush();
  if (::fsync(fd_) != 0) fail(path_, std::strerror(errno));
  std::error_code ec;
  std::filesystem::rename(unfinished_, path_, ec);
  if (ec) fail(path_, ec.message());
  ::close(fd_);
  fd_ = -1;
}

}  // namespace coachd::app
