// What a first pass keeps for a second one: pieces of bytes in order, the first ones in memory, the others in a
// temporary file without a name that nobody else can read and that is gone with the process. Written by one thread;
// then read, one call at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::app {

class Spill {
 public:
  struct Block {
    std::string bytes;
    std::uint64_t ordinal = 0;  ///< 0, 1, 2 ...
    std::uint64_t end = 0;      ///< bytes up to here
  };
  explicit Spill(std::size_t in_memory = std::size_t{96} << 20) : in_memory_(in_memory) {}
  Spill(const Spill&) = delete;
  Spill& operator=(const Spill&) = delete;
  ~Spill();

  /// Takes the piece as long as there is memory for it; else writes it, and leaves its memory to the caller. Throws
  /// std::system_error where the temporary folder (TMPDIR, else /tmp) has no room.
  void add(std::string&& piece);
  /// The next piece, from the first on, which is forgotten here; false after the last. Throws std::system_error.
  [[nodiscard]] bool next(Block& block);
  /// Bytes in all.
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }

 private:
  void write(std::string_view bytes);
  void read(std::size_t wanted, std::string& bytes);
  std::size_t in_memory_;
  std::vector<std::string> memory_;  // the first pieces
  int fd_ = -1;
  std::vector<std::uint32_t> written_;  // sizes of the others
  std::uint64_t size_ = 0;
  std::size_t at_ = 0;  // the piece to be read next
  std::uint64_t done_ = 0;
  std::uint64_t place_ = 0;  // in the file
};

}  // namespace coachd::app
