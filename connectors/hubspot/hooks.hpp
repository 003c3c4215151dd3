// What HubSpot's webhooks mean: the v3 signature over the public URL and the raw bytes, the form of a body, and the
// records that it names. Pure: no socket, no clock of its own. Immutable; may be asked from every thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "connectors/connector.hpp"

namespace coachd::hubspot {

struct HooksOptions {
  std::string secret;  ///< the app's client secret
  std::string portal;  ///< events of any other are refused; empty: any
  std::chrono::seconds oldest{300};
  std::chrono::seconds furthest_ahead{60};
  std::size_t most_events = 100;
};

/// The answers of `check`: 405 wrong method; 401 signature missing, wrong, or of another time; 400 not an array of 1 to
/// `most_events` events; 403 another portal. The key covers what tells events apart, so that every attempt of a
/// delivery has the same one. REQUIRES: the secret is not empty (std::invalid_argument).
[[nodiscard]] std::unique_ptr<connectors::Hooks> make_hooks(HooksOptions options);

/// The URI as HubSpot signs it: %3A %2F %3F %40 %21 %24 %27 %28 %29 %2A %2C %3B are decoded, all else stays as sent.
[[nodiscard]] std::string signed_uri(std::string_view url);

}  // namespace coachd::hubspot
