#include "tests/simulators/hs_search.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
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

#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/instants.hpp"

namespace coachd::sim {
namespace {

namespace json = boost::json;

std::string lower(std::string_view text) {
  std::string out{text};
  std::ranges::transform(out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::optional<double> as_number(std::string_view text) {
  double n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return n;
}

// Milliseconds of an epoch text or of an ISO instant or day.
std::optional<double> as_moment(std::string_view text) {
  if (const auto n = as_number(text)) return n;
  if (const auto i = parse_instant(text)) return static_cast<double>(i->time_since_epoch().count()) * 1000;
  if (const auto d = parse_day(text)) return static_cast<double>(instant{*d}.time_since_epoch().count()) * 1000;
  return std::nullopt;
}

std::optional<double> ordered(const hs_property& p, std::string_view text) {
  if (p.type == "datetime" || p.type == "date") return as_moment(text);
  return p.type == "number" ? as_number(text) : std::nullopt;
}

int compare(const hs_property& p, const std::string& held, const std::string& asked) {
  const auto a = ordered(p, held);
  const auto b = ordered(p, asked);
  if (a && b) return *a < *b ? -1 : *a > *b ? 1 : 0;
  if (p.type == "enumeration") return held.compare(asked);
  return lower(held).compare(lower(asked));
}

bool has_token(const std::string& held, std::string_view asked) {
  auto token = lower(asked);
  const bool open_front = token.starts_with('*');
  const bool open_back = token.ends_with('*');
  std::erase(token, '*');
  const auto text = lower(held);
  const auto edge = [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0);
  };
  for (auto at = text.find(token); at != std::string::npos; at = text.find(token, at + 1)) {
    const auto end = at + token.size();
    if ((open_front || at == 0 || edge(text[at - 1])) && (open_back || end == text.size() || edge(text[end])))
      return true;
  }
  return false;
}

bool passes(const hs_filter& f, const hs_record& r, const hs_records& records) {
  std::string held;
  const bool there = records.append_text(held, r, *f.property) && !held.empty();
  const auto& op = f.op;
  if (op == "HAS_PROPERTY") return there;
  if (op == "NOT_HAS_PROPERTY") return !there;
  const auto equals = [&](const std::string& v) { return compare(*f.property, held, v) == 0; };
  // Lists of texts are matched against the text in lower case, so that a value with capitals never matches.
  const auto listed = [&] {
    return std::ranges::any_of(
        f.values, [&](const std::string& v) { return f.property->type == "string" ? lower(held) == v : equals(v); });
  };
  if (op == "NEQ") return !there || !equals(f.values[0]);
  if (op == "NOT_IN") return !there || !listed();
  if (op == "NOT_CONTAINS_TOKEN") return !there || !has_token(held, f.values[0]);
  if (!there) return false;
  if (op == "EQ") return equals(f.values[0]);
  if (op == "IN") return listed();
  if (op == "CONTAINS_TOKEN") return has_token(held, f.values[0]);
  const int sign = compare(*f.property, held, f.values[0]);
  if (op == "LT") return sign < 0;
  if (op == "LTE") return sign <= 0;
  if (op == "GT") return sign > 0;
  if (op == "GTE") return sign >= 0;
  return sign >= 0 && compare(*f.property, held, f.values[1]) <= 0;  // BETWEEN
}

std::optional<std::string> text_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) return std::nullopt;
  if (v->is_string()) return std::string{v->get_string()};
  if (v->is_int64()) return fmt::to_string(v->get_int64());
  if (v->is_double()) return fmt::to_string(v->get_double());
  if (v->is_bool()) return v->get_bool() ? "true" : "false";
  return std::nullopt;
}

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
  const auto name = text_of(o, "propertyName").value_or("");
  f.property = object.find(name);
  if (f.property == nullptr)
    return validation(fmt::format("There was a problem with the request. Property '{}' does not exist", name));
  f.op = text_of(o, "operator").value_or("");
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
    const auto value = text_of(o, "value");
    if (!value) return validation("value is required for operator " + f.op);
    f.values.push_back(*value);
    if (f.op == "BETWEEN") {
      const auto high = text_of(o, "highValue");
      if (!high) return validation("highValue is required for operator BETWEEN");
      f.values.push_back(*high);
    }
  }
  const bool comparable =
      f.op == "LT" || f.op == "LTE" || f.op == "GT" || f.op == "GTE" || f.op == "BETWEEN" || f.op == "EQ";
  if (comparable && (f.property->type == "datetime" || f.property->type == "number")) {
    for (const auto& v : f.values) {
      if (!ordered(*f.property, v))
        return validation(fmt::format("Failed to deserialize '{}' as a {} for property {}", v, f.property->type, name));
    }
  }
  return f;
}

