// Small helpers for text that people read: aligned columns, grouped numbers, shares. Widths count characters, not
// bytes.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::cli {

class Table {
 public:
  enum Align : std::uint8_t { left, right };
  struct Head {
    std::string title;
    Align align = left;
  };
  explicit Table(std::vector<Head> heads) : heads_(std::move(heads)) {}
  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  /// Columns two spaces apart; no space at the end of a line.
  void print(std::ostream& out) const;

 private:
  std::vector<Head> heads_;
  std::vector<std::vector<std::string>> rows_;
};

[[nodiscard]] std::string thousands(std::uint64_t n);  ///< 9,240
[[nodiscard]] std::string share(std::uint64_t part,
                                std::uint64_t whole);  ///< 44.9 %; `-` for none, never 0.0 % or 100.0 % by rounding
[[nodiscard]] std::string cut(
    std::string_view s, std::size_t characters);  ///< with ... where it was longer; control characters become spaces
[[nodiscard]] std::string quoted(std::string_view s, std::size_t characters);

}  // namespace coachd::cli
