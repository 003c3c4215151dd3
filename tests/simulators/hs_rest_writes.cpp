// The half of the HubSpot REST API that writes records, one by one and in batches.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/result.hpp>

#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/hs_writes.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/json_text.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {
namespace {

namespace json = boost::json;
using link = hs_records::link;

hs_values values_of(const json::object& body) {
  hs_values values;
  const auto* properties = body.if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return values;
  for (const auto& [name, v] : properties->get_object())
    values.emplace_back(std::string{name}, hs_text(properties->get_object(), name));
  return values;
}

std::vector<std::string> names_of(const json::object& body) {
  std::vector<std::string> names;
  for (auto& v : values_of(body)) names.push_back(std::move(v.first));
  return names;
}

// The properties as they were sent, and under "associated" the id of the record that a new one is linked with.
std::string fields_json(const json::object& body) {
  const auto* properties = body.if_contains("properties");
  auto fields = properties == nullptr || !properties->is_object() ? json::object{} : properties->get_object();
  const auto* list = body.if_contains("associations");
  if (list != nullptr && list->is_array() && !list->get_array().empty() && list->get_array()[0].is_object()) {
    const auto* to = list->get_array()[0].get_object().if_contains("to");
    if (to != nullptr && to->is_object()) fields["associated"] = hs_text(to->get_object(), "id");
  }
  return json::serialize(fields);
}

hs_problem locked() {
  return {423, "LOCKED", "There are too many writes on the same data at the same time. Try again later."};
}

// The links of a creation; a type of the other direction or of another pair is refused.
boost::system::result<std::vector<link>, hs_problem> links_of(const json::object& body, hs_object from,
                                                              const hs_records& records) {
  std::vector<link> links;
  const auto* list = body.if_contains("associations");
  if (list == nullptr || !list->is_array()) return links;
  for (const auto& a : list->get_array()) {
    const auto* to = a.is_object() ? a.get_object().if_contains("to") : nullptr;
    const auto* types = a.is_object() ? a.get_object().if_contains("types") : nullptr;
    if (to == nullptr || !to->is_object() || types == nullptr || !types->is_array() || types->get_array().empty())
      return validation("Invalid association: to and types are required");
    const auto id = hs_text(to->get_object(), "id");
    const auto& first = types->get_array().front();
    const auto type = first.is_object() ? hs_text(first.get_object(), "associationTypeId") : std::string{};
    std::optional<hs_object> object;
    for (const auto o : all_hs_objects) {
      for (const auto& known : hs_association_types(from, o)) {
        if (fmt::to_string(known.id) == type) object = o;
      }
    }
    if (!object)
      return validation(fmt::format("One or more associations are not valid: type {} does not lead from {}", type,
                                    records.schema().get(from).name));
    const auto n = records.find(*object, id);
    if (!n || records.archived(records.at(*object, *n))) {
      auto name = std::string{records.schema().get(*object).singular};
      std::ranges::transform(name, name.begin(), [](char c) { return static_cast<char>(c - 32); });
      return validation(fmt::format("One or more associations are not valid: {}={} is not valid", name, id));
    }
    links.emplace_back(*object, *n);
  }
  return links;
}

}  // namespace

void hs_rest::note(const call& c, const hs_object_def& object, std::string_view id, const std::string& fields,
                   const hs_problem* problem) {
  ledger_row row;
  row.request = request_;
  row.at = clock_.now();
  row.method = c.method;
  row.path = c.path;
  row.object = object.name;
  row.id = id;
  row.fields = fields;
  row.outcome = problem == nullptr ? "ok" : "refused";
  if (problem != nullptr) row.error = problem->details.empty() ? problem->category : problem->details.front().code;
  row.answered = !lost_;
  ledger_.add(std::move(row));
}

