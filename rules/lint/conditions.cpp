#include "rules/lint/conditions.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/yaml/reader.hpp"

namespace coachd::lint {
namespace {

constexpr std::size_t deepest = 40;  // of segments that name segments: the loader speaks of circles

// The tests that stand beside each other in one map, and the conditions nested in it.
struct Level {
  std::vector<Leaf> leaves;
  std::vector<std::pair<bool, std::vector<yaml::Node>>> groups;  // true: all of them must hold; as if not negated
  std::vector<yaml::Node> negated;
};

Level level(const yaml::Node& root, const yaml::Node& condition, bool positive) {
  Level out;
  const auto field = condition.find("field");
  const bool related = static_cast<bool>(condition.find("related"));
  for (const auto& [key, value] : condition.entries()) {
    if (key == "field") continue;
    if (key == "all" || key == "any") {
      out.groups.emplace_back(key == "all", value.items());
    } else if (key == "not") {
      out.negated.push_back(value);
    } else if (key == "segment") {
      if (const auto named = root.find("segments").find(value.text()))
        out.groups.emplace_back(true, std::vector{named});
    } else if (!related || (key != "count" && key != "where")) {
      static constexpr std::array<std::string_view, 13> subjects = {
          "stage",    "stage_age", "open",     "won",         "lost", "activity", "next_activity",
          "reviewed", "owner",     "pipeline", "record_type", "age",  "related"};
      const bool subject = std::find(subjects.begin(), subjects.end(), key) != subjects.end();
      out.leaves.push_back({subject || !field ? std::string{} : std::string(field.text()), key, value,
                            subject || !field ? condition.key_place(key) : field.place(), positive});
    }
  }
  return out;
}

void walk(const yaml::Node& root, const yaml::Node& condition, bool positive, std::size_t depth,
          const std::function<void(const Leaf&)>& visit) {
  if (depth > deepest || !condition.is_map()) return;
  const auto l = level(root, condition, positive);
  for (const auto& leaf : l.leaves) visit(leaf);
  for (const auto& [all, items] : l.groups)
    for (const auto& item : items) walk(root, item, positive, depth + 1, visit);
  for (const auto& item : l.negated) walk(root, item, !positive, depth + 1, visit);
}

bool is_false(const yaml::Node& n) {
  return n.text() == "false";
}

// What the test says of a blank field, as long as it says anything of its value.
std::optional<bool> on_blank(const Leaf& leaf) {
  static constexpr std::array<std::string_view, 18> of_value = {"is",
                                                                "in",
                                                                "above",
                                                                "at_least",
                                                                "below",
                                                                "at_most",
                                                                "before",
                                                                "after",
                                                                "on_or_before",
                                                                "on_or_after",
                                                                "older_than",
                                                                "newer_than",
                                                                "in_period",
                                                                "contains",
                                                                "matches",
                                                                "times_owner_mean",
                                                                "same_on_other_open_record_of_owner",
                                                                "moved_later"};
  if (leaf.field.empty()) return std::nullopt;
  if (leaf.word == "filled" || leaf.word == "real" || leaf.word == "placeholder") return is_false(leaf.value);
  if (leaf.word == "is_not" || leaf.word == "not_in") return true;
  if (std::find(of_value.begin(), of_value.end(), leaf.word) == of_value.end()) return std::nullopt;
  if (leaf.word == "is" && (leaf.value.text() == "true" || is_false(leaf.value)))
    return std::nullopt;  // a checkbox is never blank
  return false;
}

std::optional<Leaf> hidden(const yaml::Node& root, const yaml::Node& condition, bool positive, std::size_t depth) {
  if (depth > deepest || !condition.is_map()) return std::nullopt;
  const auto l = level(root, condition, positive);
  std::vector<std::optional<Leaf>> parts;  // each may keep the record away
  for (const auto& leaf : l.leaves) {
    const auto answer = on_blank(leaf);
    parts.push_back(answer && *answer != positive ? std::optional(leaf) : std::nullopt);
  }
  const auto combine = [](const std::vector<std::optional<Leaf>>& of, bool one_is_enough) -> std::optional<Leaf> {
    std::optional<Leaf> first;
    for (const auto& p : of) {
      if (p && one_is_enough) return p;
      if (!p && !one_is_enough) return std::nullopt;
      if (p && !first) first = p;
    }
    return one_is_enough ? std::nullopt : first;
  };
  for (const auto& [all, items] : l.groups) {
    std::vector<std::optional<Leaf>> inner;
    for (const auto& item : items) inner.push_back(hidden(root, item, positive, depth + 1));
    parts.push_back(combine(inner, all == positive));
  }
  for (const auto& item : l.negated) parts.push_back(hidden(root, item, !positive, depth + 1));
  return combine(parts, positive);
}

void scoped(const yaml::Node& root, const yaml::Node& condition, std::vector<Leaf> scope, std::size_t depth,
            const std::function<bool(const Leaf&)>& wanted,
            const std::function<void(const Leaf&, const std::vector<Leaf>&)>& visit) {
  if (depth > deepest || !condition.is_map()) return;
  std::vector<yaml::Node> together{condition}, alternatives;
  std::vector<Leaf> here;
  for (std::size_t i = 0; i < together.size() && i < 1000; ++i) {
    const auto node = together[i];  // by value: the list grows
    const auto l = level(root, node, true);
    here.insert(here.end(), l.leaves.begin(), l.leaves.end());
    for (const auto& [all, items] : l.groups)
      for (const auto& item : items) (all || items.size() == 1 ? together : alternatives).push_back(item);
  }
  scope.insert(scope.end(), here.begin(), here.end());
  for (const auto& leaf : here)
    if (wanted(leaf)) visit(leaf, scope);
  for (const auto& item : alternatives) scoped(root, item, scope, depth + 1, wanted, visit);
}

}  // namespace

void each_leaf(const yaml::Node& root, const yaml::Node& condition, const std::function<void(const Leaf&)>& visit) {
  walk(root, condition, true, 0, visit);
}

bool asks_for(const Leaf& leaf) {
  if (leaf.field.empty()) return false;
  if (leaf.word == "placeholder") return is_false(leaf.value) != leaf.positive;
  if (leaf.word == "filled" || leaf.word == "real") return is_false(leaf.value) == leaf.positive;
  return false;
}

std::optional<Leaf> hidden_by(const yaml::Node& root, const yaml::Node& condition) {
  return hidden(root, condition, true, 0);
}

void each_with_scope(const yaml::Node& root, const yaml::Node& condition, const std::vector<Leaf>& scope,
                     const std::function<bool(const Leaf&)>& wanted,
                     const std::function<void(const Leaf&, const std::vector<Leaf>&)>& visit) {
  scoped(root, condition, scope, 0, wanted, visit);
}

std::set<std::string> topics(const yaml::Node& root, const yaml::Node& condition) {
  std::set<std::string> out;
  each_leaf(root, condition, [&](const Leaf& leaf) { out.insert(leaf.field.empty() ? leaf.word : leaf.field); });
  return out;
}

}  // namespace coachd::lint
