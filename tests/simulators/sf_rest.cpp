#include "tests/simulators/sf_rest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/faults.hpp"
#include "tests/simulators/gzip.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_query.hpp"
#include "tests/simulators/sf_rest_parts.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sim_clock.hpp"

namespace coachd::sim {
namespace {

constexpr int oldest_version = 31;
constexpr int newest_version = 66;

bool writes(const http_request& r) {
  return r.method == "POST" || r.method == "PATCH" || r.method == "DELETE";
}

std::string from_base64(std::string_view text) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto v = alphabet.find(c);
    if (v == std::string_view::npos) break;
    bits = (bits << 6U) | static_cast<unsigned>(v);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU);
    }
  }
  return out;
}

// The version in "v63.0" when the org has it.
std::string known_version(std::string_view part) {
  int major = 0;
  if (part.size() < 4 || part.front() != 'v' || !part.ends_with(".0")) return {};
  const auto number = part.substr(1, part.size() - 3);
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), major);
  if (error != std::errc{} || end != number.data() + number.size()) return {};
  return major >= oldest_version && major <= newest_version ? std::string{part.substr(1)} : std::string{};
}

std::size_t batch_size(std::string_view options) {
  std::size_t size = 2000;
  if (const auto at = options.find("batchSize="); at != std::string_view::npos) {
    const auto number = options.substr(at + 10);
    std::from_chars(number.data(), number.data() + number.size(), size);
  }
  return std::clamp<std::size_t>(size, 200, 2000);
}

http_reply token_error(std::string_view error, std::string_view description) {
  return json_reply(400, fmt::format(R"({{"error":"{}","error_description":"{}"}})", error, description));
}

}  // namespace

http_reply error_reply(int status, std::string_view code, std::string_view message,
                       const std::vector<std::string>& fields) {
  std::string body = R"([{"message":)";
  write_json_text(body, message);
  body += fmt::format(R"(,"errorCode":"{}")", code);
  if (!fields.empty()) body += fmt::format(R"(,"fields":["{}"])", fmt::join(fields, R"(",")"));
  return json_reply(status, body + "}]");
}

http_reply not_found() {
  return error_reply(404, "NOT_FOUND", "The requested resource does not exist");
}

sf_rest::sf_rest(org& company, sim_clock& clock, fault_switch& faults, ledger& written, rest_settings settings)
    : org_{company},
      clock_{clock},
      faults_{faults},
      ledger_{written},
      settings_{std::move(settings)},
      setup_{company},
      trails_{company, settings_.integration_user} {}

http_reply sf_rest::handle(const http_request& request) {
  ++request_;
  lost_ = false;
  org_.settle(clock_.now());
  parsed p;
  p.base = fmt::format("{}://{}", settings_.tls ? "https" : "http", request.header("host"));
  const std::string_view target = request.target;
  const auto question = std::min(target.find('?'), target.size());
  p.path = url_decode(target.substr(0, question), false);
  p.query = form_fields(target.substr(std::min(question + 1, target.size())));
  auto reply = dispatch(request, p);
  if (reply.how == delivery::none) return reply;
  reply.headers.emplace_back("Date", http_date(clock_.now()));
  if (!p.version.empty()) {
    reply.headers.emplace_back("Sforce-Limit-Info", fmt::format("api-usage={}/{}", calls_, settings_.daily_calls));
  }
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  if (reply.body.size() > 512 && request.header("accept-encoding").find("gzip") != std::string_view::npos) {
    reply.body = gzip(reply.body);
    reply.headers.emplace_back("Content-Encoding", "gzip");
  }
  return reply;
}

