// Texts as JSON strings. Pure function.
#pragma once

#include <string>
#include <string_view>

namespace coachd::sim {

// Appends `text` with its quotes and escapes.
void write_json_text(std::string& out, std::string_view text);

}  // namespace coachd::sim
