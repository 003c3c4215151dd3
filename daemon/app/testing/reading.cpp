#include "daemon/app/testing/reading.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/app/testing/spec.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}

bool is_null(const yaml::Node& n) {
  return n.kind() == yaml::Node::Kind::null && !n.quoted();
}

}  // namespace

std::optional<model::Instant> moment(Reader& r, const yaml::Node& node, std::string_view what) {
  if (!node) return std::nullopt;
  if (node.is_scalar()) {
    if (const auto day = model::parse_day(node.text())) return r.file.calendar.zone().start_of(*day);
    if (const auto at = model::parse_instant(node.text())) return at;
  }
  r.error("wrong-type", quoted(what) + " is a date (2026-05-04) or an instant with its zone (2026-05-04T09:00:00Z)",
          node.place());
  return std::nullopt;
}

std::optional<model::Instant> required_moment(Reader& r, yaml::MapReader& map, std::string_view key) {
  return moment(r, map.required(key), key);
}

std::optional<Raw> value(Reader& r, const yaml::Node& node, std::string_view field) {
  Raw out;
  out.place = node.place();
  if (node.is_scalar()) {
    out.null = is_null(node);
    if (!out.null) out.text = std::string(node.text());
    return out;
  }
  if (node.is_list()) {  // a multiple choice
    for (const auto& item : node.items()) {
      if (!item.is_scalar()) {
        r.error("wrong-type", quoted(field) + " takes a value, or a list of words where several are chosen",
                item.place());
        return std::nullopt;
      }
      if (!out.text.empty()) out.text += ';';
      out.text += item.text();
    }
    out.null = out.text.empty();
    return out;
  }
  r.error("wrong-type", quoted(field) + " takes a value, this is a map", node.place());
  return std::nullopt;
}

std::optional<std::size_t> one_of(Reader& r, const yaml::Node& node, std::string_view what,
                                  std::initializer_list<std::string_view> words) {
  if (!node) return std::nullopt;
  const auto it = node.is_scalar() ? std::find(words.begin(), words.end(), node.text()) : words.end();
  if (it != words.end()) return static_cast<std::size_t>(it - words.begin());
  const std::vector<std::string> known(words.begin(), words.end());
  std::string message = quoted(what) + " is one of";
  for (const auto& w : known) message += (&w == &known.front() ? " " : ", ") + w;
  if (node.is_scalar())
    if (const auto near = yaml::nearest(node.text(), known)) message += ": did you mean " + quoted(*near) + "?";
  r.error("unknown-word", std::move(message), node.place());
  return std::nullopt;
}

std::vector<Named> names(Reader& r, const yaml::Node& node, std::string_view what) {
  std::vector<Named> out;
  if (!node) return out;
  const auto one = [&](const yaml::Node& n) {
    if (n.is_scalar() && !n.text().empty())
      out.push_back({std::string(n.text()), n.place()});
    else
      r.error("wrong-type", quoted(what) + " is a name or a list of names", n.place());
  };
  if (node.is_list())
    for (const auto& item : node.items()) one(item);
  else
    one(node);
  return out;
}

std::vector<yaml::Node> list(Reader& r, const yaml::Node& node, std::string_view what, std::string_view example) {
  if (!node || is_null(node)) return {};
  if (node.is_list()) return node.items();
  r.error("wrong-type", quoted(what) + " is a list: " + quoted(example), node.place());
  return {};
}

std::vector<std::pair<std::string, yaml::Node>> entries(Reader& r, const yaml::Node& node, std::string_view what,
                                                        std::string_view example) {
  if (!node || is_null(node)) return {};
  if (node.is_map()) return node.entries();
  r.error("wrong-type", quoted(what) + " is a map: " + quoted(example), node.place());
  return {};
}

Meetings meetings(Reader& r, const yaml::Node& node) {
  Meetings out;
  const auto held = [&](const std::string& name, const std::string& manager, const yaml::Node& at) {
    for (const auto& one : at.is_list() ? at.items() : std::vector<yaml::Node>{at})
      if (const auto when = moment(r, one, name)) out[name][manager].push_back(*when);
  };
  for (const auto& [name, at] : entries(r, node, "meetings", "{forecast-call: 2026-04-30T13:00:00Z}")) {
    if (!at.is_map()) {
      held(name, "", at);
      continue;
    }
    for (const auto& [manager, when] : at.entries()) held(name, manager, when);  // one a manager
  }
  return out;
}

std::string read_author(Reader& r, yaml::MapReader& map) {
  const auto who = map.text("by");
  if (who) r.file.authors.push_back({*who, map.node().find("by").place()});
  return who.value_or("");
}

}  // namespace coachd::app::rule_tests