http_reply sf_rest::dispatch(const http_request& request, parsed& p) {
  if (request.target.size() > 16'384) {
    return html_reply(414, "<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>");
  }
  if (p.path == "/services/oauth2/token") return token(request, p.base);
  if (p.path == "/services/oauth2/userinfo" || p.path.starts_with("/id/")) {
    if (!signed_in(request)) {
      auto r = json_reply(403, "Bad_OAuth_Token");
      return r;
    }
    return user_info(p.base);
  }
  if (p.path == "/services/data" || p.path == "/services/data/") return versions();
  constexpr std::string_view root = "/services/data/";
  if (!p.path.starts_with(root))
    return html_reply(404, "<html><head><title>Not found</title></head><body>URL No Longer Exists</body></html>");
  std::string_view rest = std::string_view{p.path}.substr(root.size());
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    if (end > 0) p.parts.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  p.version = p.parts.empty() ? std::string{} : known_version(p.parts.front());
  if (p.version.empty()) return not_found();
  p.parts.erase(p.parts.begin());
  ++calls_;
  ++by_kind_[request.method + " " + (p.parts.empty() ? "/" : p.parts.front())];
  const auto call = request.method + ' ' + url_decode(request.target, true);
  if (auto struck = strike(call)) return std::move(*struck);
  if (!signed_in(request)) return error_reply(401, "INVALID_SESSION_ID", "Session expired or invalid");
  lost_ = writes(request) && faults_.strikes("answer-lost", call);
  auto reply = data(request, p);
  if (lost_) reply.how = delivery::none;
  if (reply.how == delivery::normal && faults_.strikes("cut-connection", call)) reply.how = delivery::cut;
  const auto pause = faults_.seconds("slow-body", 2, call);
  if (reply.how == delivery::normal && faults_.strikes("slow-body", call)) {
    reply.how = delivery::slow;
    reply.pause = std::chrono::milliseconds{static_cast<int>(pause * 1000)};
  }
  return reply;
}

