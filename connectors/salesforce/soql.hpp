// The few forms of SOQL that the connector sends. Names are allow-listed against describe before they come here; texts
// are quoted here; datetimes always go out with Z (a `+` would become a blank). Pure functions.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/net/sweep.hpp"
#include "rules/model/time.hpp"

namespace coachd::salesforce {

/// In single quotes, with backslash, quote and control characters escaped.
[[nodiscard]] std::string quote(std::string_view text);
/// `'a','b'`
[[nodiscard]] std::string quote_list(std::span<const std::string> texts);
/// `2026-01-02T03:04:05Z`, milliseconds only where there are any.
[[nodiscard]] std::string datetime(model::Instant at);
/// Where a sweep goes on, over the fields `stamp` and Id. REQUIRES Sweep::begin().
[[nodiscard]] std::string condition(const net::Sweep& sweep, std::string_view stamp);
/// Letters, digits and underscores, beginning with a letter; one dot at most (a parent's field).
[[nodiscard]] bool is_name(std::string_view text) noexcept;
[[nodiscard]] std::string joined(std::span<const std::string> names);

}  // namespace coachd::salesforce