// The narrowest span of the modified date that every group asks for; wider spans are left to the filters.
std::pair<std::optional<instant>, std::optional<instant>> span(const hs_search& search, const hs_property* modified) {
  if (search.groups.size() != 1) return {};
  std::optional<instant> from;
  std::optional<instant> to;
  const auto floor_of = [](double ms) { return instant{std::chrono::seconds{static_cast<std::int64_t>(ms / 1000)}}; };
  for (const auto& f : search.groups.front()) {
    if (f.property != modified || f.values.empty()) continue;
    const auto first = as_moment(f.values[0]);
    if (!first) continue;
    if (f.op == "GT" || f.op == "GTE" || f.op == "EQ" || f.op == "BETWEEN")
      from = std::max(from.value_or(instant::min()), floor_of(*first));
    if (f.op == "LT" || f.op == "LTE" || f.op == "EQ") to = std::min(to.value_or(instant::max()), floor_of(*first));
    if (const auto high = f.op == "BETWEEN" ? as_moment(f.values[1]) : std::nullopt)
      to = std::min(to.value_or(instant::max()), floor_of(*high));
  }
  return {from, to};
}

void order(std::vector<hs_record>& found, const hs_search& search, const hs_property* modified,
           const hs_records& records) {
  const auto* by = search.sort;
  if (by == modified) {
    if (search.descending) std::ranges::reverse(found);
    return;
  }
  struct keyed {
    std::optional<double> number;
    std::string text;
    hs_record record;
  };
  std::vector<keyed> keys;
  keys.reserve(found.size());
  for (const auto& r : found) {
    keyed k{std::nullopt, {}, r};
    if (by == nullptr || by->source == hs_source::id) {  // the oldest first when nothing is asked for
      k.number = static_cast<double>(r.n);
    } else {
      records.append_text(k.text, r, *by);
      k.number = ordered(*by, k.text);
    }
    keys.push_back(std::move(k));
  }
  std::ranges::sort(keys, [&](const keyed& a, const keyed& b) {
    if (a.number != b.number) return search.descending ? b.number < a.number : a.number < b.number;
    if (a.text != b.text) return search.descending ? b.text < a.text : a.text < b.text;
    return a.record.n < b.record.n;
  });
  std::ranges::transform(keys, found.begin(), &keyed::record);
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
    const auto name = first.is_object()   ? text_of(first.get_object(), "propertyName").value_or("")
                      : first.is_string() ? std::string{first.get_string()}
                                          : "";
    s.sort = object.find(name);
    if (s.sort == nullptr) return validation(fmt::format("Cannot sort by property '{}': it does not exist", name));
    s.descending = first.is_object() && text_of(first.get_object(), "direction").value_or("") == "DESCENDING";
  }
  if (const auto* names = o.if_contains("properties"); names != nullptr && names->is_array()) {
    for (const auto& n : names->get_array()) {
      if (n.is_string()) s.properties.emplace_back(n.get_string());
    }
  }
  s.words = lower(text_of(o, "query").value_or(""));
  if (s.words.size() > 3000) return validation("The query is too long (maximum is 3000 characters)");
  const auto limit = as_number(text_of(o, "limit").value_or("10"));
  const auto after = as_number(text_of(o, "after").value_or("0"));
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

hs_found run_search(const hs_search& search, const hs_object_def& object, const hs_records& records,
                    const hs_index& index, instant now) {
  const auto* modified = object.find(object.modified);
  const auto [from, to] = span(search, modified);
  auto found = index.modified_between(object.object, from, to, now);
  std::erase_if(found, [&](const hs_record& r) {
    const auto all = [&](const std::vector<hs_filter>& group) {
      return std::ranges::all_of(group, [&](const hs_filter& f) { return passes(f, r, records); });
    };
    if (!search.groups.empty() && std::ranges::none_of(search.groups, all)) return true;
    if (search.words.empty()) return false;
    return std::ranges::none_of(object.properties, [&](const hs_property& p) {
      std::string text;
      return p.source == hs_source::text && records.append_text(text, r, p) &&
             lower(text).find(search.words) != std::string::npos;
    });
  });
  order(found, search, modified, records);
  hs_found out;
  out.total = found.size();
  const auto first = std::min(search.after, found.size());
  const auto last = std::min(first + search.limit, found.size());
  out.page.assign(found.begin() + static_cast<std::ptrdiff_t>(first),
                  found.begin() + static_cast<std::ptrdiff_t>(last));
  return out;
}

}  // namespace coachd::sim
