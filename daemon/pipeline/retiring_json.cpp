// The document of retired fields as text.
#include <boost/json.hpp>
#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/coaching/retirement.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

namespace json = boost::json;
using coaching::Retirement;
using coaching::RetireStanding;

template <class T>
json::value time(const std::optional<T>& at) {
  return at ? json::value(model::to_string(*at)) : json::value(nullptr);
}

json::object write(const RetireStanding& s) {
  return {{"state", coaching::to_string(s.state)},
          {"since", model::to_string(s.since)},
          {"not_before", time(s.not_before)},
          {"by_package", s.by_package},
          {"because", s.because},
          {"review_on", time(s.review_on)}};
}

json::object write(const Retirement& r) {
  json::array before, steps;
  for (const auto& s : r.before) before.push_back(write(s));
  for (const auto& s : r.steps)
    steps.push_back({{"what", s.what}, {"at", model::to_string(s.at)}, {"by", s.by}, {"because", s.because}});
  json::object o{
      {"object", r.object},       {"field", r.field},    {"crm_object", r.crm_object},  {"crm_field", r.crm_field},
      {"label", r.label},         {"owner", r.owner},    {"person", r.person},          {"prompt", r.prompt},
      {"asked", r.asked},         {"now", write(r.now)}, {"before", std::move(before)}, {"declined", time(r.declined)},
      {"steps", std::move(steps)}};
  if (r.calling) o["calling"] = coaching::to_string(*r.calling);
  if (const auto& c = r.consent)
    o["consent"] = {{"by", c->by},
                    {"at", model::to_string(c->at)},
                    {"in_crm", c->in_crm},
                    {"recorded", c->recorded},
                    {"because", c->because}};
  if (const auto& e = r.exported)
    o["exported"] = {{"file", e->file}, {"values", e->values}, {"digest", e->digest}, {"at", model::to_string(e->at)}};
  return o;
}

std::string text(const json::object& o, std::string_view key) {
  return json::value_to<std::string>(o.at(key));
}
std::optional<model::Instant> instant_or_nothing(const json::object& o, std::string_view key) {
  return o.at(key).is_null() ? std::nullopt : model::parse_instant(text(o, key));
}
model::Instant instant(const json::object& o, std::string_view key) {
  if (const auto at = model::parse_instant(text(o, key))) return *at;
  throw std::runtime_error("no instant: " + std::string(key));
}

RetireStanding read_standing(const json::object& o) {
  const auto state = coaching::parse_retire_state(text(o, "state"));
  if (!state) throw std::runtime_error("no state: " + text(o, "state"));
  return {*state,
          instant(o, "since"),
          instant_or_nothing(o, "not_before"),
          o.at("by_package").as_bool(),
          text(o, "because"),
          o.at("review_on").is_null() ? std::nullopt : model::parse_day(text(o, "review_on"))};
}

Retirement read_field(const json::object& o) {
  Retirement r;
  r.object = text(o, "object");
  r.field = text(o, "field");
  r.crm_object = text(o, "crm_object");
  r.crm_field = text(o, "crm_field");
  r.label = text(o, "label");
  r.owner = text(o, "owner");
  r.person = text(o, "person");
  r.prompt = text(o, "prompt");
  r.asked = o.at("asked").to_number<std::int32_t>();
  r.now = read_standing(o.at("now").as_object());
  for (const auto& s : o.at("before").as_array()) r.before.push_back(read_standing(s.as_object()));
  r.declined = instant_or_nothing(o, "declined");
  if (const auto* c = o.if_contains("calling")) r.calling = coaching::parse_field_call(c->as_string());
  if (const auto* v = o.if_contains("consent")) {
    const auto& c = v->as_object();
    r.consent = {text(c, "by"), instant(c, "at"), c.at("in_crm").as_bool(), text(c, "recorded"), text(c, "because")};
  }
  if (const auto* v = o.if_contains("exported")) {
    const auto& e = v->as_object();
    r.exported = {text(e, "file"), e.at("values").to_number<std::int64_t>(), text(e, "digest"), instant(e, "at")};
  }
  for (const auto& v : o.at("steps").as_array()) {
    const auto& s = v.as_object();
    r.steps.push_back({text(s, "what"), instant(s, "at"), text(s, "by"), text(s, "because")});
  }
  return r;
}

}  // namespace

std::string to_json(const Retirements& fields) {
  json::object o;
  for (const auto& [name, field] : fields) o[name] = write(field);
  return json::serialize(o);
}

Retirements retirements_from_json(std::string_view document) {
  Retirements out;
  try {
    const auto parsed = json::parse(document);
    for (const auto& [name, field] : parsed.as_object()) out.emplace(std::string(name), read_field(field.as_object()));
  } catch (const std::exception& e) {
    throw std::runtime_error(std::string("the steps of retired fields cannot be read: ") + e.what());
  }
  return out;
}

}  // namespace coachd::pipeline
