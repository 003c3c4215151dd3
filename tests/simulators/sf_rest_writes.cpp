// The half of the REST API that reads and writes single records and collections of them.
#include <algorithm>
#include <cstddef>
#include <optional>

#include <fmt/format.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_describe.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_query.hpp"
#include "tests/simulators/sf_rest.hpp"
#include "tests/simulators/sf_rest_parts.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

namespace json = boost::json;

// The fields of a record body; "attributes" and "id" are no fields. None when a value is an object or a list.
std::optional<field_values> fields_of(const json::object& body) {
  field_values fields;
  for (const auto& [key, v] : body) {
    std::string name{key};
    if (name == "attributes" || name == "id" || name == "Id") continue;
    switch (v.kind()) {
      case json::kind::null: fields.emplace_back(std::move(name), std::monostate{}); break;
      case json::kind::bool_: fields.emplace_back(std::move(name), v.get_bool()); break;
      case json::kind::string: fields.emplace_back(std::move(name), std::string{v.get_string()}); break;
      case json::kind::int64:
      case json::kind::uint64:
      case json::kind::double_: fields.emplace_back(std::move(name), v.to_number<double>()); break;
      default: return std::nullopt;
    }
  }
  return fields;
}

std::string fields_json(const json::object& body) {
  json::object fields;
  for (const auto& [key, v] : body) {
    if (key != "attributes" && key != "id" && key != "Id") fields.emplace(key, v);
  }
  return json::serialize(fields);
}

std::string text_of(const json::object& body, std::string_view key) {
  const auto* v = body.if_contains(key);
  const auto* s = v == nullptr ? nullptr : v->if_string();
  return s == nullptr ? std::string{} : std::string{*s};
}

std::string type_of(const json::object& body) {
  const auto* a = body.if_contains("attributes");
  const auto* o = a == nullptr ? nullptr : a->if_object();
  return o == nullptr ? std::string{} : text_of(*o, "type");
}

write_problem no_access(std::string_view object) {
  return {403, "INSUFFICIENT_ACCESS_OR_READONLY", fmt::format("insufficient access rights on object {}", object), {}};
}

write_problem locked(std::string_view id) {
  return {400,
          "UNABLE_TO_LOCK_ROW",
          fmt::format("unable to obtain exclusive access to this record or 1 records: {}", id),
          {}};
}

std::string item_json(const write_problem& e) {
  std::string out = R"({"success":false,"errors":[{"statusCode":")" + e.code + R"(","message":)";
  write_json_text(out, e.message);
  out += R"(,"fields":[)";
  for (std::size_t i = 0; i < e.fields.size(); ++i) out += (i > 0 ? ",\"" : "\"") + e.fields[i] + "\"";
  return out + "]}]}";
}

std::string done_json(std::string_view id) {
  return fmt::format(R"({{"id":"{}","success":true,"errors":[]}})", id);
}

// One write of a collection, as it was asked for.
struct item {
  std::string object;
  std::string id;
  std::optional<field_values> fields;
  std::string json;
  std::optional<write_problem> problem;
};

}  // namespace

void sf_rest::note(const http_request& request, const parsed& p, std::string object, std::string id, std::string fields,
                   std::string outcome, std::string error) {
  ledger_row row;
  row.request = request_;
  row.at = clock_.now();
  row.method = request.method;
  row.path = p.path;
  row.object = std::move(object);
  row.id = std::move(id);
  row.fields = std::move(fields);
  row.outcome = std::move(outcome);
  row.error = std::move(error);
  row.answered = !lost_;
  ledger_.add(std::move(row));
}

http_reply sf_rest::sobjects(const http_request& request, const parsed& p) {
  if (p.parts.size() == 1 && request.method == "GET")
    return json_reply(200, describe_global_json(org_.described(), p.version));
  if (p.parts.size() == 1) return not_found();
  if (p.parts.size() == 4 && p.parts[1] == "EventLogFile" && p.parts[3] == "LogFile" && request.method == "GET")
    return trails_.log_file(p.parts[2]);
  const auto* t = org_.find(p.parts[1]);
  if (t == nullptr) return not_found();
  const auto& object = t->def().name;
  if (p.parts.size() == 3 && p.parts[2] == "describe" && request.method == "GET") {
    const auto* types = object == "Opportunity" ? &org_.get("RecordType") : nullptr;
    return json_reply(200, describe_json(t->def(), types, p.version, object == "Task"));
  }
  if ((p.parts.size() == 4 || p.parts.size() == 5) && p.parts[2] == "describe" && p.parts[3] == "layouts" &&
      request.method == "GET")
    return setup_.layouts(t->def(), p.parts.size() == 5 ? p.parts[4] : std::string(), p.version);
  if (p.parts.size() == 2 && request.method == "POST") return record(request, p, object, "");
  if (p.parts.size() == 3) return record(request, p, object, p.parts[2]);
  return not_found();
}

