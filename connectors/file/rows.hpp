// The rows of one block: cells of the wanted columns, and what is wrong with the bad ones. One reader per thread; the
// text of a cell stands until the next block is read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/blocks.hpp"
#include "connectors/file/layout.hpp"

namespace coachd::file {

struct Cell {
  enum class Kind : std::uint8_t { null, text, number, boolean };
  Kind kind = Kind::null;
  bool boolean = false;
  std::string_view text;  ///< of a number or a boolean as it was written, of a nested value its JSON
};

/// May stand around a value in an export and is not part of it.
[[nodiscard]] constexpr bool is_outer_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}
[[nodiscard]] inline std::string_view trimmed(std::string_view s) noexcept {
  while (!s.empty() && is_outer_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_outer_space(s.back())) s.remove_suffix(1);
  return s;
}

/// Receives the rows of a block in order.
class Rows {
 public:
  Rows() = default;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  virtual ~Rows() = default;
  /// `cells` runs parallel to the wanted columns (or to `columns()` of the reader when all are wanted). `line`: where
  /// it begins.
  virtual void row(std::uint64_t line, std::span<const Cell> cells) = 0;
  virtual void bad(std::uint64_t line, std::string why) = 0;
};

class RowReader {
 public:
  /// `wanted`: names of columns (those the export lacks are null on every row).
  RowReader(const Layout& layout, std::vector<std::string> wanted);
  /// All columns; JSONL keys that first show up later are appended to `columns()` as they come.
  explicit RowReader(const Layout& layout);
  RowReader(const RowReader&) = delete;
  RowReader& operator=(const RowReader&) = delete;
  ~RowReader();

  /// Hands every row of the block to `rows`. The block's text is changed.
  void read(Block& block, Rows& rows);
  [[nodiscard]] const std::vector<std::string>& columns() const;

 private:
  class Csv;
  class Jsonl;
  std::unique_ptr<Csv> csv_;
  std::unique_ptr<Jsonl> jsonl_;
};

}  // namespace coachd::file
