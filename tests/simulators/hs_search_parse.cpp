// The reading half of hs_search.hpp: a request's body, and the values in it.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_rest_parts.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/hs_search.hpp"
#include "tests/simulators/instants.hpp"

namespace coachd::sim {

std::string hs_lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::optional<double> hs_number(std::string_view text) {
  double n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

std::optional<double> hs_moment(std::string_view text) {
  if (const auto n = hs_number(text)) return n;
  if (const auto i = parse_instant(text)) return static_cast<double>(i->time_since_epoch().count()) * 1000;
  if (const auto d = parse_day(text)) return static_cast<double>(instant{*d}.time_since_epoch().count()) * 1000;
  return std::nullopt;
}

std::optional<double> hs_ordered(const hs_property& p, std::string_view text) {
  if (p.type == "datetime" || p.type == "date") return hs_moment(text);
  return p.type == "number" ? hs_number(text) : std::nullopt;
}

namespace {

namespace json = boost::json;

boost::system::result<hs_filter, hs_problem> read_filter(const json::object& o, const hs_object_def& object) {
  static constexpr std::array<std::string_view, 13> operators{"EQ",
                                                              "NEQ",
                                                              "LT",
                                                              "LTE",
                                                              "GT",
                                                              "GTE",
                                                              "BETWEEN",
                                                              "IN",
                                                              "NOT_IN",
                                                              "HAS_PROPERTY",
                                                              "NOT_HAS_PROPERTY",
                                                              "CONTAINS_TOKEN",
                                                              "NOT_CONTAINS_TOKEN"};
  hs_filter f;
  const auto name = hs_text(o, "propertyName");
  f.property = object.find(name);
  if (f.property == nullptr)
    return validation(fmt::format("There was a problem with the request. Property '{}' does not exist", name));
  f.op = hs_text(o, "operator");
  if (std::ranges::find(operators, f.op) == operators.end())
    return validation(
        fmt::format("Invalid input JSON: operator '{}' is not one of {}", f.op, fmt::join(operators, ", ")));
  if (f.op == "IN" || f.op == "NOT_IN") {
    const auto* values = o.if_contains("values");
    if (values == nullptr || !values->is_array()) return validation("values is required for operator " + f.op);
    for (const auto& v : values->get_array()) {
      if (v.is_string()) f.values.emplace_back(v.get_string());
    }
  } else if (f.op != "HAS_PROPERTY" && f.op != "NOT_HAS_PROPERTY") {
    if (!o.contains("value")) return validation("value is required for operator " + f.op);
    f.values.push_back(hs_text(o, "value"));
    if (f.op == "BETWEEN") {
      if (!o.contains("highValue")) return validation("highValue is required for operator BETWEEN");
      f.values.push_back(hs_text(o, "highValue"));
    }
  }
  const bool comparable =
      f.op == "LT" || f.op == "LTE" || f.op == "GT" || f.op == "GTE" || f.op == "BETWEEN" || f.op == "EQ";
  if (comparable && (f.property->type == "datetime" || f.property->type == "number")) {
    for (const auto& v : f.values) {
      if (!hs_ordered(*f.property, v))
        return validation(fmt::format("Failed to deserialize '{}' as a {} for property {}", v, f.property->type, name));
    }
  }
  return f;
}

}  // namespace

boost::system::result<hs_search, hs_problem> parse_search(std::string_view body, const hs_object_def& object) {
  boost::system::error_code bad;
  const auto parsed = json::parse(body.empty() ? "{}" : json::string_view{body.data(), body.size()}, bad);
  if (bad || !parsed.is_object()) return validation("Invalid input JSON on line 1, column 1");
  const auto& o = parsed.get_object();
  hs_search s;
  std::size_t filters = 0;
  if (const auto* groups = o.if_contains("filterGroups"); groups != nullptr && groups->is_array()) {
    if (groups->get_array().size() > 5) return validation("There were too many filterGroups (maximum is 5)");
    for (const auto& g : groups->get_array()) {
      const auto* list = g.is_object() ? g.get_object().if_contains("filters") : nullptr;
      if (list == nullptr || !list->is_array()) return validation("Invalid input JSON: filters is required");
      if (list->get_array().size() > 6)
        return validation("There were too many filters in a filterGroup (maximum is 6)");
      auto& group = s.groups.emplace_back();
      for (const auto& f : list->get_array()) {
        if (!f.is_object()) return validation("Invalid input JSON: a filter is an object");
        auto filter = read_filter(f.get_object(), object);
        if (!filter) return filter.error();
        group.push_back(std::move(*filter));
        ++filters;
      }
    }
  }
  if (filters > 18) return validation("There were too many filters (maximum is 18)");
  if (const auto* sorts = o.if_contains("sorts");
      sorts != nullptr && sorts->is_array() && !sorts->get_array().empty()) {
    if (sorts->get_array().size() > 1) return validation("Only one sort is allowed");
    const auto& first = sorts->get_array().front();
    const auto name = first.is_object()   ? hs_text(first.get_object(), "propertyName")
                      : first.is_string() ? std::string{first.get_string()}
                                          : "";
    s.sort = object.find(name);
    if (s.sort == nullptr) return validation(fmt::format("Cannot sort by property '{}': it does not exist", name));
    s.descending = first.is_object() && hs_text(first.get_object(), "direction") == "DESCENDING";
  }
  if (const auto* names = o.if_contains("properties"); names != nullptr && names->is_array()) {
    for (const auto& n : names->get_array()) {
      if (n.is_string()) s.properties.emplace_back(n.get_string());
    }
  }
  s.words = hs_lower(hs_text(o, "query"));
  if (s.words.size() > 3000) return validation("The query is too long (maximum is 3000 characters)");
  const auto limit = hs_number(o.contains("limit") ? hs_text(o, "limit") : "10");
  const auto after = hs_number(o.contains("after") ? hs_text(o, "after") : "0");
  if (!limit || *limit < 0 || *limit > 200) return validation("limit must be between 0 and 200");
  if (!after || *after < 0) return validation("after must be a number");
  s.limit = static_cast<std::size_t>(*limit);
  s.after = static_cast<std::size_t>(*after);
  if (s.after + s.limit > 10'000) {
    return validation(fmt::format(
        "The request is invalid: paging past 10000 results is not possible (after {}, limit {})", s.after, s.limit));
  }
  return s;
}

}  // namespace coachd::sim
