// The part of the HubSpot REST API that tells of the account's use: sign-ins, security activity, audit logs. All need a
// scope of their own (right security-read); audit logs are there in Enterprise accounts only (right enterprise).
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/hs_people.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/traces.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

struct activity {
  instant at;
  std::size_t id;
  std::string json;
};

// The newest first, and a page of them.
http_reply page_of(std::vector<activity> rows, std::int64_t limit, std::int64_t from) {
  std::ranges::sort(rows,
                    [](const activity& a, const activity& b) { return a.at != b.at ? a.at > b.at : a.id > b.id; });
  std::string out = R"({"results":[)";
  const auto end = std::min<std::size_t>(rows.size(), static_cast<std::size_t>(from + limit));
  for (auto i = static_cast<std::size_t>(from); i < end; ++i) {
    if (!out.ends_with('[')) out += ',';
    out += rows[i].json;
  }
  out += ']';
  if (end < rows.size()) fmt::format_to(std::back_inserter(out), R"(,"paging":{{"next":{{"after":"p{}"}}}})", end);
  return json_reply(200, out + "}");
}

}  // namespace

http_reply hs_rest::activity_log(const call& c) const {
  if (c.method != "GET") return hs_wrong_verb();
  if (c.parts.size() != 2) return hs_no_page();
  const auto& company = records_.company();
  const auto refused = [&](std::string_view what) {
    return json_reply(
        403, fmt::format(R"({{"status":"error","message":"{}","correlationId":"{}","errors":[{{"message":"One or more )"
                         R"(of the following scopes are required.","context":{{"requiredGranularScopes":[)"
                         R"("account-info.security.read"]}}}}],"category":"MISSING_SCOPES"}})",
                         what, hs_correlation(request_)));
  };
  if (!company.may("security-read"))
    return refused("This app hasn't been granted all required scopes to make this call.");
  const auto limit = number(c.value("limit")).value_or(100);
  if (limit < 1 || limit > 200) return refuse(validation("limit must be between 1 and 200"));
  const auto after = c.value("after");
  const auto start = after.empty() ? 0 : number(std::string_view{after}.substr(1)).value_or(-1);
  if (start < 0) return refuse(validation("invalid paging cursor"));
  const auto now = clock_.now();
  const auto& kind = c.parts[1];
  std::vector<activity> rows;
  std::size_t id = 1000;
  const auto user_of = [&](const trace& t) {
    return records_.people().user_id(records_.company().texts().keep(t.person));
  };
  if (kind == "login") {
    for (const auto& t : company.traces()) {
      ++id;
      const bool good = t.what == trace::type::login;
      // Programs do not sign in here.
      if ((!good && t.what != trace::type::refused_login) || !t.name.empty() || t.at > now || t.at < now - days{90})
        continue;
      rows.push_back({t.at, id,
                      fmt::format(R"({{"id":"{}","userId":{},"email":"person@halden.example","loginAt":"{}",)"
                                  R"("loginSucceeded":{},"ipAddress":"198.51.100.7","location":"Halden",)"
                                  R"("countryCode":"de","userAgent":"Mozilla/5.0"}})",
                                  id, user_of(t), iso_instant(t.at), good)});
    }
    return page_of(std::move(rows), limit, start);
  }
  if (kind == "security") {
    const auto from = number(c.value("fromTimestamp"));
    const auto to = number(c.value("toTimestamp"));
    const auto add = [&](instant at, std::uint64_t user, std::string_view type) {
      const auto ms = duration_cast<milliseconds>(at.time_since_epoch()).count();
      if (at > now || (from && ms < *from) || (to && ms > *to)) return;
      rows.push_back({at, id,
                      fmt::format(R"({{"id":"{}","userId":{},"actingUser":"person@halden.example","type":"{}",)"
                                  R"("createdAt":"{}","objectId":"0","infoUrl":"app.hubspot.com/x","ipAddress":)"
                                  R"("198.51.100.7","countryCode":"de"}})",
                                  id, user, type, iso_instant(at))});
    };
    add(instant{sys_days{year{2024} / 5 / 6}} + hours{8}, hs_people::user_id(row_number{0}), "ADD_USER");
    for (const auto& t : company.traces()) {
      ++id;
      if (t.what == trace::type::export_taken) add(t.at, user_of(t), "EXPORT");
    }
    return page_of(std::move(rows), limit, start);
  }
  if (kind != "audit-logs") return hs_no_page();
  if (!company.may("enterprise")) return refused("The account does not have access to audit logs.");
  return page_of({}, limit, start);
}

}  // namespace coachd::sim
