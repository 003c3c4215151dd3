#include "connectors/file/blocks.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "connectors/file/csv.hpp"

namespace coachd::file {

Bytes::Bytes(const std::string& path) : path_(path), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "cannot read " + path);
  struct stat s{};
  if (::fstat(fd_, &s) == 0 && S_ISDIR(s.st_mode)) {
    ::close(fd_);
    throw std::system_error(EISDIR, std::generic_category(), "cannot read " + path);
  }
  (void)::posix_fadvise(fd_, 0, 0, POSIX_FADV_SEQUENTIAL);
}

Bytes::~Bytes() {
  ::close(fd_);
}

std::size_t Bytes::read(char* to, std::size_t n) {
  std::size_t got = 0;
  while (got < n) {
    const ssize_t k = ::read(fd_, to + got, n - got);
    if (k < 0 && errno == EINTR) continue;
    if (k < 0) throw std::system_error(errno, std::generic_category(), "cannot read " + path_);
    if (k == 0) break;
    got += static_cast<std::size_t>(k);
  }
  return got;
}

std::uint64_t Bytes::size() const {
  struct stat s{};
  return ::fstat(fd_, &s) == 0 ? static_cast<std::uint64_t>(s.st_size) : 0;
}

Blocks::Blocks(const Layout& layout, std::size_t block_bytes)
    : layout_(layout), bytes_(layout.path), decoder_(layout.encoding.encoding), block_bytes_(block_bytes) {
  std::string mark(layout.encoding.mark, '\0');
  read_ = bytes_.read(mark.data(), mark.size());
}

void Blocks::fill(std::size_t wanted) {
  while (!ended_ && text_.size() < wanted) {
    if (layout_.encoding.encoding == Encoding::utf8) {  // straight into place
      const std::size_t had = text_.size();
      text_.resize(wanted);
      const std::size_t got = bytes_.read(text_.data() + had, wanted - had);
      text_.resize(had + got);
      read_ += got;
      ended_ = had + got < wanted;
      continue;
    }
    raw_.resize(block_bytes_);
    const std::size_t got = bytes_.read(raw_.data(), raw_.size());
    read_ += got;
    ended_ = got < raw_.size();
    decoder_.decode(std::string_view(raw_.data(), got), ended_, text_);
  }
}

// How many bytes at the front of text_ are whole rows, and how many line breaks they hold.
std::size_t Blocks::whole_rows(std::uint64_t& lines) {
  const char* const begin = text_.data();
  const char* const end = begin + text_.size();
  lines = 0;
  if (layout_.kind == Kind::jsonl) {
    const char* cut = end;
    if (!ended_) {
      const auto* nl = static_cast<const char*>(::memrchr(begin, '\n', text_.size()));
      if (nl == nullptr) return 0;
      cut = nl + 1;
    }
    lines = static_cast<std::uint64_t>(std::count(begin, cut, '\n'));
    return static_cast<std::size_t>(cut - begin);
  }
  const char* p = begin;
  while (p < end) {
    const csv::Row r = csv::scan(p, end, ended_, layout_.delimiter);
    if (r.scan == csv::Scan::more) break;
    lines += r.lines;
    p = r.next;
  }
  return static_cast<std::size_t>(p - begin);
}

bool Blocks::next(Block& block) {
  std::size_t wanted = std::max(block_bytes_, text_.size());
  for (;;) {
    fill(wanted);
    if (text_.empty()) return false;
    std::uint64_t lines = 0;
    const std::size_t n = whole_rows(lines);
    if (n == 0) {  // one row larger than a block
      wanted = text_.size() + block_bytes_;
      continue;
    }
    if (block.capacity < n + padding) {
      block.capacity = std::max(n, block_bytes_) + padding;
      block.data = std::make_unique<char[]>(block.capacity);
    }
    std::memcpy(block.data.get(), text_.data(), n);
    std::memset(block.data.get() + n, 0, padding);
    text_.erase(0, n);
    block.size = n;
    block.ordinal = ordinal_++;
    block.first_line = line_;
    block.bytes_done = read_;
    line_ += lines;
    return true;
  }
}

}  // namespace coachd::file
