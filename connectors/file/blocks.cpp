#include "connectors/file/blocks.hpp"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "connectors/file/csv.hpp"
#include "connectors/file/encoding.hpp"
#include "connectors/file/layout.hpp"

namespace coachd::file {
namespace {

// Counted by bytes, a few at a time: compilers make vectors of that, and not of a count that is wide from the start.
std::uint64_t line_breaks(const char* p, const char* end) noexcept {
  constexpr std::ptrdiff_t step = 192;  // fits a byte
  std::uint64_t n = 0;
  for (; end - p >= step; p += step) {
    std::uint8_t few = 0;
    for (std::ptrdiff_t i = 0; i < step; ++i) few = static_cast<std::uint8_t>(few + (p[i] == '\n' ? 1 : 0));
    n += few;
  }
  return n + static_cast<std::uint64_t>(std::count(p, end, '\n'));
}

}  // namespace

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

// Makes the block hold `wanted` bytes, or all that is left. What a block held before stays in it.
void Blocks::fill(Block& block, std::size_t wanted) {
  const auto reserve = [&](std::size_t n) {
    if (block.capacity >= n + padding) return;
    auto larger = std::make_unique_for_overwrite<char[]>(n + padding);
    if (block.size > 0) std::memcpy(larger.get(), block.data.get(), block.size);
    block.data = std::move(larger);
    block.capacity = n + padding;
  };
  reserve(wanted);
  while (!ended_ && block.size < wanted) {
    if (layout_.encoding.encoding == Encoding::utf8) {  // straight into place
      const std::size_t got = bytes_.read(block.data.get() + block.size, wanted - block.size);
      ended_ = got < wanted - block.size;
      block.size += got;
      read_ += got;
      continue;
    }
    raw_.resize(block_bytes_);
    const std::size_t got = bytes_.read(raw_.data(), raw_.size());
    read_ += got;
    ended_ = got < raw_.size();
    std::string text;
    decoder_.decode(std::string_view(raw_.data(), got), ended_, text);
    reserve(block.size + text.size());
    std::memcpy(block.data.get() + block.size, text.data(), text.size());
    block.size += text.size();
  }
}

// How many bytes at the front are whole rows, and how many line breaks they hold.
std::size_t Blocks::whole_rows(const char* begin, const char* end, std::uint64_t& lines) const {
  lines = 0;
  if (layout_.kind == Kind::jsonl) {
    const char* cut = end;
    if (!ended_) {
      const auto* nl = static_cast<const char*>(::memrchr(begin, '\n', static_cast<std::size_t>(end - begin)));
      if (nl == nullptr) return 0;
      cut = nl + 1;
    }
    lines = line_breaks(begin, cut);
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
  block.size = 0;
  std::size_t wanted = std::max(block_bytes_, rest_.size());
  for (bool first = true;; first = false) {
    if (first && !rest_.empty()) {
      if (block.capacity < wanted + padding) {
        block.data = std::make_unique_for_overwrite<char[]>(wanted + padding);
        block.capacity = wanted + padding;
      }
      std::memcpy(block.data.get(), rest_.data(), rest_.size());
      block.size = rest_.size();
      rest_.clear();
    }
    fill(block, wanted);
    if (block.size == 0) return false;
    std::uint64_t lines = 0;
    const std::size_t n = whole_rows(block.data.get(), block.data.get() + block.size, lines);
    if (n == 0) {  // one row larger than a block
      wanted = block.size + block_bytes_;
      continue;
    }
    rest_.assign(block.data.get() + n, block.size - n);
    std::memset(block.data.get() + n, 0, padding);
    block.size = n;
    block.ordinal = ordinal_++;
    block.first_line = line_;
    block.bytes_done = read_;
    line_ += lines;
    return true;
  }
}

}  // namespace coachd::file
