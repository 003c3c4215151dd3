#include "connectors/hubspot/wire.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace coachd::hubspot {

namespace json = boost::json;

namespace {

constexpr std::array<Route, 17> table{{
    {Op::account, "GET", "/account-info/v3/details", "/account-info/{v}/details"},
    {Op::logins, "GET", "/account-info/v3/activity/login", "/account-info/{v}/activity/login"},
    {Op::security, "GET", "/account-info/v3/activity/security", "/account-info/{v}/activity/security"},
    {Op::owners, "GET", "/crm/v3/owners", "/crm/owners/{v}"},
    {Op::properties, "GET", "/crm/v3/properties/{}", "/crm/properties/{v}/{}"},
    {Op::pipelines, "GET", "/crm/v3/pipelines/{}", "/crm/pipelines/{v}/{}"},
    {Op::schema, "GET", "/crm-object-schemas/v3/schemas/{}", "/crm-object-schemas/{v}/schemas/{}"},
    {Op::list, "GET", "/crm/v3/objects/{}", "/crm/objects/{v}/{}"},
    {Op::batch_read, "POST", "/crm/v3/objects/{}/batch/read", "/crm/objects/{v}/{}/batch/read"},
    {Op::search, "POST", "/crm/v3/objects/{}/search", "/crm/objects/{v}/{}/search"},
    {Op::associations_read, "POST", "/crm/v4/associations/{}/{}/batch/read", "/crm/associations/{v}/{}/{}/batch/read"},
    {Op::task_create, "POST", "/crm/v3/objects/tasks/batch/create", "/crm/objects/{v}/tasks/batch/create", true},
    {Op::task_update, "POST", "/crm/v3/objects/tasks/batch/update", "/crm/objects/{v}/tasks/batch/update", true},
    {Op::task_archive, "POST", "/crm/v3/objects/tasks/batch/archive", "/crm/objects/{v}/tasks/batch/archive", true},
    {Op::property, "GET", "/crm/v3/properties/{}/{}", "/crm/properties/{v}/{}/{}"},
    {Op::property_show, "PATCH", "/crm/v3/properties/{}/{}", "/crm/properties/{v}/{}/{}", true},
    {Op::property_archive, "DELETE", "/crm/v3/properties/{}/{}", "/crm/properties/{v}/{}/{}", true},
}};

constexpr std::array<std::string_view, 3> versions{"v3", "2026-03", "2026-09"};

[[nodiscard]] bool consists_of(std::string_view text, bool (*allowed)(char)) noexcept {
  return !text.empty() && text.size() <= 120 && std::all_of(text.begin(), text.end(), allowed);
}
[[nodiscard]] constexpr bool digit(char c) noexcept {
  return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool lower(char c) noexcept {
  return c >= 'a' && c <= 'z';
}

[[nodiscard]] bool matches(std::string_view pattern, std::string_view version, std::string_view path) {
  while (!pattern.empty()) {
    if (pattern.starts_with("{v}")) {
      if (!path.starts_with(version)) return false;
      path.remove_prefix(version.size());
      pattern.remove_prefix(3);
    } else if (pattern.starts_with("{}")) {
      const std::string_view part = path.substr(0, path.find('/'));
      if (!is_part(part)) return false;
      path.remove_prefix(part.size());
      pattern.remove_prefix(2);
    } else {
      if (path.empty() || path.front() != pattern.front()) return false;
      path.remove_prefix(1);
      pattern.remove_prefix(1);
    }
  }
  return path.empty();
}

[[nodiscard]] bool only_known(const json::object& object, std::initializer_list<std::string_view> keys) {
  return std::all_of(object.begin(), object.end(), [&](const auto& entry) {
    return std::find(keys.begin(), keys.end(), std::string_view(entry.key())) != keys.end();
  });
}

[[nodiscard]] bool is_task(const json::object& input, Op op) {
  const json::value* const id = input.if_contains("id");
  if ((op == Op::task_update || op == Op::task_archive) &&
      (id == nullptr || !id->is_string() || !is_id(std::string_view(id->get_string()))))
    return false;
  if (op == Op::task_archive) return only_known(input, {"id"});
  const json::value* const properties = input.if_contains("properties");
  if (properties == nullptr || !properties->is_object() ||
      !only_known(properties->get_object(), {"hs_timestamp", "hs_task_subject", "hs_task_body", "hs_task_status",
                                             "hs_task_type", "hubspot_owner_id", "coachd_key"}))
    return false;
  if (op == Op::task_create) return only_known(input, {"objectWriteTraceId", "properties", "associations"});
  return only_known(input, {"id", "objectWriteTraceId", "properties"});
}

[[nodiscard]] bool only_tasks(std::string_view body, Op op) {
  boost::system::error_code error;
  const json::value document = json::parse(body, error);
  if (error || !document.is_object() || !only_known(document.get_object(), {"inputs"})) return false;
  const json::value* const inputs = document.get_object().if_contains("inputs");
  if (inputs == nullptr || !inputs->is_array() || inputs->get_array().empty()) return false;
  return std::all_of(inputs->get_array().begin(), inputs->get_array().end(),
                     [&](const json::value& input) { return input.is_object() && is_task(input.get_object(), op); });
}

// `{"hidden": true}` or false: what a field means, and its values, are nobody's to write.
[[nodiscard]] bool only_hidden(std::string_view body) {
  boost::system::error_code error;
  const json::value document = json::parse(body, error);
  if (error || !document.is_object() || document.get_object().size() != 1) return false;
  const json::value* const hidden = document.get_object().if_contains("hidden");
  return hidden != nullptr && hidden->is_bool();
}

}  // namespace

bool is_part(std::string_view text) noexcept {
  return consists_of(text, [](char c) { return lower(c) || digit(c) || c == '_' || c == '-'; });
}

bool is_custom_object(std::string_view name) noexcept {
  if (name.starts_with("2-")) return is_id(name.substr(2));
  const auto end = name.find('_');
  return name.starts_with('p') && end != std::string_view::npos && (end == 1 || is_id(name.substr(1, end - 1)));
}

bool is_id(std::string_view text) noexcept {
  return text.size() <= 19 && consists_of(text, digit);
}

bool is_property(std::string_view text) noexcept {
  return consists_of(text, [](char c) { return lower(c) || digit(c) || c == '_' || (c >= 'A' && c <= 'Z'); });
}

std::span<const Route> routes() {
  return table;
}

const Route& route_of(Op op) {
  return *std::find_if(table.begin(), table.end(), [&](const Route& route) { return route.op == op; });
}

std::string path_of(Op op, std::string_view version, std::initializer_list<std::string_view> parts) {
  const Route& route = route_of(op);
  std::string_view pattern = version == "v3" ? route.v3 : route.dated;
  std::string path;
  const auto* part = parts.begin();
  while (!pattern.empty()) {
    if (pattern.starts_with("{v}")) {
      path += version;
      pattern.remove_prefix(3);
    } else if (pattern.starts_with("{}") && part != parts.end()) {
      path += *part++;
      pattern.remove_prefix(2);
    } else {
      path += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return path;
}

const Route* permitted(std::string_view method, std::string_view target, std::string_view body) {
  const auto mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  for (const Route& route : table) {
    if (route.method != method) continue;
    const bool fits = std::any_of(versions.begin(), versions.end(), [&](std::string_view version) {
      return matches(version == "v3" ? route.v3 : route.dated, version, path);
    });
    if (!fits) continue;
    if (!route.writes) return &route;
    if (mark != std::string_view::npos) return nullptr;
    if (route.op == Op::property_archive) return body.empty() ? &route : nullptr;
    if (route.op == Op::property_show) return only_hidden(body) ? &route : nullptr;
    return only_tasks(body, route.op) ? &route : nullptr;
  }
  return nullptr;
}

}  // namespace coachd::hubspot
