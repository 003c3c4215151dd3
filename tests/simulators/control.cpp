#include "tests/simulators/control.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/simulator.hpp"

namespace coachd::sim {
namespace {

namespace json = boost::json;

http_reply reply(int status, std::string body, std::string_view type = "application/json") {
  http_reply r;
  r.status = status;
  r.headers.emplace_back("Content-Type", std::string{type});
  r.body = std::move(body);
  return r;
}

http_reply wrong(std::string_view why) {
  return reply(400, json::serialize(json::object{{"error", why}}));
}

template <class Rows>
http_reply lines(const Rows& rows) {
  std::string out;
  for (const auto& row : rows) out += to_json(row) + "\n";
  return reply(200, std::move(out), "application/x-ndjson");
}

std::string text_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  const auto* s = v == nullptr ? nullptr : v->if_string();
  return s == nullptr ? std::string{} : std::string{*s};
}

std::optional<double> number_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr || !v->is_number()) return std::nullopt;
  return v->to_number<double>();
}

field_values set_of(const json::object& o) {
  field_values fields;
  const auto* set = o.if_contains("set");
  if (set == nullptr || !set->is_object()) return fields;
  for (const auto& [key, v] : set->get_object()) {
    plain_value p;
    if (v.is_bool()) p = v.get_bool();
    if (v.is_number()) p = v.to_number<double>();
    if (v.is_string()) p = std::string{v.get_string()};
    fields.emplace_back(key, p);
  }
  return fields;
}

// {"person":ID, and one of "record" with "set" (and "visible_after" seconds), "create" with "set", "complete",
// "delete", "reassign" with "to", "merge" with "to"}
http_reply act(simulated_crm& s, const json::object& o) {
  const auto person = text_of(o, "person");
  std::optional<write_problem> problem;
  if (person.empty()) return wrong("person is missing");
  if (const auto object = text_of(o, "create"); !object.empty()) {
    const auto made = s.act_create(person, object, set_of(o));
    if (made) return reply(200, json::serialize(json::object{{"id", *made}}));
    problem = made.error();
  } else if (const auto task = text_of(o, "complete"); !task.empty()) {
    problem = s.act_complete(person, task);
  } else if (const auto gone = text_of(o, "delete"); !gone.empty()) {
    problem = s.act_delete(person, gone);
  } else if (const auto moved = text_of(o, "reassign"); !moved.empty()) {
    problem = s.act_reassign(person, moved, text_of(o, "to"));
  } else if (const auto merged = text_of(o, "merge"); !merged.empty()) {
    problem = s.act_merge(person, merged, text_of(o, "to"));
  } else if (const auto record = text_of(o, "record"); !record.empty()) {
    const std::chrono::seconds late{static_cast<std::int64_t>(number_of(o, "visible_after").value_or(0))};
    problem = s.act_update(person, record, set_of(o), late);
  } else {
    return wrong("one of record, create, complete, delete, reassign, merge is missing");
  }
  if (problem) return reply(400, json::serialize(json::object{{"error", problem->message}, {"code", problem->code}}));
  return reply(200, "{}");
}

http_reply set_fault(simulated_crm& s, const json::object& o) {
  fault_setting setting;
  setting.share = number_of(o, "share").value_or(1);
  setting.count = static_cast<std::int64_t>(number_of(o, "count").value_or(-1));
  setting.value = number_of(o, "value");
  setting.only = text_of(o, "only");
  if (!s.set_fault(text_of(o, "name"), setting)) return wrong("no fault of that name: " + text_of(o, "name"));
  return reply(200, "{}");
}

http_reply set_clock(simulated_crm& s, const json::object& o) {
  if (const auto now = text_of(o, "now"); !now.empty()) {
    const auto at = parse_instant(now);
    if (!at) return wrong("now is no instant: " + now);
    s.clock().set(*at);
  }
  if (const auto by = number_of(o, "advance")) s.clock().advance(std::chrono::seconds{static_cast<std::int64_t>(*by)});
  if (const auto rate = number_of(o, "rate")) s.clock().set_rate(*rate);
  return reply(200, fmt::format(R"({{"now":"{}","rate":{}}})", iso_instant(s.clock().now()), s.clock().rate()));
}

http_reply stats(const simulated_crm& s) {
  const auto r = s.reactions();
  std::map<std::string, int> writes;
  for (const auto& row : s.ledger_rows()) ++writes[row.method + " " + row.object + " " + row.outcome];
  json::object by_kind;
  for (const auto& [kind, n] : writes) by_kind.emplace(kind, n);
  return reply(200, json::serialize(json::object{{"calls", s.calls()},
                                                 {"writes", by_kind},
                                                 {"open_prompts", s.open_prompts()},
                                                 {"reactions", json::object{{"mended", r.mended},
                                                                            {"ignored", r.ignored},
                                                                            {"deleted", r.removed},
                                                                            {"waiting", r.waiting}}}}));
}

http_reply people(const company& c) {
  json::array list;
  for (const auto& p : c.people) {
    list.push_back(json::object{{"id", p.id},
                                {"name", p.name},
                                {"email", p.email},
                                {"zone", p.zone},
                                {"manager", p.manager},
                                {"job", p.job},
                                {"active", p.active}});
  }
  return reply(200, json::serialize(list));
}

}  // namespace

http_reply control_request(simulated_crm& s, const http_request& request) {
  const auto path = request.target.substr(0, request.target.find('?'));
  if (request.method == "GET") {
    if (path == "/ledger") return lines(s.ledger_rows());
    if (path == "/truth") return lines(s.truth());
    if (path == "/stats") return stats(s);
    if (path == "/people") return people(s.people());
    if (path == "/clock") return set_clock(s, {});
    if (path == "/hooks" && !s.hooks().empty()) return reply(200, s.hooks());
    if (path == "/fault") {
      json::object on;
      for (const auto& [name, times] : s.faults().struck()) on[name].emplace_object()["struck"] = times;
      for (const auto& [name, f] : s.faults().settings()) {
        auto& o = on[name].is_object() ? on[name].get_object() : on[name].emplace_object();
        o["share"] = f.share;
        o["count"] = f.count;
      }
      return reply(200, json::serialize(on));
    }
  }
  if (request.method == "DELETE" && path == "/fault") {
    s.faults().clear();
    s.clock().set_skew(std::chrono::seconds{0});
    return reply(200, "{}");
  }
  if (request.method == "POST") {
    boost::system::error_code bad;
    const auto body = json::parse(request.body, bad);
    if (bad || !body.is_object()) return wrong("the body is no JSON object");
    const auto& o = body.get_object();
    if (path == "/act") return act(s, o);
    if (path == "/fault") return set_fault(s, o);
    if (path == "/clock") return set_clock(s, o);
    if (path == "/sessions/end") {
      s.end_sessions();
      return reply(200, "{}");
    }
  }
  return reply(404, R"({"error":"no such control"})");
}

}  // namespace coachd::sim
