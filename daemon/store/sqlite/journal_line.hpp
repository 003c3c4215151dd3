// Where the entries of one connection stand in the journal: a row's number is the connection's own in the high bits and
// the position in the low ones, so that what is new goes to the end of its line, and pages are filled instead of split.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "daemon/store/sqlite/connection.hpp"

namespace coachd::store::sqlite {

struct JournalLine {
  std::int64_t number = 0;   ///< of the connection, from 1
  std::int64_t applied = 0;  ///< position up to which everything is applied and gone
  std::int64_t last = 0;     ///< position of the newest entry; `applied` where none waits

  static constexpr int position_bits = 40;
  [[nodiscard]] std::int64_t row(std::int64_t position) const noexcept { return (number << position_bits) + position; }
  [[nodiscard]] static std::int64_t position(std::int64_t row) noexcept {
    return row & ((std::int64_t{1} << position_bits) - 1);
  }
};

/// Nothing for a connection that never had an entry.
[[nodiscard]] std::optional<JournalLine> journal_line(Connection& c, std::string_view connection);

}  // namespace coachd::store::sqlite
