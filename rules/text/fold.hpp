// Inside of the text room: the second half of squash, and what takes the short path.
#pragma once

#include <string>
#include <string_view>

namespace coachd::text {

/// Letters and digits of a text that is folded already.
[[nodiscard]] std::string squash_folded(std::string_view folded);

[[nodiscard]] bool is_ascii(std::string_view s) noexcept;

}  // namespace coachd::text