http_reply sf_rest::record(const http_request& request, const parsed& p, const std::string& object,
                           const std::string& id) {
  const auto full = normal_id(id);
  if (request.method == "GET") {
    const auto& t = org_.get(object);
    const auto n = t.find(full);
    if (!n)
      return error_reply(404, "NOT_FOUND",
                         fmt::format("Provided external ID field does not exist or is not accessible: {}", id));
    const int deleted = t.def().column("IsDeleted");
    if (deleted >= 0 && t.cell(*n, deleted).boolean())
      return error_reply(404, "ENTITY_IS_DELETED", "entity is deleted");
    auto list = p.value("fields");
    if (list.empty()) {
      for (const auto& f : t.def().fields) list += (list.empty() ? "" : ",") + f.name;
    }
    const auto q = fmt::format("SELECT {} FROM {} WHERE Id = '{}'", list, object, full);
    auto result = run_query(q, [this](std::string_view o) { return org_.find(o); }, true, clock_.now());
    if (!result) return error_reply(400, result.error().code, result.error().message);
    std::string out;
    write_record(out, *result, *n, p.version);
    return json_reply(200, std::move(out));
  }
  json::object body;
  if (request.method != "DELETE") {
    boost::system::error_code bad;
    auto parsed_body = json::parse(request.body, bad);
    if (bad || !parsed_body.is_object()) {
      return error_reply(400, "JSON_PARSER_ERROR",
                         "Unexpected character or end of input in the request body at [line:1, column:1]");
    }
    body = std::move(parsed_body.as_object());
  }
  const auto fields = fields_of(body);
  const auto now = clock_.now();
  std::optional<write_problem> problem;
  std::string new_id = full;
  if (request.method != "POST" && request.method != "PATCH" && request.method != "DELETE") {
    return error_reply(405, "METHOD_NOT_ALLOWED",
                       fmt::format("HTTP Method '{}' not allowed. Allowed are GET,PATCH,DELETE,HEAD", request.method));
  }
  if (object != "Task") {
    problem = no_access(full.empty() ? object : full);
  } else if (!fields) {
    problem = write_problem{400, "JSON_PARSER_ERROR", "Cannot deserialize a field from an object or a list", {}};
  } else if (faults_.strikes("row-lock", request.method + ' ' + p.path)) {
    problem = locked(text_of(body, "WhatId"));
  } else if (request.method == "POST") {
    auto made = org_.create(object, *fields, settings_.integration_user, now);
    if (made)
      new_id = *made;
    else
      problem = made.error();
  } else {
    auto done = request.method == "PATCH" ? org_.update(full, *fields, settings_.integration_user, now)
                                          : org_.remove(full, settings_.integration_user, now);
    if (!done) problem = done.error();
  }
  note(request, p, object, new_id, fields_json(body), problem ? "refused" : "ok", problem ? problem->code : "");
  if (problem) return error_reply(problem->status, problem->code, problem->message, problem->fields);
  if (request.method == "POST") return json_reply(201, done_json(new_id));
  http_reply empty;
  empty.status = 204;
  return empty;
}

