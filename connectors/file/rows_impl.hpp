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
  [[nodiscard]] int place_of(std::string_view key, std::size_t position);
  [[nodiscard]] std::string parse(const char* line, std::size_t size, std::size_t readable);
  [[nodiscard]] bool walk(std::size_t stop);
  [[nodiscard]] bool fill(Cell& c, std::string_view token, std::size_t most);
  bool all_;
  struct Expected {
    std::string key;
    int place = -1;
    // By words of eight bytes, the last of which may overlap the one before: no call for a key of usual length.
    [[nodiscard]] bool is(std::string_view text) const noexcept {
      constexpr std::size_t word = sizeof(std::uint64_t);
      const std::size_t n = key.size();
      if (text.size() != n) return false;
      if (n < word) return text == key;
      const auto same = [&](std::size_t i) {
        std::uint64_t a = 0, b = 0;
        std::memcpy(&a, text.data() + i, word);
        std::memcpy(&b, key.data() + i, word);
        return a == b;
      };
      for (std::size_t i = 0; i + word < n; i += word)
        if (!same(i)) return false;
      return same(n - word);
    }
  };
  std::vector<Expected> expected_;  // keys of the last row by position: rows of one export have the same shape
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, int, Hash, std::equal_to<>> places_;
  std::vector<Cell> cells_;
  std::unique_ptr<Parser> parser_;
};

}  // namespace coachd::file
