// The half of the HubSpot REST API that tells how the portal is set up: properties, pipelines, owners, account.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/traces.hpp"
#include "tests/simulators/zones.hpp"

namespace coachd::sim {
namespace {

void named(std::string& out, std::string_view name, std::string_view text) {
  out += out.ends_with('{') ? "\"" : ",\"";
  out += name;
  out += "\":";
  write_json_text(out, text);
}

// Who made or changed it, as people's traces tell; the vendor's own have been there since ever.
struct property_author {
  std::uint64_t user;
  instant at;
};

void write_property(std::string& out, const hs_property& p, const std::optional<property_author>& author = {}) {
  out += '{';
  named(out, "name", p.name);
  named(out, "label", p.label);
  named(out, "type", p.type);
  named(out, "fieldType", p.field_type);
  named(out, "description", p.description);
  named(out, "groupName", p.group);
  out += R"(,"options":[)";
  for (std::size_t i = 0; i < p.options.size(); ++i) {
    out += i > 0 ? ",{" : "{";
    named(out, "label", p.options[i].label);
    named(out, "value", p.options[i].value);
    fmt::format_to(std::back_inserter(out), R"(,"displayOrder":{},"hidden":false}})", i);
  }
  const bool owner = p.source == hs_source::owner;
  if (owner) named(out += "]", "referencedObjectType", "OWNER");
  fmt::format_to(std::back_inserter(out),
                 R"({},"displayOrder":-1,"calculated":{},"externalOptions":{},"hasUniqueValue":{},"hidden":{},{})"
                 R"("archived":{},"modificationMetadata":{{"archivable":{},"readOnlyDefinition":{},)"
                 R"("readOnlyValue":{}}},"formField":{},"dataSensitivity":"non_sensitive",)"
                 R"("createdAt":"2024-05-06T08:00:00Z","updatedAt":"{}"{}}})",
                 owner ? "" : "]", p.calculated, owner, p.unique, p.hidden,
                 p.built_in ? R"("hubspotDefined":true,)" : "", p.archived, !p.built_in, p.built_in, !p.writable,
                 p.writable, author ? iso_instant(author->at) : "2025-09-09T22:07:58.167Z",
                 author ? fmt::format(R"(,"updatedUserId":"{}")", author->user) : std::string{});
}

void write_stage(std::string& out, const hs_stage& s, std::size_t order) {
  const bool closed = s.label.starts_with("Closed");
  const bool numbered = s.id.front() >= '0' && s.id.front() <= '9';
  out += R"({"label":)";
  write_json_text(out, s.label);
  fmt::format_to(std::back_inserter(out),
                 R"(,"displayOrder":{0},"metadata":{{"isClosed":"{1}","probability":"{2}"}},"id":"{3}",)"
                 R"("createdAt":"{4}","updatedAt":"{4}","writePermissions":"CRM_PERMISSIONS_ENFORCEMENT",)"
                 R"("archived":false}})",
                 order, closed, hs_probability(s.label), s.id,
                 numbered ? "2024-05-06T08:00:00Z" : "1970-01-01T00:00:00Z");
}

void write_pipeline(std::string& out, const hs_pipeline& p, std::size_t order) {
  out += R"({"label":)";
  write_json_text(out, p.label);
  fmt::format_to(std::back_inserter(out), R"(,"displayOrder":{},"id":"{}","stages":[)", order, p.id);
  for (std::size_t i = 0; i < p.stages.size(); ++i) {
    if (i > 0) out += ',';
    write_stage(out, p.stages[i], i);
  }
  const auto* since = p.id == "default" ? "1970-01-01T00:00:00Z" : "2024-05-06T08:00:00Z";
  fmt::format_to(std::back_inserter(out), R"(],"createdAt":"{0}","updatedAt":"{0}","archived":false}})", since);
}

}  // namespace

http_reply hs_rest::properties(const call& c) {
  if (c.parts.empty()) return hs_no_page();
  const auto* object = records_.schema().find(c.parts[0]);
  if (object == nullptr) return refuse(validation(fmt::format("Unable to infer object type from: {}", c.parts[0])));
  std::string out;
  if (c.parts.size() == 1 && c.method == "GET") {
    out = R"({"results":[)";
    for (const auto& p : object->properties) {
      if (p.archived != (c.value("archived") == "true")) continue;
      if (!out.ends_with('[')) out += ',';
      std::optional<property_author> author;
      for (const auto& t : records_.company().traces())
        if (t.what == trace::type::setup && t.object == object->name && t.field == p.name && t.at <= clock_.now())
          author = {records_.people().user_id(records_.company().texts().keep(t.person)), t.at};
      write_property(out, p, author);
    }
    return json_reply(200, out + "]}");
  }
  if (c.parts.size() == 1 && c.method == "POST") {
    hs_property p;
    p.name = hs_text(*c.body, "name");
    p.label = hs_text(*c.body, "label");
    p.type = hs_text(*c.body, "type");
    p.field_type = hs_text(*c.body, "fieldType");
    p.group = hs_text(*c.body, "groupName");
    p.description = hs_text(*c.body, "description");
    p.unique = hs_text(*c.body, "hasUniqueValue") == "true";
    p.hidden = hs_text(*c.body, "hidden") == "true";
    for (const auto* needed : {"name", "label", "type", "fieldType", "groupName"}) {
      if (hs_text(*c.body, needed).empty()) return refuse(validation(fmt::format("{} is required", needed)));
    }
    if (object->find(p.name) != nullptr)
      return refuse({409, "OBJECT_ALREADY_EXISTS", fmt::format("A property named '{}' already exists.", p.name)});
    write_property(out, records_.schema().add(object->object, std::move(p)));
    return json_reply(201, std::move(out));
  }
  if (c.parts.size() == 2 && c.method == "GET") {
    const auto* p = object->find(c.parts[1]);
    if (p == nullptr) return refuse({404, "OBJECT_NOT_FOUND", fmt::format("Property {} does not exist", c.parts[1])});
    write_property(out, *p);
    return json_reply(200, std::move(out));
  }
  if (c.parts.size() == 2 && (c.method == "PATCH" || c.method == "DELETE")) return change_property(c, *object);
  return c.parts.size() <= 2 ? hs_wrong_verb() : hs_no_page();
}

// A change of what a property is. Of the vendor's own ones nothing may be changed.
http_reply hs_rest::change_property(const call& c, const hs_object_def& object) {
  lost_ = faults_.strikes("answer-lost", c.text);
  const auto& name = c.parts[1];
  const auto* p = object.find(name);
  std::optional<hs_problem> problem;
  const auto* hidden = c.body->if_contains("hidden");
  if (p == nullptr)
    problem = hs_problem{404, "OBJECT_NOT_FOUND", fmt::format("Property {} does not exist", name)};
  else if (p->built_in)
    problem = validation(fmt::format("{} is a HubSpot-defined property and cannot be changed", name));
  else if (c.method == "PATCH" && (hidden == nullptr || !hidden->is_bool() || c.body->size() != 1))
    problem = validation("only `hidden` of a property can be changed here");
  if (!problem && c.method == "PATCH") records_.schema().hide(object.object, name, hidden->get_bool());
  std::string out;
  if (!problem && c.method == "PATCH") write_property(out, *p);
  if (!problem && c.method == "DELETE") records_.schema().archive(object.object, name);
  ledger_row row;
  row.request = request_;
  row.at = clock_.now();
  row.method = c.method;
  row.path = c.path;
  row.object = "properties";
  row.id = fmt::format("{}.{}", object.name, name);
  row.fields = c.raw.empty() ? "{}" : c.raw;
  row.outcome = problem ? "refused" : "ok";
  if (problem) row.error = problem->category;
  row.answered = !lost_;
  ledger_.add(std::move(row));
  if (problem) return refuse(*problem);
  if (c.method == "PATCH") return json_reply(200, std::move(out));
  http_reply empty;
  empty.status = 204;
  return empty;
}

http_reply hs_rest::pipelines(const call& c) const {
  const auto& p = c.parts;
  if (p.empty()) return hs_no_page();
  if (c.method != "GET") return hs_wrong_verb();
  const auto* object = records_.schema().find(p[0]);
  if (object == nullptr || object->object != hs_object::deals) {
    return object == nullptr ? refuse(validation(fmt::format("Unable to infer object type from: {}", p[0])))
                             : json_reply(200, R"({"results":[]})");
  }
  std::string out;
  if (p.size() == 1) {
    out = R"({"results":[)";
    for (std::size_t i = 0; i < hs_pipelines.size(); ++i) {
      if (i > 0) out += ',';
      write_pipeline(out, hs_pipelines[i], i);
    }
    return json_reply(200, out + "]}");
  }
  const auto* line = find_hs_pipeline(p[1]);
  if (line == nullptr) return refuse({404, "OBJECT_NOT_FOUND", fmt::format("Pipeline {} does not exist", p[1])});
  if (p.size() == 2) {
    write_pipeline(out, *line, line == &hs_pipelines[0] ? 0 : 1);
    return json_reply(200, std::move(out));
  }
  if (p.size() != 3 || p[2] != "stages") return hs_no_page();
  out = R"({"results":[)";
  for (std::size_t i = 0; i < line->stages.size(); ++i) {
    if (i > 0) out += ',';
    write_stage(out, line->stages[i], i);
  }
  return json_reply(200, out + "]}");
}

// A page of people, and at the end of the live ones the queue that deals wait in.
http_reply hs_rest::owners(const call& c) const {
  if (c.method != "GET") return c.parts.size() <= 1 ? hs_wrong_verb() : hs_no_page();
  const auto& people = records_.people();
  const auto& users = records_.company().get("User");
  const bool archived = c.value("archived") == "true";
  const auto write = [&](std::string& out, row_number n) {
    if (n < users.size()) {
      people.write_owner(out, n);
      return;
    }
    fmt::format_to(std::back_inserter(out),
                   R"({{"id":"{}","email":"inbound@halden.example","type":"QUEUE","firstName":"Inbound",)"
                   R"("lastName":"Queue","userId":null,"userIdIncludingInactive":null,)"
                   R"("createdAt":"2024-05-06T08:00:00Z","updatedAt":"2024-05-06T08:00:00Z","archived":false}})",
                   hs_people::owner_id(n));
  };
  const auto listed = [&](row_number n) {
    if (n == users.size()) return !archived;
    const auto* user = users.cell(n, 0).text_ref();
    return !people.integration(user) && people.active(user) != archived;
  };
  if (c.parts.size() == 1) {
    const auto* user =
        c.value("idProperty") == "userId" ? people.by_user_id(c.parts[0]) : people.by_owner_id(c.parts[0]);
    const auto n = user == nullptr ? std::nullopt : users.find(*user);
    if (!n || !listed(*n)) return refuse({404, "OBJECT_NOT_FOUND", "Owner not found"});
    std::string out;
    write(out, *n);
    return json_reply(200, std::move(out));
  }
  if (!c.parts.empty()) return hs_no_page();
  std::size_t limit = 100;
  if (const auto asked = c.value("limit"); !asked.empty()) {
    limit = 0;
    for (const char digit : asked) limit = limit * 10 + static_cast<std::size_t>(digit - '0');
    if (limit == 0 || limit > 500) return refuse(validation("limit must be between 1 and 500"));
  }
  const auto after = c.value("after");
  const auto email = c.value("email");
  std::string out = R"({"results":[)";
  std::size_t written = 0;
  bool more = false;
  std::string last;
  for (row_number n = 0; n <= users.size(); ++n) {
    const auto id = fmt::to_string(hs_people::owner_id(n));
    if (!listed(n) || (!after.empty() && (id.size() < after.size() || (id.size() == after.size() && id <= after))))
      continue;
    if (!email.empty() && (n == users.size() || users.cell(n, users.column("Email")).text() != email)) continue;
    if (written == limit) {
      more = true;
      break;
    }
    if (written++ > 0) out += ',';
    write(out, n);
    last = id;
  }
  out += ']';
  if (more) {
    fmt::format_to(std::back_inserter(out), R"(,"paging":{{"next":{{"after":"{0}","link":"{1}{2}?after={0}"}}}})", last,
                   c.base, c.path);
  }
  return json_reply(200, out + "}");
}

http_reply hs_rest::account() const {
  const auto now = clock_.now();
  const auto wall = wall_clock(now, settings_.zone);
  const auto local = instant{wall.date} + std::chrono::hours{wall.hour} + std::chrono::minutes{wall.minute};
  const auto offset =
      std::chrono::floor<std::chrono::minutes>(local - std::chrono::floor<std::chrono::minutes>(now)).count();
  return json_reply(200,
                    fmt::format(R"({{"portalId":{},"accountType":"STANDARD","timeZone":"{}","companyCurrency":"EUR",)"
                                R"("additionalCurrencies":[],"utcOffset":"{}{:02}:{:02}","utcOffsetMilliseconds":{},)"
                                R"("uiDomain":"app.hubspot.com","dataHostingLocation":"na1"}})",
                                hs_portal_id, settings_.zone, offset < 0 ? "-" : "+", std::abs(offset) / 60,
                                std::abs(offset) % 60, offset * 60'000));
}

}  // namespace coachd::sim
