// As much of JSON Schema 2020-12 as the schemas of coachd use, on YAML values: what an editor would say of a file.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>

#include "rules/yaml/reader.hpp"

namespace coachd::cli {

class Validator {
 public:
  explicit Validator(const boost::json::value& schema) : root_(schema) {}
  [[nodiscard]] bool valid(const yaml::Node& node) const { return check(root_, node); }

 private:
  using Node = yaml::Node;
  using Object = boost::json::object;

  // A plain scalar as YAML's core schema reads it.
  static std::string type_of(const Node& n) {
    if (n.is_map()) return "object";
    if (n.is_list()) return "array";
    const std::string t(n.text());
    if (n.quoted()) return "string";
    if (t.empty() || t == "null" || t == "~") return "null";
    if (t == "true" || t == "false") return "boolean";
    static const std::regex integer("[-+]?[0-9]+"), number("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    if (std::regex_match(t, integer)) return "integer";
    return std::regex_match(t, number) ? "number" : "string";
  }
  static bool is_type(const std::string& is, std::string_view wanted) {
    return is == wanted || (wanted == "number" && is == "integer");
  }
  static bool equals(const Node& n, const boost::json::value& v) {
    if (!n.is_scalar()) return false;
    if (v.is_string()) return type_of(n) == "string" && n.text() == std::string_view(v.as_string());
    return type_of(n) != "string" && n.text() == boost::json::serialize(v);
  }

  [[nodiscard]] bool check(const boost::json::value& schema, const Node& n) const {
    if (schema.is_bool()) return schema.as_bool();
    static const std::set<std::string_view> known{
        "$schema",       "$defs",         "$ref",          "title",       "description", "type",
        "properties",    "required",      "items",         "anyOf",       "enum",        "const",
        "pattern",       "minItems",      "minLength",     "minimum",     "oneOf",       "exclusiveMinimum",
        "minProperties", "maxProperties", "propertyNames", "uniqueItems", "format",      "additionalProperties"};
    for (const auto& [key, value] : schema.as_object()) {
      if (!known.contains(std::string_view(key))) throw std::runtime_error("not checked here: " + std::string(key));
      if (!holds(std::string_view(key), value, schema.as_object(), n)) return false;
    }
    return true;
  }

  [[nodiscard]] bool holds(std::string_view key, const boost::json::value& v, const Object& schema,
                           const Node& n) const {
    if (key == "$ref") return check(root_.at("$defs").at(std::string(v.as_string().subview(8))), n);
    if (key == "type") {
      const auto is = type_of(n);
      if (v.is_string()) return is_type(is, std::string_view(v.as_string()));
      for (const auto& one : v.as_array())
        if (is_type(is, std::string_view(one.as_string()))) return true;
      return false;
    }
    if (key == "anyOf") {
      for (const auto& one : v.as_array())
        if (check(one, n)) return true;
      return false;
    }
    if (key == "oneOf") {
      const auto& all = v.as_array();
      return std::count_if(all.begin(), all.end(), [&](const auto& one) { return check(one, n); }) == 1;
    }
    if (key == "enum") {
      for (const auto& one : v.as_array())
        if (equals(n, one)) return true;
      return false;
    }
    if (key == "const") return equals(n, v);
    if (key == "pattern")
      return type_of(n) != "string" || std::regex_search(std::string(n.text()), std::regex(std::string(v.as_string())));
    if (key == "minLength")
      return type_of(n) != "string" || n.text().size() >= static_cast<std::size_t>(v.to_number<int>());
    if (key == "minimum")
      return !is_type(type_of(n), "number") || std::stod(std::string(n.text())) >= v.to_number<double>();
    if (key == "exclusiveMinimum")
      return !is_type(type_of(n), "number") || std::stod(std::string(n.text())) > v.to_number<double>();
    if (n.is_list()) {
      const auto items = n.items();
      if (key == "minItems") return items.size() >= static_cast<std::size_t>(v.to_number<int>());
      if (key == "uniqueItems") {
        std::set<std::string> seen;
        for (const auto& i : items)
          if (i.is_scalar() && !seen.insert(std::string(i.text())).second) return false;
      }
      if (key == "items")
        for (const auto& i : items)
          if (!check(v, i)) return false;
    }
    if (n.is_map()) return of_map(key, v, schema, n);
    return true;
  }

  [[nodiscard]] bool of_map(std::string_view key, const boost::json::value& v, const Object& schema,
                            const Node& n) const {
    const auto entries = n.entries();
    if (key == "minProperties") return entries.size() >= static_cast<std::size_t>(v.to_number<int>());
    if (key == "maxProperties") return entries.size() <= static_cast<std::size_t>(v.to_number<int>());
    if (key == "required")
      for (const auto& name : v.as_array())
        if (!n.find(std::string_view(name.as_string()))) return false;
    if (key == "properties")
      for (const auto& [name, of] : v.as_object())
        if (const auto value = n.find(std::string_view(name)); value && !check(of, value)) return false;
    if (key == "propertyNames")
      for (const auto& [name, value] : entries)
        if (!std::regex_search(name, std::regex(std::string(v.at("pattern").as_string())))) return false;
    if (key == "additionalProperties") {
      const auto* properties = schema.if_contains("properties");
      for (const auto& [name, value] : entries)
        if ((properties == nullptr || !properties->as_object().contains(name)) && !check(v, value)) return false;
    }
    return true;
  }

  const boost::json::value& root_;
};

}  // namespace coachd::cli
