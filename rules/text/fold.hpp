// Inside of the text room: the second half of squash.
#pragma once

#include <string>
#include <string_view>

namespace coachd::text {

/// Letters and digits of a text that is folded already.
[[nodiscard]] std::string squash_folded(std::string_view folded);

}  // namespace coachd::text
