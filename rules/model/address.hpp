// What looks like one e-mail address. Standard library only.
#pragma once

#include <string_view>

namespace coachd::model {

/// One `@` with something on both sides, and nothing that separates several addresses or wraps one.
[[nodiscard]] constexpr bool is_address(std::string_view text) noexcept {
  const auto at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of("@ \t,;<>", at + 1) == std::string_view::npos &&
         text.find_first_of(" \t,;<>") == std::string_view::npos;
}

}  // namespace coachd::model
