// Any bytes as a webhook: as a delivery that is checked, as a body that is split once it was taken, and as a URI that
// is signed. An answer of one of the known statuses, never a crash; what `check` takes, `split` can read.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "connectors/connector.hpp"
#include "connectors/hubspot/hooks.hpp"
#include "rules/model/time.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto hooks = coachd::hubspot::make_hooks({"secret", ""});
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto cut = text.find('\n');
  const std::string url = cut == std::string::npos ? "https://a/b" : text.substr(0, cut);
  const std::string body = cut == std::string::npos ? text : text.substr(cut + 1);
  const auto uri = coachd::hubspot::signed_uri(url);
  if (uri.size() > url.size()) std::abort();

  const std::string stamp = "1700000000000";
  const std::string covered = "POST" + uri + body + stamp;
  std::array<unsigned char, 32> mac{};
  HMAC(EVP_sha256(), "secret", 6, reinterpret_cast<const unsigned char*>(covered.data()), covered.size(), mac.data(),
       nullptr);
  std::array<unsigned char, 64> base64{};
  const int length = EVP_EncodeBlock(base64.data(), mac.data(), 32);
  const std::string right(base64.begin(), base64.begin() + length);
  const coachd::model::Instant now{std::chrono::milliseconds(1'700'000'000'000)};
  for (const bool honest : {true, false}) {
    const auto header = [&](std::string_view name) -> std::string_view {
      if (!honest) return text;
      return name == "x-hubspot-request-timestamp" ? std::string_view(stamp) : std::string_view(right);
    };
    const auto verdict = hooks->check({"POST", url, body, header}, now);
    const auto hints = hooks->split(body);
    switch (verdict.status) {
      case 200:
        if (!honest || verdict.events == 0 || verdict.events > 100 || !hints) std::abort();
        break;
      case 400:
        if (!honest || verdict.reason.empty()) std::abort();
        break;
      case 401:
        if (honest) std::abort();
        break;
      default: std::abort();
    }
  }
  return 0;
}
