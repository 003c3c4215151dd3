#include "tests/simulators/hs_rest.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/gzip.hpp"
#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/hs_writes.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sim_clock.hpp"

namespace coachd::sim {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using resource = hs_rest::resource;

// Where each resource lies in each version. The version is not always in the same place.
struct root {
  std::string_view path;
  resource what;
  std::string_view version;
};
constexpr std::array roots{
    root{"/crm/v3/objects", resource::objects, "v3"},
    root{"/crm/v4/objects", resource::objects, "v3"},
    root{"/crm/objects/2026-03", resource::objects, "2026-03"},
    root{"/crm/objects/2026-09", resource::objects, "2026-09"},
    root{"/crm/v3/properties", resource::properties, "v3"},
    root{"/crm/properties/2026-03", resource::properties, "2026-03"},
    root{"/crm/properties/2026-09", resource::properties, "2026-09"},
    root{"/crm/v3/pipelines", resource::pipelines, "v3"},
    root{"/crm/pipelines/2026-03", resource::pipelines, "2026-03"},
    root{"/crm/pipelines/2026-09", resource::pipelines, "2026-09"},
    root{"/crm/v3/owners", resource::owners, "v3"},
    root{"/crm/owners/2026-03", resource::owners, "2026-03"},
    root{"/crm/owners/2026-09", resource::owners, "2026-09"},
    root{"/crm/v4/associations", resource::associations, "v3"},
    root{"/crm/v3/associations", resource::associations, "v3"},
    root{"/crm/associations/2026-03", resource::associations, "2026-03"},
    root{"/crm/associations/2026-09", resource::associations, "2026-09"},
    root{"/account-info/v3", resource::account, "v3"},
    root{"/account-info/2026-03", resource::account, "2026-03"},
    root{"/account-info/2026-09", resource::account, "2026-09"},
};

std::map<std::string, std::string, std::less<>> joined_query(std::string_view text) {
  std::map<std::string, std::string, std::less<>> fields;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    for (auto& [name, v] : form_fields(text.substr(0, end))) {
      auto& held = fields[name];
      held += held.empty() ? v : "," + v;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fields;
}

}  // namespace

hs_rest::hs_rest(hs_records& records, hs_index& index, hs_writes& writes, sim_clock& clock, fault_switch& faults,
                 ledger& written, hs_settings settings)
    : records_{records},
      index_{index},
      writes_{writes},
      clock_{clock},
      faults_{faults},
      ledger_{written},
      settings_{std::move(settings)},
      me_{records.people().nobody()} {}

http_reply hs_rest::refuse(const hs_problem& problem) const {
  return problem_reply(problem, hs_correlation(request_));
}

http_reply hs_rest::handle(const http_request& request) {
  ++request_;
  lost_ = false;
  const auto now = clock_.now();
  records_.company().settle(now);
  index_.forget(now);
  call c;
  auto reply = dispatch(request, c);
  if (reply.how == delivery::none) return reply;
  reply.headers.emplace_back("Date", http_date(clock_.now()));
  reply.headers.emplace_back("X-HubSpot-Correlation-Id", hs_correlation(request_));
  const bool searching = c.search();
  if (!searching) {
    const auto used = std::min<std::uint64_t>(recent_.size(), hs_burst_limit);
    reply.headers.emplace_back("X-HubSpot-RateLimit-Max", fmt::to_string(settings_.limits ? hs_burst_limit : 100'000));
    reply.headers.emplace_back("X-HubSpot-RateLimit-Remaining",
                               fmt::to_string(settings_.limits ? hs_burst_limit - used : 100'000));
    reply.headers.emplace_back("X-HubSpot-RateLimit-Interval-Milliseconds", "10000");
  }
  const auto daily = settings_.limits ? settings_.daily_calls : 1'000'000'000;
  reply.headers.emplace_back("X-HubSpot-RateLimit-Daily", fmt::to_string(daily));
  reply.headers.emplace_back("X-HubSpot-RateLimit-Daily-Remaining",
                             fmt::to_string(daily - std::min(daily, calls_today_)));
  // Without limits speed is wanted, and the other end is on this machine.
  if (settings_.limits && reply.body.size() > 512 &&
      request.header("accept-encoding").find("gzip") != std::string_view::npos) {
    reply.body = gzip(reply.body);
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  return reply;
}

http_reply hs_rest::dispatch(const http_request& request, call& c) {
  const std::string_view target = request.target;
  if (target.size() > 16'200)
    return html_reply(414, "<html><head><title>414 Request-URI Too Large</title></head></html>");
  const auto question = std::min(target.find('?'), target.size());
  c.method = request.method;
  c.path = url_decode(target.substr(0, question), false);
  c.text = c.method + " " + url_decode(target, true);
  c.base = fmt::format("http://{}", request.header("host"));
  c.query = joined_query(target.substr(std::min(question + 1, target.size())));
  const auto* found = std::ranges::find_if(roots, [&](const root& r) {
    return c.path == r.path || (c.path.starts_with(r.path) && c.path[r.path.size()] == '/');
  });
  if (found == roots.end()) return hs_no_page();
  c.what = found->what;
  c.version = found->version;
  std::string_view rest = std::string_view{c.path}.substr(found->path.size());
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    if (end > 0) c.parts.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  ++calls_;
  if (const auto today = std::chrono::floor<std::chrono::days>(clock_.now()); today != today_) {
    today_ = today;
    calls_today_ = 0;
  }
  ++calls_today_;
  const auto token = request.header("authorization");
  if (!token.starts_with("Bearer ") || token.substr(7) != settings_.token) {
    return refuse({401, "INVALID_AUTHENTICATION",
                   "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find "
                   "more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"});
  }
  if (auto struck = strike(c)) return std::move(*struck);
  if (auto over = over_limit(c)) return std::move(*over);
  json::object body;
  if (c.method == "POST" || c.method == "PATCH" || c.method == "PUT") {
    c.raw = request.body;
    boost::system::error_code bad;
    auto parsed = json::parse(c.raw.empty() ? std::string_view{"{}"} : std::string_view{c.raw}, bad);
    if (bad || !(parsed.is_object() || parsed.is_array()))
      return refuse(validation("Invalid input JSON on line 1, column 1"));
    if (parsed.is_object()) body = std::move(parsed.as_object());
  }
  c.body = &body;
  auto reply = serve(c);
  c.body = nullptr;
  if (lost_) reply.how = delivery::none;
  if (reply.how == delivery::normal && faults_.strikes("cut-connection", c.text)) reply.how = delivery::cut;
  const auto pause = faults_.seconds("slow-body", 2, c.text);
  if (reply.how == delivery::normal && faults_.strikes("slow-body", c.text)) {
    reply.how = delivery::slow;
    reply.pause = std::chrono::milliseconds{static_cast<int>(pause * 1000)};
  }
  return reply;
}

http_reply hs_rest::serve(const call& c) {
  switch (c.what) {
    case resource::objects: return objects(c);
    case resource::properties: return properties(c);
    case resource::pipelines: return pipelines(c);
    case resource::owners: return owners(c);
    case resource::associations: return associations(c);
    case resource::account:
      if (!c.parts.empty() && c.parts[0] == "activity") return activity_log(c);
      if (c.parts.size() != 1 || c.parts[0] != "details") return hs_no_page();
      return c.method == "GET" ? account() : hs_wrong_verb();
  }
  return hs_no_page();
}

}  // namespace coachd::sim
