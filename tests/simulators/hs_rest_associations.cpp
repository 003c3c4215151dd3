// The half of the HubSpot REST API that tells and makes associations.
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <boost/json/object.hpp>

#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/http_parts.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {

std::vector<hs_association_type> hs_association_types(hs_object from, hs_object to) {
  using enum hs_object;
  struct known {
    hs_object from, to;
    std::vector<hs_association_type> types;
  };
  static const std::vector<known> all{{tasks, contacts, {{204, ""}}},
                                      {contacts, tasks, {{203, ""}}},
                                      {tasks, companies, {{192, ""}}},
                                      {companies, tasks, {{191, ""}}},
                                      {tasks, deals, {{216, ""}}},
                                      {deals, tasks, {{215, ""}}},
                                      {notes, contacts, {{202, ""}}},
                                      {contacts, notes, {{201, ""}}},
                                      {notes, companies, {{190, ""}}},
                                      {companies, notes, {{189, ""}}},
                                      {notes, deals, {{214, ""}}},
                                      {deals, notes, {{213, ""}}},
                                      {meetings, companies, {{188, ""}}},
                                      {companies, meetings, {{187, ""}}},
                                      {meetings, deals, {{212, ""}}},
                                      {deals, meetings, {{211, ""}}},
                                      {deals, contacts, {{3, ""}}},
                                      {contacts, deals, {{4, ""}}},
                                      {deals, companies, {{5, "Primary"}, {341, ""}}},
                                      {companies, deals, {{6, "Primary"}, {342, ""}}},
                                      {contacts, companies, {{1, "Primary"}, {279, ""}}},
                                      {companies, contacts, {{2, "Primary"}, {280, ""}}}};
  for (const auto& k : all) {
    if (k.from == from && k.to == to) return k.types;
  }
  return {};
}

std::vector<row_number> hs_rest::related(const hs_object_def& from, row_number n, const hs_object_def& to) const {
  using enum hs_object;
  std::vector<row_number> found;
  const auto live = [&](row_number m) {
    if (!records_.archived(records_.at(to.object, m))) found.push_back(m);
  };
  const auto& company = records_.company();
  const auto by_reference = [&](hs_object object, std::string_view field) {
    const auto& rows = records_.rows(object);
    for (const auto m : rows.holding(rows.column(field), records_.rows(from.object).cell(n, 0).text_ref())) live(m);
  };
  const auto by_text = [&](hs_object object, std::string_view field) {
    const auto& own = records_.rows(from.object);
    if (const auto m = records_.rows(object).find(own.cell(n, own.column(field)).text())) live(*m);
  };
  const bool activity = from.object == tasks || from.object == notes || from.object == meetings;
  if (activity) {
    for (const auto& [object, m] : writes_.linked({from.object, n})) {
      if (object == to.object) live(m);
    }
    return found;
  }
  for (const auto kept_in_the_row : {tasks, meetings})
    if (to.object == kept_in_the_row && from.object != contacts) by_reference(kept_in_the_row, "WhatId");
  if (from.object == companies && to.object == deals) by_reference(deals, "AccountId");
  if (from.object == companies && to.object == contacts) by_reference(contacts, "AccountId");
  if (from.object != companies && to.object == companies) by_text(companies, "AccountId");
  if (from.object == deals && to.object == contacts) {
    const auto& rows = records_.rows(contacts);
    const auto& own = records_.rows(deals).cell(n, company.columns().account);
    for (const auto m : rows.holding(rows.column("AccountId"), own.text_ref())) live(m);
  }
  if (from.object == contacts && to.object == deals) {
    const auto& own = records_.rows(contacts);
    const auto& rows = records_.rows(deals);
    for (const auto m : rows.holding(company.columns().account, own.cell(n, own.column("AccountId")).text_ref()))
      live(m);
  }
  if (const auto more = records_.links.find({from.object, n}); more != records_.links.end()) {
    for (const auto& [object, m] : more->second) {
      if (object == to.object) live(m);
    }
  }
  return found;
}

// With `associations=companies,tasks` in the query, up to 100 ids of each.
void hs_rest::write_with_links(std::string& out, const call& c, const hs_object_def& object, row_number n,
                               const hs_wanted& w) const {
  records_.write(out, records_.at(object.object, n), w);
  std::string links;
  for (const auto& name : hs_words(c.value("associations"))) {
    const auto* to = records_.schema().find(name);
    if (to == nullptr) continue;
    const auto found = related(object, n, *to);
    if (found.empty()) continue;
    fmt::format_to(std::back_inserter(links), R"({}"{}":{{"results":[)", links.empty() ? "" : ",", to->name);
    for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 100); ++i) {
      fmt::format_to(std::back_inserter(links), R"({}{{"id":"{}","type":"{}_to_{}"}})", i > 0 ? "," : "",
                     hs_records::id_of(to->object, found[i]), object.singular, to->singular);
    }
    links += ']';
    if (found.size() > 100)
      fmt::format_to(std::back_inserter(links), R"(,"paging":{{"next":{{"after":"{}"}}}})",
                     hs_records::id_of(to->object, found[99]));
    links += '}';
  }
  if (links.empty()) return;
  out.pop_back();
  out += R"(,"associations":{)" + links + "}}";
}

