// CSV by RFC 4180, row by row over a piece of text in memory: where a row ends, and its fields. Recovers at the next
// line after a broken row. No state, no I/O; any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace coachd::file::csv {

/// A row longer than this is a quote that never closes (the longest text field of either CRM is 131,072 characters).
inline constexpr std::size_t longest_row = std::size_t{4} << 20;

enum class Scan : std::uint8_t {
  row,     ///< [begin, end) is a row
  more,    ///< the text ends inside the row: hand in more, or `last`
  broken,  ///< a quote that never closes, a quote inside an unquoted field, or text after a closing quote
};

struct Row {
  Scan scan = Scan::row;
  const char* end = nullptr;   ///< end of the row, without its line break
  const char* next = nullptr;  ///< where to go on: after the row, or after the first line of a broken one
  std::uint32_t lines = 1;     ///< line breaks up to `next`
  bool quoted = false;         ///< the row holds quotes: split it with `fields`
};

/// Finds the end of the row that begins at `begin`. `last`: nothing comes after `end`. REQUIRES: begin < end.
[[nodiscard]] Row scan(const char* begin, const char* end, bool last, char delimiter);

/// Splits a row that `scan` found whole. Doubled quotes are undone in place: the text of [begin, end) is changed.
void fields(char* begin, char* end, bool quoted, char delimiter, std::vector<std::string_view>& out);

}  // namespace coachd::file::csv
