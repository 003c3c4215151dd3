// The parts of an absolute URL that a connection needs, and percent-encoding of what goes into a query. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coachd::net {

struct Url {
  bool tls = true;
  std::string host;  ///< without the brackets of IPv6
  std::uint16_t port = 443;
  std::string target;  ///< path and query, at least "/"

  /// Where the connection goes: `https://host:port`.
  [[nodiscard]] std::string origin() const;
  /// For the Host header: the port only where it is not the usual one.
  [[nodiscard]] std::string authority() const;
  /// 127.0.0.0/8, ::1 or localhost.
  [[nodiscard]] bool loopback() const;
};

/// Nothing where the text is no absolute http(s) URL, holds user info, a fragment, blanks or control characters.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// Without the slashes at its end: paths are put behind it.
[[nodiscard]] std::string without_slash(std::string url);

/// Every byte but letters, digits and `-._~` as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

}  // namespace coachd::net
