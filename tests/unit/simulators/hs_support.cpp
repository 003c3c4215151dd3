#include "tests/unit/simulators/hs_support.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <cstddef>
#include <string>
#include <vector>
#include "tests/simulators/company.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

company_options options_of(const portal_options& o) {
  company_options c;
  c.records = o.records;
  c.now = *parse_instant(test_start);
  return c;
}

}  // namespace

bench_portal::bench_portal(const portal_options& o)
    : clock{*parse_instant(test_start), 0},
      made{make_company(crm, options_of(o))},
      records{crm, made.integration_user, o.task_key, o.omit_nulls},
      rest{records, index, writes, clock, faults, written, o.rest} {}

answer bench_portal::call(const std::string& method, const std::string& path, const std::string& body) {
  answer a;
  a.reply = rest.handle({method, path, {{"host", "sim"}, {"authorization", "Bearer pat-na1-coachd-sim"}}, body});
  a.status = a.reply.status;
  boost::system::error_code bad;
  a.body = boost::json::parse(a.reply.body, bad);
  return a;
}

answer bench_portal::search(const std::string& object, const std::string& body) {
  return call("POST", "/crm/objects/2026-03/" + object + "/search", body);
}

std::vector<std::string> bench_portal::ids(const answer& a) {
  std::vector<std::string> found;
  for (const auto& r : a.body.at("results").as_array()) found.emplace_back(r.at("id").as_string());
  return found;
}

std::string bench_portal::deal(std::size_t nth) {
  const auto& o = crm.opportunities();
  for (row_number n = 0; n < o.size(); ++n) {
    if (o.cell(n, crm.columns().is_closed).boolean() || o.cell(n, crm.columns().is_deleted).boolean()) continue;
    if (records.people().active(o.cell(n, crm.columns().owner).text_ref()) && nth-- == 0)
      return std::to_string(hs_records::id_of(hs_object::deals, n));
  }
  return {};
}

std::string bench_portal::owner_of(const std::string& deal_id) {
  return property("deals", deal_id, "hubspot_owner_id");
}

std::string bench_portal::property(const std::string& object, const std::string& id, const std::string& name) {
  const auto a = call("GET", fmt::format("/crm/objects/2026-03/{}/{}?properties={}", object, id, name));
  if (a.status != 200) return fmt::format("status {}", a.status);
  const auto* v = a.body.at("properties").as_object().if_contains(name);
  if (v == nullptr) return "absent";
  return v->is_string() ? std::string{v->get_string()} : "null";
}

std::string bench_portal::task_input(const std::string& key, const std::string& deal_id, const std::string& owner,
                                     bool trace) const {
  return fmt::format(
      R"({{{}"properties":{{"hs_task_subject":"Check {}","hs_timestamp":"2026-03-03T16:00:00Z","hubspot_owner_id":"{}"}},)"
      R"("associations":[{{"to":{{"id":"{}"}},"types":[{{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":216}}]}}]}})",
      trace ? fmt::format(R"("objectWriteTraceId":"{}",)", key) : "", key, owner, deal_id);
}

void bench_portal::change(const std::string& deal_id, const std::string& name, const std::string& text) {
  const auto n = *records.find(hs_object::deals, deal_id);
  const auto* by = crm.opportunities().cell(n, crm.columns().owner).text_ref();
  (void)writes.update(hs_object::deals, n, {{name, text}}, by, clock.now(), false);
}

}  // namespace coachd::sim
