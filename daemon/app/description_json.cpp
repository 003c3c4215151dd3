#include "daemon/app/description_json.hpp"

#include <boost/json.hpp>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::app {
namespace {

namespace json = boost::json;
using model::FieldDescription;
using model::ObjectDescription;

json::object write(const model::Requirement& r) {
  json::array stages;
  for (const auto& s : r.stages) stages.emplace_back(s);
  return {{"by", static_cast<int>(r.by)},
          {"name", r.name},
          {"pipeline", r.pipeline},
          {"stages", std::move(stages)},
          {"where", r.where},
          {"of_record", r.of_record},
          {"unread", r.unread}};
}

json::object write(const model::Insistence& i) {
  json::array rules;
  for (const auto& r : i.rules)
    rules.push_back({{"name", r.name}, {"active", r.active}, {"formula", r.formula}, {"unread", r.unread}});
  json::array layouts;
  for (const auto& l : i.layouts) layouts.emplace_back(l);
  return {{"rules", std::move(rules)},
          {"layouts", std::move(layouts)},
          {"rules_untold", i.rules_untold},
          {"layouts_untold", i.layouts_untold}};
}

json::object write(const FieldDescription& f) {
  json::array options;
  for (const auto& o : f.options) options.push_back({{"value", o.value}, {"label", o.label}, {"active", o.active}});
  json::array required_where;
  for (const auto& r : f.required_where) required_where.push_back(write(r));
  return {{"name", f.name},
          {"label", f.label},
          {"type", static_cast<int>(f.type)},
          {"custom", f.custom},
          {"required", f.required},
          {"updateable", f.updateable},
          {"history_tracked", f.history_tracked},
          {"options", std::move(options)},
          {"required_where", std::move(required_where)}};
}

json::object write(const model::Pipeline& p) {
  json::array stages;
  for (const auto& s : p.stages)
    stages.push_back({{"name", s.name},
                      {"label", s.label},
                      {"won", s.won},
                      {"lost", s.lost},
                      {"active", s.active},
                      {"forecast", static_cast<int>(s.forecast)}});
  return {{"name", p.name}, {"label", p.label}, {"stages", std::move(stages)}};
}

json::object write(const model::Person& p) {
  return {{"id", p.id.get()},   {"name", p.name},  {"email", p.email}, {"manager", p.manager.get()},
          {"job", p.job},       {"team", p.team},  {"zone", p.zone},   {"language", p.language},
          {"active", p.active}, {"human", p.human}};
}

std::string text(const json::object& o, std::string_view key) {
  return json::value_to<std::string>(o.at(key));
}

template <class E>
E word(const json::object& o, std::string_view key) {
  return static_cast<E>(o.at(key).to_number<int>());
}

model::Requirement read_requirement(const json::object& o) {
  model::Requirement r;
  r.by = word<model::Requirement::By>(o, "by");
  r.name = text(o, "name");
  r.pipeline = text(o, "pipeline");
  for (const auto& s : o.at("stages").as_array()) r.stages.push_back(json::value_to<std::string>(s));
  r.where = text(o, "where");
  r.of_record = o.at("of_record").as_bool();
  r.unread = text(o, "unread");
  return r;
}

model::Insistence read_insistence(const json::object& o) {
  model::Insistence i;
  for (const auto& v : o.at("rules").as_array()) {
    const auto& r = v.as_object();
    i.rules.push_back({text(r, "name"), r.at("active").as_bool(), text(r, "formula"), text(r, "unread")});
  }
  for (const auto& l : o.at("layouts").as_array()) i.layouts.push_back(json::value_to<std::string>(l));
  i.rules_untold = text(o, "rules_untold");
  i.layouts_untold = text(o, "layouts_untold");
  return i;
}

FieldDescription read_field(const json::object& o) {
  FieldDescription f{text(o, "name"),
                     text(o, "label"),
                     word<model::FieldType>(o, "type"),
                     o.at("custom").as_bool(),
                     o.at("required").as_bool(),
                     o.at("updateable").as_bool(),
                     o.at("history_tracked").as_bool(),
                     {},
                     {}};
  for (const auto& v : o.at("options").as_array()) {
    const auto& option = v.as_object();
    f.options.push_back({text(option, "value"), text(option, "label"), option.at("active").as_bool()});
  }
  if (const auto* where = o.if_contains("required_where"))
    for (const auto& r : where->as_array()) f.required_where.push_back(read_requirement(r.as_object()));
  return f;
}

model::Pipeline read_pipeline(const json::object& o) {
  model::Pipeline p{text(o, "name"), text(o, "label"), {}};
  for (const auto& v : o.at("stages").as_array()) {
    const auto& s = v.as_object();
    p.stages.push_back({text(s, "name"), text(s, "label"), s.at("won").as_bool(), s.at("lost").as_bool(),
                        s.at("active").as_bool(), word<model::ForecastCategory>(s, "forecast")});
  }
  return p;
}

model::Person read_person(const json::object& o) {
  model::Person p;
  p.id = model::PersonId(text(o, "id"));
  p.name = text(o, "name");
  p.email = text(o, "email");
  p.manager = model::PersonId(text(o, "manager"));
  p.job = text(o, "job");
  p.team = text(o, "team");
  p.zone = text(o, "zone");
  p.language = text(o, "language");
  p.active = o.at("active").as_bool();
  p.human = o.at("human").as_bool();
  return p;
}

}  // namespace

