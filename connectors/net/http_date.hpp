// The times of HTTP headers: `Date` is the CRM's clock, `Retry-After` its wish. Pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace coachd::net {

/// `Sun, 22 Nov 2026 21:52:54 GMT` (IMF-fixdate, the only form that servers may send); nothing otherwise.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text);

/// Seconds to wait by a Retry-After header: a count, or a date seen from `now` (never negative); nothing where
/// unreadable.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                                    std::chrono::sys_seconds now);

}  // namespace coachd::net
