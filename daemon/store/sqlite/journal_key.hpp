// Where the key of a journal entry stands: by its time to the millisecond and, within one, by its own last bits. So
// what is new goes to the end of the table and fills its pages, and a bulk change of one moment has room for millions.
// A place that another key has: the next one. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "rules/model/time.hpp"

namespace coachd::store::sqlite {

/// The first place of all keys of this millisecond. Times before 1970 and after 2109 stand at the ends.
[[nodiscard]] constexpr std::int64_t first_key_place(model::Instant time) noexcept {
  constexpr std::int64_t most = (std::int64_t{1} << 42) - 1;
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
  return std::clamp<std::int64_t>(ms, 0, most) << 21;
}

/// The first place to look for this key.
[[nodiscard]] constexpr std::int64_t key_place(model::Instant time, std::uint64_t key) noexcept {
  return first_key_place(time) + static_cast<std::int64_t>(key & ((std::uint64_t{1} << 21) - 1));
}

}  // namespace coachd::store::sqlite
