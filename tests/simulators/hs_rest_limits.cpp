// The half of the HubSpot REST API that says no: limits of calls, and the faults that are switched on.
#include <chrono>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;

std::string_view policy_body(std::string_view policy) {
  return policy == "DAILY" ? "daily limit" : policy == "SECONDLY" ? "secondly limit" : "ten_secondly_rolling limit";
}

http_reply limited(std::string_view policy, std::string_view correlation) {
  // Search names its limit in another way than the rest.
  return json_reply(
      429, policy == "SECONDLY"
               ? fmt::format(R"({{"status":"error","message":"You have reached your secondly limit.",)"
                             R"("correlationId":"{}","category":"RATE_LIMITS"}})",
                             correlation)
               : fmt::format(R"({{"status":"error","message":"You have reached your {}.","errorType":"RATE_LIMIT",)"
                             R"("correlationId":"{}","policyName":"{}","requestId":"{}"}})",
                             policy_body(policy), correlation, policy, correlation));
}

}  // namespace

std::optional<http_reply> hs_rest::strike(const call& c) {
  const auto id = hs_correlation(request_);
  if (faults_.strikes("401", c.text) || faults_.strikes("401-fatal", c.text)) {
    return refuse({401, "INVALID_AUTHENTICATION", "Authentication credentials not found. This API supports OAuth 2.0"});
  }
  if (faults_.strikes("expired-session", c.text)) {
    return json_reply(
        401, fmt::format(R"({{"status":"error","message":"The OAuth token used to make this call expired 0 second(s) )"
                         R"(ago.","correlationId":"{}","category":"EXPIRED_AUTHENTICATION"}})",
                         id));
  }
  if (faults_.strikes("403-scopes", c.text)) {
    return json_reply(
        403,
        fmt::format(R"({{"status":"error","message":"This app hasn't been granted all required scopes to make )"
                    R"(this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",)"
                    R"("correlationId":"{}","errors":[{{"message":"One or more of the following scopes are )"
                    R"(required.","context":{{"requiredGranularScopes":["crm.objects.deals.read"]}}}}],)"
                    R"("links":{{"scopes":"https://developers.hubspot.com/scopes"}},"category":"MISSING_SCOPES"}})",
                    id));
  }
  const bool searching = c.search();
  if (faults_.strikes("429", c.text)) return limited(searching ? "SECONDLY" : "TEN_SECONDLY_ROLLING", id);
  const auto wait = faults_.seconds("429-retry-after", 2, c.text);
  if (faults_.strikes("429-retry-after", c.text)) {
    auto r = limited("TEN_SECONDLY_ROLLING", id);
    r.headers.emplace_back("Retry-After", fmt::format("{:.0f}", wait));
    return r;
  }
  if (faults_.strikes("daily-limit", c.text)) return limited("DAILY", id);
  if (faults_.strikes("500-once", c.text)) {
    return json_reply(500, fmt::format(R"({{"correlationId":"{}","message":"internal error","status":"error"}})", id));
  }
  if (faults_.strikes("502", c.text)) {
    return html_reply(502,
                      "<!DOCTYPE html><html lang=en><meta charset=utf-8><title>Error</title><body>502: Bad "
                      "gateway</body></html>");
  }
  return std::nullopt;
}

std::optional<http_reply> hs_rest::over_limit(const call& c) {
  if (!settings_.limits) return std::nullopt;
  const auto now = std::chrono::steady_clock::now();
  const auto id = hs_correlation(request_);
  if (calls_today_ > settings_.daily_calls) return limited("DAILY", id);
  const bool searching = c.search();
  auto& window = searching ? searches_ : recent_;
  const auto span = searching ? 1s : 10s;
  while (!window.empty() && now - window.front() > span) window.pop_front();
  if (window.size() >= (searching ? 5 : hs_burst_limit))
    return limited(searching ? "SECONDLY" : "TEN_SECONDLY_ROLLING", id);
  window.push_back(now);
  return std::nullopt;
}

}  // namespace coachd::sim
