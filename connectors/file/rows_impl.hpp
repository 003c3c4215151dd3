// The two halves of RowReader; only rows*.cpp see this.
#pragma once

#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "connectors/file/rows.hpp"

namespace coachd::file {

class RowReader::Csv {
 public:
  Csv(const Layout& layout, std::vector<std::string> wanted, bool all);
  void read(Block& block, Rows& rows);
  std::vector<std::string> columns;

 private:
  void row(char* begin, const char* end, bool quoted, std::uint64_t line, Rows& rows);
  const Layout& layout_;
  std::vector<int> place_;  // per column of the file: index among `columns`, or -1
  std::vector<std::string_view> fields_;
  std::vector<Cell> cells_;
};

class RowReader::Jsonl {
 public:
  Jsonl(std::vector<std::string> wanted, bool all);
  ~Jsonl();
  void read(Block& block, Rows& rows);
  std::vector<std::string> columns;

 private:
  struct Parser;
  [[nodiscard]] int place_of(std::string_view key);
  [[nodiscard]] std::string parse(const char* line, std::size_t size, std::size_t readable);
  [[nodiscard]] const char* scan(const char* p, const char* end);
  [[nodiscard]] const char* key(const char* p, std::size_t position, int& place);
  [[nodiscard]] const char* value(const char* p, Cell* cell);
  bool all_;
  // What stood between two values of a row before, its key included: `,"Amount":`. Rows of one export have the same
  // shape.
  struct Between {
    std::string bytes;
    int place = -1;
    // The first and the last sixteen bytes, which overlap in what is of usual length; no call, and no loop.
    [[nodiscard]] bool is(const char* p, const char* end) const noexcept {
      const std::size_t n = bytes.size();
      if (static_cast<std::size_t>(end - p) < n) return false;
      if (n < sizeof(std::uint64_t)) return n > 0 && std::memcmp(p, bytes.data(), n) == 0;
      if (n < 2 * sizeof(std::uint64_t)) return ends<std::uint64_t>(p) == 0;
      if (ends<Sixteen>(p) != 0) return false;
      return n <= 2 * sizeof(Sixteen) || std::memcmp(p, bytes.data(), n) == 0;
    }

   private:
    __extension__ using Sixteen = unsigned __int128;
    // Zero where the first and the last bytes are the same.
    template <class Word>
    [[nodiscard]] Word ends(const char* p) const noexcept {
      const std::size_t last = bytes.size() - sizeof(Word);
      Word a[2];
      Word b[2];
      std::memcpy(&a[0], p, sizeof(Word));
      std::memcpy(&a[1], p + last, sizeof(Word));
      std::memcpy(&b[0], bytes.data(), sizeof(Word));
      std::memcpy(&b[1], bytes.data() + last, sizeof(Word));
      return (a[0] ^ b[0]) | (a[1] ^ b[1]);
    }
  };
  std::vector<Between> between_;  // by position in the row
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, int, Hash, std::equal_to<>> places_;
  std::vector<Cell> cells_;
  std::size_t block_size_ = 0;
  std::string unescaped_;  // texts of the block; never grows while a cell looks into it
  std::unique_ptr<Parser> parser_;
};

}  // namespace coachd::file
