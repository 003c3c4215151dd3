// The families of tests. Each family is one file that hands out its words: subjects that stand by themselves (`stage:`)
// and tests on a field (`real:`). registry.cpp lists the families; parse_condition reads a condition with them.
#pragma once

#include <span>
#include <string_view>

#include "rules/conditions/builder.hpp"

namespace coachd::rules {

/// A word of a condition map that is a test by itself. Null after an error (reported) or a switched-off name.
struct Subject {
  std::string_view word;
  TestPtr (*parse)(yaml::Node value, const model::Place& key, Builder& b);
};

/// A word beside `field: NAME`.
struct FieldTest {
  std::string_view word;
  TestPtr (*parse)(const Field& field, yaml::Node value, const model::Place& key, Builder& b);
};

[[nodiscard]] std::span<const FieldTest> text_tests();
[[nodiscard]] std::span<const FieldTest> compare_tests();
[[nodiscard]] std::span<const FieldTest> time_tests();
[[nodiscard]] std::span<const FieldTest> period_tests();
[[nodiscard]] std::span<const FieldTest> unchanged_tests();
[[nodiscard]] std::span<const FieldTest> changes_tests();
[[nodiscard]] std::span<const FieldTest> set_tests();
[[nodiscard]] std::span<const FieldTest> fact_tests();
[[nodiscard]] std::span<const Subject> stage_subjects();
[[nodiscard]] std::span<const Subject> outcome_subjects();
[[nodiscard]] std::span<const Subject> record_subjects();
[[nodiscard]] std::span<const Subject> activity_subjects();
[[nodiscard]] std::span<const Subject> review_subjects();

/// `related: OBJECT, count: {...}, where: CONDITION`: three words of one map, which is handed over. Null after an error
/// (reported) or a switched-off name.
[[nodiscard]] TestPtr parse_related(yaml::Node condition, Builder& b);
/// The words of parse_related.
[[nodiscard]] std::span<const std::string_view> related_words();

/// Every word that may stand in a condition map.
[[nodiscard]] std::span<const std::string_view> known_words();

/// Compiles a condition; null after an error or where a name is switched off here. `beside`: words of the same map that
/// are none of its own.
[[nodiscard]] TestPtr parse_condition(yaml::Node node, Builder& b, std::span<const std::string_view> beside = {});

}  // namespace coachd::rules
