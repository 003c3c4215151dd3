// What every connector makes of the network: an error of the client becomes a CrmError, a Date header the CRM's clock.
// Pure: the time is handed in. Thread rule: the network thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::net {

/// The code that stands for an answer above the size cap, as if the CRM had said it.
inline constexpr std::string_view too_large_code = "ANSWER_TOO_LARGE";

/// Nothing was answered. `write`: whether something may have been written.
[[nodiscard]] model::CrmError from_network(const Error& error, bool write);
/// True where our sentence names this error code (codes are capital letters and underscores, so none is part of a
/// word).
[[nodiscard]] bool has_code(const model::CrmError& error, std::string_view code);

/// The wish of a `Retry-After`, where the answer asks for a pause: then the error is throttled for that long.
void heed_retry_after(const Response& answer, model::CrmError& error);

/// Whether a text of the CRM looks like an error code: such may be shown and logged.
[[nodiscard]] bool is_code(std::string_view text);
/// How much of the CRM's own words is kept in CrmError::detail, in bytes.
inline constexpr std::size_t longest_detail = 2000;

/// The CRM's clock: the last Date header and the time since. Whole seconds.
class ServerClock {
 public:
  void note(const Response& answer, std::chrono::steady_clock::time_point now);
  [[nodiscard]] std::chrono::sys_seconds now(std::chrono::steady_clock::time_point at) const;
  [[nodiscard]] bool known() const noexcept { return date_ != std::chrono::sys_seconds{}; }
  /// Nothing until an answer was seen.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> if_known(std::chrono::steady_clock::time_point at) const {
    return known() ? std::optional(now(at)) : std::nullopt;
  }

 private:
  std::chrono::sys_seconds date_{};
  std::chrono::steady_clock::time_point seen_{};
};

}  // namespace coachd::net