std::optional<http_reply> sf_rest::strike(std::string_view call) {
  if (faults_.strikes("expired-session", call)) {
    sessions_.clear();
    return error_reply(401, "INVALID_SESSION_ID", "Session expired or invalid");
  }
  if (faults_.strikes("401", call)) return error_reply(401, "INVALID_SESSION_ID", "Session expired or invalid");
  if (faults_.strikes("401-fatal", call)) {
    return error_reply(401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API");
  }
  if (faults_.strikes("429", call)) {
    return error_reply(429, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.");
  }
  const auto wait = faults_.seconds("429-retry-after", 2, call);
  if (faults_.strikes("429-retry-after", call)) {
    auto r = error_reply(429, "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.");
    r.headers.emplace_back("Retry-After", fmt::format("{:.0f}", wait));
    return r;
  }
  if (faults_.strikes("daily-limit", call))
    return error_reply(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
  if (faults_.strikes("500-once", call)) {
    return error_reply(500, "UNKNOWN_EXCEPTION",
                       "An unexpected error occurred. Please include this ErrorId if you contact support: "
                       "1234567890-12345 (-1234567890)");
  }
  if (faults_.strikes("502", call)) {
    return html_reply(502,
                      "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad "
                      "Gateway</h1></center></body></html>");
  }
  return std::nullopt;
}

http_reply sf_rest::token(const http_request& request, const std::string& base) {
  if (request.method != "POST") return token_error("invalid_request", "must use HTTP POST");
  auto form = form_fields(request.body);
  if (const auto basic = request.header("authorization"); basic.starts_with("Basic ")) {
    const auto pair = from_base64(basic.substr(6));
    const auto colon = std::min(pair.find(':'), pair.size());
    form.try_emplace("client_id", url_decode(std::string_view{pair}.substr(0, colon), false));
    form.try_emplace("client_secret",
                     url_decode(std::string_view{pair}.substr(std::min(colon + 1, pair.size())), false));
  }
  if (faults_.strikes("login-refused")) return token_error("invalid_grant", "no client credentials user enabled");
  if (form["grant_type"] != "client_credentials") {
    return token_error("unsupported_grant_type", "grant type not supported");
  }
  if (form["client_id"] != settings_.client_id) return token_error("invalid_client_id", "client identifier invalid");
  if (form["client_secret"] != settings_.client_secret)
    return token_error("invalid_client", "invalid client credentials");
  ++tokens_;
  const auto key =
      fmt::format("{}!AQ{}.sim{:08}", settings_.organisation.substr(0, 15), make_id("sim", tokens_), tokens_ * 7919);
  sessions_[key] = std::chrono::steady_clock::now();
  const auto issued = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now().time_since_epoch()).count();
  return json_reply(200,
                    fmt::format(R"({{"access_token":"{}","signature":"c2ltdWxhdGVkIHNpZ25hdHVyZQ==","scope":"api id",)"
                                R"("instance_url":"{}","id":"{}/id/{}/{}","token_type":"Bearer","issued_at":"{}"}})",
                                key, base, base, settings_.organisation, settings_.integration_user, issued));
}

bool sf_rest::signed_in(const http_request& request) {
  const auto header = request.header("authorization");
  const auto space = header.find(' ');
  if (space == std::string_view::npos || (header.substr(0, space) != "Bearer" && header.substr(0, space) != "OAuth"))
    return false;
  const auto session = sessions_.find(header.substr(space + 1));
  if (session == sessions_.end()) return false;
  const auto now = std::chrono::steady_clock::now();
  if (now - session->second > settings_.session_lifetime) {
    sessions_.erase(session);
    return false;
  }
  session->second = now;
  return true;
}

http_reply sf_rest::versions() const {
  std::string out = "[";
  static constexpr std::array seasons{"Winter", "Spring", "Summer"};
  for (int v = oldest_version; v <= newest_version; ++v) {
    const auto season = static_cast<std::size_t>((v + 1) % 3);
    const int year = 14 + (v - 30 + (season == 0 ? 1 : 0)) / 3;
    out += fmt::format(R"({}{{"label":"{} '{}","url":"/services/data/v{}.0","version":"{}.0"}})",
                       v > oldest_version ? "," : "", seasons[season], year, v, v);
  }
  return json_reply(200, out + "]");
}

http_reply sf_rest::user_info(const std::string& base) {
  const auto& users = org_.get("User");
  const auto n = users.find(settings_.integration_user);
  const auto text = [&](std::string_view field) {
    std::string out;
    write_json_text(out, !n ? "" : users.cell(*n, users.column(field)).text());
    return out;
  };
  return json_reply(
      200,
      fmt::format(
          R"({{"sub":"{base}/id/{org}/{user}","user_id":"{user}","organization_id":"{org}",)"
          R"("preferred_username":{username},"nickname":{username},"name":{name},"email":{email},"email_verified":true,)"
          R"("given_name":{first},"family_name":{last},"zoneinfo":{zone},"locale":{locale},"language":"en_US",)"
          R"("user_type":"STANDARD","active":true,"is_app_installed":true,"urls":{{)"
          R"("rest":"{base}/services/data/v{{version}}/","sobjects":"{base}/services/data/v{{version}}/sobjects/",)"
          R"("query":"{base}/services/data/v{{version}}/query/"}}}})",
          fmt::arg("base", base), fmt::arg("org", settings_.organisation), fmt::arg("user", settings_.integration_user),
          fmt::arg("username", text("Username")), fmt::arg("name", text("Name")), fmt::arg("email", text("Email")),
          fmt::arg("first", text("FirstName")), fmt::arg("last", text("LastName")),
          fmt::arg("zone", text("TimeZoneSidKey")), fmt::arg("locale", text("LocaleSidKey"))));
}

http_reply sf_rest::data(const http_request& request, const parsed& p) {
  if (p.parts.empty()) {
    const auto root = "/services/data/v" + p.version;
    return json_reply(200, fmt::format(R"({{"query":"{0}/query","queryAll":"{0}/queryAll","sobjects":"{0}/sobjects",)"
                                       R"("composite":"{0}/composite","limits":"{0}/limits"}})",
                                       root));
  }
  const auto& first = p.parts.front();
  if ((first == "query" || first == "queryAll") && request.method == "GET") {
    const auto batch = batch_size(request.header("sforce-query-options"));
    if (p.parts.size() == 2) return query_more(p, p.parts[1], batch);
    if (p.parts.size() == 1) return query(p, first == "queryAll", batch);
  }
  if (first == "sobjects") return sobjects(request, p);
  if (first == "composite" && p.parts.size() == 2 && p.parts[1] == "sobjects") return collection(request, p);
  if (first == "tooling" && p.parts.size() == 2 && p.parts[1] == "query" && request.method == "GET") {
    if (!p.query.contains("q")) return error_reply(400, "MALFORMED_QUERY", "unexpected token: '<EOF>'");
    // to a user without the right the Tooling API knows no such object
    if (faults_.strikes("no-setup-right"))
      return error_reply(400, "INVALID_TYPE", "sObject type 'ValidationRule' is not supported.");
    return setup_.query(p.value("q"), p.version, clock_.now());
  }
  if (first == "limits" && request.method == "GET") return limits();
  return not_found();
}

http_reply sf_rest::limits() const {
  const auto left = settings_.daily_calls - std::min(calls_, settings_.daily_calls);
  return json_reply(
      200,
      fmt::format(
          R"({{"ConcurrentSyncReportRuns":{{"Max":20,"Remaining":20}},)"
          R"("DailyApiRequests":{{"Max":{},"Remaining":{}}},"DailyBulkApiBatches":{{"Max":15000,"Remaining":15000}},)"
          R"("DailyBulkV2QueryJobs":{{"Max":10000,"Remaining":10000}},"DataStorageMB":{{"Max":10240,"Remaining":9800}}}})",
          settings_.daily_calls, left));
}

http_reply sf_rest::query(const parsed& p, bool deleted_too, std::size_t batch) {
  if (!p.query.contains("q")) return error_reply(400, "MALFORMED_QUERY", "unexpected token: '<EOF>'");
  if (auto refused = trails_.refuse(p.value("q"))) return std::move(*refused);
  const bool hidden = faults_.settings().contains("no-setup-right");
  const auto find = [&](std::string_view object) {
    const auto* trail = trails_.find(object, hidden, clock_.now());
    return trail != nullptr ? trail : org_.find(object);
  };
  auto result = run_query(p.value("q"), find, deleted_too, clock_.now());
  if (!result) return error_reply(400, result.error().code, result.error().message);
  if (result->count_only)
    return json_reply(200, fmt::format(R"({{"totalSize":{},"done":true,"records":[]}})", result->total));
  cursor c{make_id("01g", ++cursor_numbers_), std::move(*result), clock_.now(), p.version, batch};
  if (c.result.rows.size() <= batch && !faults_.settings().contains("short-page"))
    return page(c, 0, faults_.strikes("duplicate-rows"));
  if (cursors_.size() == 200) cursors_.pop_front();
  cursors_.push_back(std::move(c));
  return page(cursors_.back(), 0, faults_.strikes("duplicate-rows"));
}

http_reply sf_rest::query_more(const parsed&, std::string_view locator, std::size_t batch) {
  const auto dash = locator.rfind('-');
  std::size_t from = 0;
  const auto found = std::ranges::find(cursors_, locator.substr(0, dash), &cursor::id);
  const auto number = dash == std::string_view::npos ? std::string_view{} : locator.substr(dash + 1);
  const bool whole = !number.empty() && std::from_chars(number.data(), number.data() + number.size(), from).ptr ==
                                            number.data() + number.size();
  if (found == cursors_.end() || !whole || from >= found->result.rows.size() || faults_.strikes("bad-locator") ||
      clock_.now() - found->opened > std::chrono::hours{48}) {
    return error_reply(400, "INVALID_QUERY_LOCATOR", "invalid query locator");
  }
  found->batch = batch;
  return page(*found, from, faults_.strikes("duplicate-rows"));
}

// The Ids of a cursor stand since it was opened; the values are those of now.
http_reply sf_rest::page(cursor& c, std::size_t from, bool repeat) {
  const std::size_t third = c.batch / 3;
  const auto rows = static_cast<std::size_t>(std::max(1.0, faults_.seconds("short-page", static_cast<double>(third))));
  const auto size = faults_.strikes("short-page") ? rows : c.batch;
  const auto end = std::min(from + size, c.result.rows.size());
  const bool done = end == c.result.rows.size();
  std::string out = fmt::format(R"({{"totalSize":{},"done":{},)", c.result.total, done);
  if (!done) out += fmt::format(R"("nextRecordsUrl":"/services/data/v{}/query/{}-{}",)", c.version, c.id, end);
  out += R"("records":[)";
  const auto write = [&](std::size_t row) {
    if (!out.ends_with('[')) out += ',';
    write_record(out, c.result, c.result.rows[row], c.version);
  };
  if (repeat && from < end) write(from > 0 ? from - 1 : from);
  for (auto i = from; i < end; ++i) write(i);
  return json_reply(200, out + "]}");
}

}  // namespace coachd::sim
