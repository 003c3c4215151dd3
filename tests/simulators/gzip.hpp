// gzip for answers whose client asks for it. Pure function over zlib.
#pragma once

#include <string>
#include <string_view>

namespace coachd::sim {

// Throws std::runtime_error when zlib fails.
[[nodiscard]] std::string gzip(std::string_view plain);

}  // namespace coachd::sim