http_reply hs_rest::create_one(const call& c, const hs_object_def& object) {
  lost_ = faults_.strikes("answer-lost", c.text);
  const bool enforce = settings_.enforce && c.version == "2026-09";
  const auto links = links_of(*c.body, object.object, records_);
  auto made = [&]() -> boost::system::result<row_number, hs_problem> {
    if (faults_.strikes("row-lock", c.text)) return locked();
    if (!links) return links.error();
    return writes_.create(object.object, values_of(*c.body), *links, me_, clock_.now(), enforce);
  }();
  const auto id = made ? fmt::to_string(hs_records::id_of(object.object, *made)) : std::string{};
  const auto problem = made ? std::optional<hs_problem>{} : std::optional{made.error()};
  note(c, object, id, fields_json(*c.body), problem ? &*problem : nullptr);
  if (problem) return refuse(*problem);
  std::string out;
  records_.write(out, records_.at(object.object, *made), wanted(object, names_of(*c.body), {}));
  return json_reply(201, std::move(out));
}

http_reply hs_rest::write_one(const call& c, const hs_object_def& object, std::string_view id) {
  lost_ = faults_.strikes("answer-lost", c.text);
  const auto n = locate_living(object, id, c.value("idProperty"));
  const bool patch = c.method == "PATCH";
  std::optional<hs_problem> problem;
  if (faults_.strikes("row-lock", c.text)) {
    problem = locked();
  } else if (!n) {
    problem = n.error();
  } else if (patch && !*n) {
    problem = no_such_object();
  } else if (patch) {
    const bool enforce = settings_.enforce && c.version == "2026-09";
    if (auto done = writes_.update(object.object, **n, values_of(*c.body), me_, clock_.now(), enforce); !done)
      problem = done.error();
  } else if (*n) {
    writes_.archive(object.object, **n, me_, clock_.now());
  }
  note(c, object, id, patch ? fields_json(*c.body) : "{}", problem ? &*problem : nullptr);
  if (problem) return refuse(*problem);
  if (!patch) {
    http_reply empty;  // also for an id that never was
    empty.status = 204;
    return empty;
  }
  std::string out;
  records_.write(out, records_.at(object.object, **n), wanted(object, names_of(*c.body), {}));
  return json_reply(200, std::move(out));
}

http_reply hs_rest::merge(const call& c, const hs_object_def& object) {
  const auto primary = records_.find(object.object, hs_text(*c.body, "primaryObjectId"));
  const auto other = records_.find(object.object, hs_text(*c.body, "objectIdToMerge"));
  if (!primary || !other) return refuse(no_such_object());
  lost_ = faults_.strikes("answer-lost", c.text);
  const auto done = writes_.merge(object.object, *primary, *other, me_, clock_.now());
  const auto problem = done ? std::optional<hs_problem>{} : std::optional{done.error()};
  note(c, object, hs_text(*c.body, "primaryObjectId"), json::serialize(*c.body), problem ? &*problem : nullptr);
  if (problem) return refuse(*problem);
  std::string out;
  records_.write(out, records_.at(object.object, *primary), wanted(object, {}, {}));
  return json_reply(200, std::move(out));
}

