#include "connectors/salesforce/wire.hpp"

#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <span>
#include <string_view>

#include "connectors/salesforce/ids.hpp"

namespace coachd::salesforce {

namespace json = boost::json;

namespace {

constexpr std::array<Route, 11> table{{
    {"POST", "/services/oauth2/token", false},
    {"GET", "/services/data/v{v}/query", false},
    {"GET", "/services/data/v{v}/queryAll", false},
    {"GET", "/services/data/v{v}/sobjects/{object}/describe", false},
    {"GET", "/services/data/v{v}/sobjects/{object}/describe/layouts", false},
    {"GET", "/services/data/v{v}/sobjects/{object}/describe/layouts/{object}", false},
    {"GET", "/services/data/v{v}/tooling/query", false},
    {"GET", "/services/data/v{v}/sobjects/EventLogFile/{object}/LogFile", false},
    {"POST", "/services/data/v{v}/composite/sobjects", true},
    {"PATCH", "/services/data/v{v}/composite/sobjects", true},
    {"DELETE", "/services/data/v{v}/composite/sobjects", true},
}};

[[nodiscard]] std::size_t span_of(std::string_view text, std::string_view allowed) {
  const auto end = text.find_first_not_of(allowed);
  return end == std::string_view::npos ? text.size() : end;
}

[[nodiscard]] bool matches(std::string_view pattern, std::string_view path) {
  static constexpr std::string_view version = "0123456789.";
  static constexpr std::string_view name = "0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  while (!pattern.empty()) {
    if (pattern.front() != '{') {
      if (path.empty() || path.front() != pattern.front()) return false;
      pattern.remove_prefix(1);
      path.remove_prefix(1);
      continue;
    }
    const std::size_t taken = span_of(path, pattern.starts_with("{v}") ? version : name);
    if (taken == 0) return false;
    path.remove_prefix(taken);
    pattern.remove_prefix(pattern.find('}') + 1);
  }
  return path.empty();
}

[[nodiscard]] bool is_task_id(std::string_view id) {
  return is_id(id) && id.starts_with("00T");
}

/// {"allOrNone":..,"records":[{"attributes":{"type":"Task"},["id":"00T.."],..},..]} and nothing else.
[[nodiscard]] bool only_tasks_in_body(std::string_view body, bool with_ids) {
  boost::system::error_code error;
  const json::value document = json::parse(body, error);
  if (error || !document.is_object()) return false;
  const json::value* const records = document.get_object().if_contains("records");
  if (records == nullptr || !records->is_array() || records->get_array().empty()) return false;
  for (const json::value& record : records->get_array()) {
    if (!record.is_object()) return false;
    const json::value* const attributes = record.get_object().if_contains("attributes");
    if (attributes == nullptr || !attributes->is_object()) return false;
    const json::value* const type = attributes->get_object().if_contains("type");
    if (type == nullptr || !type->is_string() || type->get_string() != "Task") return false;
    const json::value* id = record.get_object().if_contains("id");
    if (record.get_object().if_contains("Id") != nullptr) return false;  // one spelling, so that none slips by
    if (with_ids != (id != nullptr)) return false;
    if (id != nullptr && (!id->is_string() || !is_task_id(std::string_view(id->get_string())))) return false;
  }
  return true;
}

/// `ids=00T..,00T..&allOrNone=false`
[[nodiscard]] bool only_task_ids(std::string_view query) {
  if (!query.starts_with("ids=")) return false;
  query.remove_prefix(4);
  const auto end = query.find('&');
  if (end != std::string_view::npos && query.substr(end) != "&allOrNone=false") return false;
  query = query.substr(0, end);
  for (;;) {
    const auto comma = query.find(',');
    if (!is_task_id(query.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    query.remove_prefix(comma + 1);
  }
}

}  // namespace

std::span<const Route> routes() {
  return table;
}

const Route* permitted(std::string_view method, std::string_view target, std::string_view body) {
  const auto mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  const std::string_view query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  for (const Route& route : table) {
    if (route.method != method || !matches(route.pattern, path)) continue;
    if (!route.writes) return &route;
    if (method == "DELETE") return only_task_ids(query) && body.empty() ? &route : nullptr;
    return query.empty() && only_tasks_in_body(body, method == "PATCH") ? &route : nullptr;
  }
  return nullptr;
}

}  // namespace coachd::salesforce
