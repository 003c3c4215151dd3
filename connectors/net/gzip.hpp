// Unpacking of gzip bodies with a cap. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coachd::net {

enum class Unpacked : std::uint8_t { ok, too_large, corrupt };

/// Unpacks one or more gzip members from `packed` into `out` (replaced). A body cut short or followed by other bytes is
/// corrupt; more than `cap` bytes are too large. `out` is only of use with `ok`.
[[nodiscard]] Unpacked gunzip(std::string_view packed, std::size_t cap, std::string& out);

}  // namespace coachd::net