http_reply sf_rest::collection(const http_request& request, const parsed& p) {
  std::vector<item> items;
  bool all_or_none = false;
  if (request.method == "DELETE") {
    all_or_none = p.value("allOrNone") == "true";
    const auto ids = p.value("ids");
    for (std::size_t from = 0; from < ids.size();) {
      const auto to = std::min(ids.find(',', from), ids.size());
      item i;
      i.id = ids.substr(from, to - from);
      const auto* t = org_.table_of(i.id);
      i.object = t == nullptr ? "" : t->def().name;
      i.fields.emplace();
      items.push_back(std::move(i));
      from = to + 1;
    }
  } else if (request.method == "POST" || request.method == "PATCH") {
    boost::system::error_code bad;
    const auto body = json::parse(request.body, bad);
    const auto* o = bad ? nullptr : body.if_object();
    const auto* records = o == nullptr ? nullptr : o->if_contains("records");
    if (records == nullptr || !records->is_array()) {
      return error_reply(400, "JSON_PARSER_ERROR", "The Records are required and must be a list");
    }
    if (const auto* all = o->if_contains("allOrNone"); all != nullptr && all->is_bool()) all_or_none = all->get_bool();
    for (const auto& r : records->get_array()) {
      if (!r.is_object()) return error_reply(400, "JSON_PARSER_ERROR", "Cannot deserialize instance of sobject");
      const auto& fields = r.get_object();
      item i;
      i.object = type_of(fields);
      i.id = text_of(fields, "id").empty() ? text_of(fields, "Id") : text_of(fields, "id");
      i.fields = fields_of(fields);
      i.json = fields_json(fields);
      if (i.object.empty()) return error_reply(400, "INVALID_INPUT", "attributes.type is required on every record");
      items.push_back(std::move(i));
    }
  } else {
    return error_reply(405, "METHOD_NOT_ALLOWED",
                       fmt::format("HTTP Method '{}' not allowed. Allowed are POST,PATCH,DELETE", request.method));
  }
  if (items.size() > 200) {
    return error_reply(
        400, "EXCEEDED_MAX_SIZE_REQUEST",
        fmt::format("record limit reached. cannot submit more than 200 records into this call ({} given)",
                    items.size()));
  }
  const bool lock_all = faults_.strikes("row-lock", request.method + ' ' + p.path);
  const bool lock_some =
      !lock_all && items.size() > 1 && faults_.strikes("partial-batch", request.method + ' ' + p.path);
  const auto now = clock_.now();
  const auto& me = settings_.integration_user;
  const auto perform = [&](item& i, bool dry) -> std::optional<write_problem> {
    if (request.method == "POST") {
      auto made = org_.create(i.object, *i.fields, me, now, dry);
      if (!made) return made.error();
      if (!dry) i.id = *made;
      return std::nullopt;
    }
    auto done =
        request.method == "PATCH" ? org_.update(i.id, *i.fields, me, now, dry) : org_.remove(i.id, me, now, dry);
    if (!done) return done.error();
    return std::nullopt;
  };
  for (std::size_t k = 0; k < items.size(); ++k) {
    auto& i = items[k];
    if (normal_id(i.id).empty() && request.method != "POST") {
      i.problem = write_problem{400, "MALFORMED_ID", fmt::format("malformed id {}", i.id), {}};
    } else if (org_.find(i.object) == nullptr && request.method == "DELETE") {
      i.problem = write_problem{400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", {}};
    } else if (org_.find(i.object) == nullptr) {
      i.problem = write_problem{400, "INVALID_TYPE", fmt::format("sObject type '{}' is not supported.", i.object), {}};
    } else if (i.object != "Task") {
      i.problem = no_access(i.id.empty() ? i.object : i.id);
    } else if (!i.fields) {
      i.problem = write_problem{400, "JSON_PARSER_ERROR", "Cannot deserialize a field from an object or a list", {}};
    } else if (lock_all || (lock_some && k % 2 == 1)) {
      i.problem = locked(i.id);
    } else {
      i.problem = perform(i, all_or_none);
    }
  }
  const bool rolled_back =
      all_or_none && std::ranges::any_of(items, [](const item& i) { return i.problem.has_value(); });
  std::string out = "[";
  for (auto& i : items) {
    if (rolled_back && !i.problem) {
      i.problem = write_problem{
          400,
          "ALL_OR_NONE_OPERATION_ROLLED_BACK",
          "Record rolled back because not all records were valid and the request was using AllOrNone header",
          {}};
    } else if (all_or_none && !i.problem) {
      i.problem = perform(i, false);  // may fail still, as when one Id is deleted twice in one call
    }
    if (i.problem && i.problem->code == "NOT_FOUND") {
      i.problem = write_problem{400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", {}};
    }
    if (out.size() > 1) out += ',';
    out += i.problem ? item_json(*i.problem) : done_json(i.id);
    note(request, p, i.object, i.id, i.json, i.problem ? "refused" : "ok", i.problem ? i.problem->code : "");
  }
  return json_reply(200, out + "]");
}

}  // namespace coachd::sim