std::string hs_rest::links_json(const hs_object_def& from, row_number n, const hs_object_def& to) const {
  std::string types;
  for (const auto& t : hs_association_types(from.object, to.object)) {
    fmt::format_to(std::back_inserter(types), R"({}{{"category":"HUBSPOT_DEFINED","typeId":{},"label":{}}})",
                   types.empty() ? "" : ",", t.id, t.label.empty() ? "null" : fmt::format(R"("{}")", t.label));
  }
  std::string out;
  for (const auto m : related(from, n, to)) {
    fmt::format_to(std::back_inserter(out), R"({}{{"toObjectId":"{}","associationTypes":[{}]}})",
                   out.empty() ? "" : ",", hs_records::id_of(to.object, m), types);
  }
  return out;
}

http_reply hs_rest::associations(const call& c) {
  const auto& p = c.parts;
  if (p.size() < 3) return hs_no_page();
  const auto* from = records_.schema().find(p[0]);
  const auto* to = records_.schema().find(p[1]);
  if (from == nullptr || to == nullptr)
    return refuse(validation(fmt::format("Unable to infer object type from: {}", from == nullptr ? p[0] : p[1])));
  if (p.size() == 3 && p[2] == "labels") {
    if (c.method != "GET") return hs_wrong_verb();
    std::string out;
    for (const auto& t : hs_association_types(from->object, to->object)) {
      fmt::format_to(std::back_inserter(out), R"({}{{"category":"HUBSPOT_DEFINED","typeId":{},"label":{}}})",
                     out.empty() ? "" : ",", t.id, t.label.empty() ? "null" : fmt::format(R"("{}")", t.label));
    }
    return json_reply(200, R"({"results":[)" + out + "]}");
  }
  if (p.size() != 4 || p[2] != "batch" || p[3] != "read") return hs_no_page();
  if (c.method != "POST") return hs_wrong_verb();
  const auto* inputs = c.body->if_contains("inputs");
  if (inputs == nullptr || !inputs->is_array()) return refuse(validation("inputs is required"));
  if (inputs->get_array().size() > 1000)
    return refuse(validation("The maximum number of inputs supported in a batch request is 1000"));
  std::string out;
  std::string errors;
  std::size_t failed = 0;
  for (const auto& input : inputs->get_array()) {
    const auto id = input.is_object() ? hs_text(input.get_object(), "id") : std::string{};
    const auto n = records_.find(from->object, id);
    const auto links = n ? links_json(*from, *n, *to) : std::string{};
    if (links.empty()) {
      // A record without any association is an error of the batch and no empty list.
      fmt::format_to(std::back_inserter(errors),
                     R"({}{{"status":"error","category":"OBJECT_NOT_FOUND","subCategory":"crm.associations.)"
                     R"(NO_ASSOCIATIONS_FOUND","message":"No {} is associated with {} {}.",)"
                     R"("context":{{"fromObjectId":["{}"],"fromObjectType":["{}"],"toObjectType":["{}"]}}}})",
                     errors.empty() ? "" : ",", to->singular, from->singular, id, id, from->name, to->name);
      ++failed;
      continue;
    }
    fmt::format_to(std::back_inserter(out), R"({}{{"from":{{"id":"{}"}},"to":[{}]}})", out.empty() ? "" : ",", id,
                   links);
  }
  std::string at;
  append_hs_instant(at, clock_.now());
  auto body = fmt::format(R"({{"status":"COMPLETE","results":[{0}],"startedAt":"{1}","completedAt":"{1}")", out, at);
  if (failed > 0) fmt::format_to(std::back_inserter(body), R"(,"numErrors":{},"errors":[{}])", failed, errors);
  return json_reply(failed > 0 ? 207 : 200, body + "}");
}

http_reply hs_rest::associate_default(const call& c, const hs_object_def& from) {
  const auto* to = records_.schema().find(c.parts[4]);
  const auto n = records_.find(from.object, c.parts[1]);
  const auto m = to == nullptr ? std::nullopt : records_.find(to->object, c.parts[5]);
  if (!n || !m) return refuse(no_such_object());
  if (records_.archived(records_.at(from.object, *n)) || records_.archived(records_.at(to->object, *m)))
    return refuse(no_such_object());
  const auto types = hs_association_types(from.object, to->object);
  const bool forward = from.object == hs_object::tasks || from.object == hs_object::notes;
  const bool backward = to->object == hs_object::tasks || to->object == hs_object::notes;
  if (types.empty() || forward == backward)
    return refuse(validation(fmt::format("{} and {} cannot be associated here", from.name, to->name)));
  lost_ = faults_.strikes("answer-lost", c.text);
  if (forward) {
    writes_.associate({from.object, *n}, {to->object, *m}, clock_.now());
  } else {
    writes_.associate({to->object, *m}, {from.object, *n}, clock_.now());
  }
  note(c, from, c.parts[1], fmt::format(R"({{"associated":"{}"}})", c.parts[5]), nullptr);
  std::string at;
  append_hs_instant(at, clock_.now());
  return json_reply(
      200, fmt::format(R"({{"status":"COMPLETE","results":[{{"from":{{"id":"{}"}},"to":{{"id":"{}"}},)"
                       R"("associationSpec":{{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":{}}}}}],)"
                       R"("startedAt":"{}","completedAt":"{}"}})",
                       c.parts[1], c.parts[5], types.back().id, at, at));
}

}  // namespace coachd::sim