std::string to_json(const model::Description& d) {
  json::object objects;
  for (const auto& [name, object] : d.objects) {
    json::array fields;
    for (const auto& f : object.fields) fields.push_back(write(f));
    json::array pipelines;
    for (const auto& p : object.pipelines) pipelines.push_back(write(p));
    objects[name] = json::object{{"name", object.name},
                                 {"label", object.label},
                                 {"fields", std::move(fields)},
                                 {"pipelines", std::move(pipelines)},
                                 {"insists", write(object.insists)}};
  }
  json::array people;
  for (const auto& [id, person] : d.people) people.push_back(write(person));
  return json::serialize(json::object{{"organisation", d.organisation},
                                      {"organisation_name", d.organisation_name},
                                      {"sandbox", d.sandbox},
                                      {"zone", d.zone},
                                      {"fiscal_year_start_month", d.fiscal_year_start_month},
                                      {"currency", d.currency},
                                      {"signed_in", d.signed_in.get()},
                                      {"objects", std::move(objects)},
                                      {"people", std::move(people)}});
}

std::optional<model::Description> description_from_json(std::string_view body) {
  try {
    const auto root = json::parse(body).as_object();
    model::Description d;
    d.organisation = text(root, "organisation");
    d.organisation_name = text(root, "organisation_name");
    d.sandbox = root.at("sandbox").as_bool();
    d.zone = text(root, "zone");
    d.fiscal_year_start_month = root.at("fiscal_year_start_month").to_number<int>();
    d.currency = text(root, "currency");
    d.signed_in = model::PersonId(text(root, "signed_in"));
    for (const auto& member : root.at("objects").as_object()) {
      const auto& o = member.value().as_object();
      ObjectDescription object{text(o, "name"), text(o, "label"), {}, {}, {}};
      for (const auto& f : o.at("fields").as_array()) object.fields.push_back(read_field(f.as_object()));
      for (const auto& p : o.at("pipelines").as_array()) object.pipelines.push_back(read_pipeline(p.as_object()));
      if (const auto* insists = o.if_contains("insists")) {
        object.insists = read_insistence(insists->as_object());
      } else {  // of a program that did not look: nothing may be said to have appeared since
        object.insists.rules_untold = object.insists.layouts_untold = "it was not looked for on that day";
      }
      d.objects.emplace(member.key(), std::move(object));
    }
    for (const auto& p : root.at("people").as_array()) {
      auto person = read_person(p.as_object());
      auto id = person.id;
      d.people.emplace(std::move(id), std::move(person));
    }
    return d;
  } catch (const std::exception&) {  // not ours, or of an older program: described anew
    return std::nullopt;
  }
}

}  // namespace coachd::app
