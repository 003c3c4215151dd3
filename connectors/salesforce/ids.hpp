// Salesforce's record ids: 15 characters where case counts, or 18 that end with a checksum of the case. We keep 18.
// Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace coachd::salesforce {

/// 15 or 18 letters and digits.
[[nodiscard]] bool is_id(std::string_view text) noexcept;

/// The 18-character form. What is no id of 15 characters is handed back as it is.
[[nodiscard]] std::string id18(std::string_view id);

}  // namespace coachd::salesforce
