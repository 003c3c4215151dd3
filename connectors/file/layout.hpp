// What an export looks like before its rows are read: CSV or JSONL, delimiter, encoding, columns, and whether it is a
// known kind. Made once per file, immutable, shared by all readers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "connectors/file/encoding.hpp"  // IWYU pragma: export (part of a layout)

namespace coachd::file {

enum class Kind : std::uint8_t { csv, jsonl };

/// Exports known by their headers.
enum class Origin : std::uint8_t { unknown, salesforce, hubspot };
[[nodiscard]] std::string_view to_string(Origin o);

struct Layout {
  std::string path;
  std::uint64_t bytes = 0;
  Kind kind = Kind::csv;
  EncodingGuess::Result encoding;
  char delimiter = ',';          ///< CSV
  std::uint32_t skip_lines = 0;  ///< CSV: lines before the header (Excel's `sep=;`)
  /// CSV: the header; JSONL: the keys of the first rows, in order of appearance. An unnamed column is "", a repeated
  /// name gets " (2)".
  std::vector<std::string> columns;
  Origin origin = Origin::unknown;
};

/// Reads the start of the file (and, for CSV without a mark, all its bytes once, to tell the encoding).
/// Throws std::system_error when the file cannot be read, std::runtime_error with one sentence when it holds no table.
[[nodiscard]] Layout look_at(const std::string& path);

}  // namespace coachd::file