http_reply hs_rest::batch_write(const call& c, const hs_object_def& object, std::string_view verb) {
  struct item {
    const json::object* body;
    std::string trace;
    std::optional<row_number> n;
    std::optional<hs_problem> problem;
    bool is_new = false;
  };
  const auto* inputs = c.body->if_contains("inputs");
  if (inputs == nullptr || !inputs->is_array()) return refuse(validation("inputs is required"));
  if (inputs->get_array().size() > 100)
    return refuse(validation("The maximum number of inputs supported in a batch request is 100"));
  std::vector<item> items;
  std::set<std::string> traces;
  for (const auto& input : inputs->get_array()) {
    if (!input.is_object()) return refuse(validation("Invalid input JSON: an input is an object"));
    items.push_back({&input.get_object(), hs_text(input.get_object(), "objectWriteTraceId"), {}, {}});
    if (!items.back().trace.empty()) traces.insert(items.back().trace);
  }
  const bool creating = verb == "create";
  // Only a trace id on every input makes a creation partial; updates and upserts always are.
  const bool partial = !creating || (!items.empty() && traces.size() == items.size());
  const bool lock_all = faults_.strikes("row-lock", c.text);
  // An archive is answered by 204 without a word on its items: it is done or it is not.
  const bool lock_some = !lock_all && items.size() > 1 && verb != "archive" && faults_.strikes("partial-batch", c.text);
  lost_ = faults_.strikes("answer-lost", c.text);
  const bool enforce = settings_.enforce && c.version == "2026-09";
  const auto now = clock_.now();
  if (lock_all) {
    const auto problem = locked();
    for (const auto& i : items) note(c, object, hs_text(*i.body, "id"), fields_json(*i.body), &problem);
    return refuse(problem);
  }
  const auto perform = [&](item& i, bool dry) -> std::optional<hs_problem> {
    const auto values = values_of(*i.body);
    if (!creating) {
      const auto by = hs_text(*i.body, "idProperty");
      const auto id = hs_text(*i.body, "id");
      if (by == "hs_object_id" && verb == "update")
        return validation("idProperty hs_object_id is a non-unique property");
      const auto n = locate(object, id, by);
      if (!n) return n.error();
      if (*n && records_.archived(records_.at(object.object, **n)) && verb == "upsert") return no_such_object();
      if (*n) {
        i.n = *n;
        if (verb == "archive") {
          writes_.archive(object.object, **n, me_, now);
          return std::nullopt;
        }
        auto done = writes_.update(object.object, **n, values, me_, now, enforce, dry);
        return done ? std::nullopt : std::optional{done.error()};
      }
      if (verb == "archive") return std::nullopt;  // nothing to do
      if (verb == "update" || by.empty()) return no_such_object();
    }
    auto all = values;
    if (verb == "upsert") {
      const auto by = hs_text(*i.body, "idProperty");
      std::erase_if(all, [&](const auto& v) { return v.first == by; });
      all.emplace_back(by, hs_text(*i.body, "id"));
      i.is_new = true;
    }
    const auto links = links_of(*i.body, object.object, records_);
    if (!links) return links.error();
    const auto made =
        writes_.create(object.object, all, creating ? *links : std::vector<link>{}, me_, now, enforce, dry);
    if (!made) return made.error();
    if (!dry) i.n = *made;
    return std::nullopt;
  };
  if (!partial) {
    for (auto& i : items) {
      auto problem = lock_some ? std::optional{locked()} : perform(i, true);
      if (!problem) continue;
      for (const auto& other : items) note(c, object, "", fields_json(*other.body), &*problem);
      return refuse(*problem);
    }
  }
  for (std::size_t k = 0; k < items.size(); ++k) {
    auto& i = items[k];
    i.problem = lock_some && k % 2 == 1 ? std::optional{locked()} : perform(i, false);
    const auto id = i.n ? fmt::to_string(hs_records::id_of(object.object, *i.n)) : hs_text(*i.body, "id");
    note(c, object, id, fields_json(*i.body), i.problem ? &*i.problem : nullptr);
  }
  if (verb == "archive") {
    http_reply empty;
    empty.status = 204;
    return empty;
  }
  std::string out;
  std::string errors;
  std::size_t failed = 0;
  bool is_new = false;
  for (auto& i : items) {
    if (i.problem) {
      std::string context = "{";
      const auto id = hs_text(*i.body, "id");
      if (!i.trace.empty()) {
        context += R"("objectWriteTraceId":[)";
        write_json_text(context, i.trace);
        context += ']';
      }
      if (!id.empty()) {
        context += context.size() > 1 ? R"(,"ids":[)" : R"("ids":[)";
        write_json_text(context, id);
        context += ']';
      }
      errors += (failed++ > 0 ? "," : "") + problem_entry(*i.problem, context + "}");
      continue;
    }
    if (!out.empty()) out += ',';
    records_.write(out, records_.at(object.object, *i.n), wanted(object, names_of(*i.body), {}));
    out.pop_back();
    if (verb == "upsert") out += i.is_new ? R"(,"new":true)" : R"(,"new":false)";
    if (!i.trace.empty()) {
      out += R"(,"objectWriteTraceId":)";
      write_json_text(out, i.trace);
    }
    out += '}';
    is_new = is_new || i.is_new || creating;
  }
  std::string at;
  append_hs_instant(at, now);
  auto body = fmt::format(R"({{"status":"COMPLETE","results":[{0}],"startedAt":"{1}","completedAt":"{1}")", out, at);
  if (failed > 0) fmt::format_to(std::back_inserter(body), R"(,"numErrors":{},"errors":[{}])", failed, errors);
  return json_reply(failed > 0 ? 207 : is_new ? 201 : 200, body + "}");
}

}  // namespace coachd::sim
