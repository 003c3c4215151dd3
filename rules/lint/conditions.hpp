// Conditions as they are written, for lints: what they test, and what a blank field does to them. Inside of the lint
// room; pure.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/yaml/reader.hpp"

namespace coachd::lint {

/// One test of a condition.
struct Leaf {
  std::string field;  ///< of a test on a field; empty: a subject that stands by itself
  std::string word;   ///< `real`, `above`; of a subject its own (`stage`, `activity`)
  yaml::Node value;
  model::Place place;  ///< of the field's name, or of the subject
  bool positive = true;
};

/// Every test below a condition, those of segments too. Of related records nothing: they are about another object.
void each_leaf(const yaml::Node& root, const yaml::Node& condition, const std::function<void(const Leaf&)>& visit);

/// True for a test that holds because the field is blank (or no real answer): who prompts on it asks for the field.
[[nodiscard]] bool asks_for(const Leaf& leaf);

/// The first field whose being blank keeps the whole condition from holding; nothing where a blank keeps nothing away.
[[nodiscard]] std::optional<Leaf> hidden_by(const yaml::Node& root, const yaml::Node& condition);

/// Tests that must hold together with a test for which `wanted` answers true, for each such test of the condition.
void each_with_scope(const yaml::Node& root, const yaml::Node& condition, const std::vector<Leaf>& scope,
                     const std::function<bool(const Leaf&)>& wanted,
                     const std::function<void(const Leaf&, const std::vector<Leaf>&)>& visit);

/// Fields and subjects that it tests.
[[nodiscard]] std::set<std::string> topics(const yaml::Node& root, const yaml::Node& condition);

}  // namespace coachd::lint
