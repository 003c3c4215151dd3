#include "daemon/app/description_json.hpp"

#include <boost/json.hpp>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include "rules/model/description.hpp"

namespace coachd::app {
namespace {

namespace json = boost::json;
using model::FieldDescription;
using model::ObjectDescription;

json::object write(const FieldDescription& f) {
  json::array options;
  for (const auto& o : f.options) options.push_back({{"value", o.value}, {"label", o.label}, {"active", o.active}});
  return {{"name", f.name},
          {"label", f.label},
          {"type", static_cast<int>(f.type)},
          {"custom", f.custom},
          {"required", f.required},
          {"updateable", f.updateable},
          {"history_tracked", f.history_tracked},
          {"options", std::move(options)}};
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

FieldDescription read_field(const json::object& o) {
  FieldDescription f{text(o, "name"),
                     text(o, "label"),
                     word<model::FieldType>(o, "type"),
                     o.at("custom").as_bool(),
                     o.at("required").as_bool(),
                     o.at("updateable").as_bool(),
                     o.at("history_tracked").as_bool(),
                     {}};
  for (const auto& v : o.at("options").as_array()) {
    const auto& option = v.as_object();
    f.options.push_back({text(option, "value"), text(option, "label"), option.at("active").as_bool()});
  }
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
                                 {"pipelines", std::move(pipelines)}};
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
      ObjectDescription object{text(o, "name"), text(o, "label"), {}, {}};
      for (const auto& f : o.at("fields").as_array()) object.fields.push_back(read_field(f.as_object()));
      for (const auto& p : o.at("pipelines").as_array()) object.pipelines.push_back(read_pipeline(p.as_object()));
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
