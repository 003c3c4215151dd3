#include "tests/unit/simulators/support.hpp"

#include <set>

#include <fmt/format.h>

#include "tests/simulators/sf_query.hpp"

namespace coachd::sim {
namespace {

company_options options(std::uint64_t seed, int records) {
  company_options o;
  o.seed = seed;
  o.records = records;
  o.now = *parse_instant(test_start);
  return o;
}

rest_settings settings(const company& made) {
  rest_settings s;
  s.integration_user = made.integration_user;
  s.organisation = made.organisation;
  return s;
}

}  // namespace

bench_org::bench_org(std::uint64_t seed, int records)
    : clock{*parse_instant(test_start), 0},
      made{make_company(crm, options(seed, records))},
      rest{crm, clock, faults, written, settings(made)} {
  http_request r{"POST",
                 "/services/oauth2/token",
                 {{"host", "sim"}},
                 "grant_type=client_credentials&client_id=coachd-sim&client_secret=coachd-sim-secret"};
  token = between(rest.handle(r).body, R"("access_token":")");
}

http_reply bench_org::call(const std::string& method, const std::string& path, const std::string& body,
                           std::vector<std::pair<std::string, std::string>> headers) {
  http_request r{method, "/services/data/v63.0" + path, {{"host", "sim"}, {"authorization", "Bearer " + token}}, body};
  for (auto& [name, v] : headers) r.headers.insert_or_assign(name, v);
  return rest.handle(r);
}

http_reply bench_org::query(std::string_view soql, std::vector<std::pair<std::string, std::string>> headers) {
  return call("GET", "/query?q=" + url_encode(soql), "", std::move(headers));
}

std::string bench_org::plain_opportunity() {
  std::set<std::string> named;
  for (const auto& t : made.truth) named.insert(t.record);
  std::set<std::string> active;
  for (const auto& p : made.people) {
    if (p.active) active.insert(p.id);
  }
  const auto& o = crm.opportunities();
  for (row_number n = 0; n < o.size(); ++n) {
    const auto& id = o.cell(n, 0).text();
    if (!o.cell(n, crm.columns().is_closed).boolean() && !named.contains(id) &&
        active.contains(o.cell(n, crm.columns().owner).text())) {
      return id;
    }
  }
  return {};
}

std::string bench_org::owner_of(const std::string& record) {
  return cell(record, "OwnerId");
}

std::string bench_org::cell(const std::string& record, std::string_view field) {
  const auto& t = *crm.table_of(record);
  const int column = t.column(field);
  std::string out;
  write_value(out, t.cell(*t.find(record), column), t.def().fields[static_cast<std::size_t>(column)].type);
  std::erase(out, '"');
  return out;
}

std::string bench_org::task(const std::string& what, const std::string& owner, const std::string& subject) {
  const auto r = call("POST", "/sobjects/Task",
                      fmt::format(R"({{"Subject":"{}","WhatId":"{}","OwnerId":"{}"}})", subject, what, owner));
  return between(r.body, R"("id":")");
}

std::string url_encode(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' || c == '.';
    out += plain ? std::string{c} : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

std::size_t times(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size())) ++n;
  return n;
}

std::string between(std::string_view text, std::string_view before) {
  const auto at = text.find(before);
  if (at == std::string_view::npos) return {};
  const auto rest = text.substr(at + before.size());
  return std::string{rest.substr(0, rest.find('"'))};
}

}  // namespace coachd::sim
