// An export as a sequence of pieces that end where a row ends, in UTF-8, in order: what keeps memory bounded however
// large the file is. One reader of a file is one Blocks; `next` may be called by several threads, one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "connectors/file/layout.hpp"

namespace coachd::file {

/// A file opened for reading from its start.
class Bytes {
 public:
  explicit Bytes(const std::string& path);  ///< throws std::system_error
  Bytes(const Bytes&) = delete;
  Bytes& operator=(const Bytes&) = delete;
  ~Bytes();
  /// Reads up to `n` bytes; 0 at the end. Throws std::system_error.
  [[nodiscard]] std::size_t read(char* to, std::size_t n);
  [[nodiscard]] std::uint64_t size() const;

 private:
  std::string path_;
  int fd_;
};

struct Block {
  std::unique_ptr<char[]> data;  ///< `size` bytes, then padding that a parser may read beyond the end
  std::size_t capacity = 0;
  std::size_t size = 0;
  std::uint64_t ordinal = 0;     ///< 0, 1, 2 ...
  std::uint64_t first_line = 1;  ///< line number of its first byte
  std::uint64_t bytes_done = 0;  ///< of the file, once this block is done: for progress
};

class Blocks {
 public:
  static constexpr std::size_t padding = 64;
  explicit Blocks(const Layout& layout, std::size_t block_bytes = std::size_t{1} << 20);
  /// Fills `block`, reusing its memory; false at the end.
  [[nodiscard]] bool next(Block& block);

 private:
  void fill(Block& block, std::size_t wanted);
  [[nodiscard]] std::size_t whole_rows(const char* begin, const char* end, std::uint64_t& lines) const;
  Layout layout_;
  Bytes bytes_;
  Decoder decoder_;
  std::size_t block_bytes_;
  std::string rest_;  // read (and decoded), not yet handed out: the start of the next block
  std::string raw_;   // before it is decoded
  bool ended_ = false;
  std::uint64_t ordinal_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t read_ = 0;
};

}  // namespace coachd::file
