// How the parts of a test file are read: each reports its own mistake at its place and answers nothing then.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/testing/spec.hpp"

namespace coachd::app::rule_tests {

/// What all parts share while a file is read.
struct Reader {
  TestFile& file;
  yaml::Document& document;

  void error(std::string code, std::string message, const model::Place& at) {
    document.report(model::Severity::error, std::move(code), std::move(message), at);
  }
};

/// `2026-05-04T09:00:00Z`, or a date: its first instant in the file's zone.
[[nodiscard]] std::optional<model::Instant> moment(Reader& r, const yaml::Node& node, std::string_view what);
[[nodiscard]] std::optional<model::Instant> required_moment(Reader& r, yaml::MapReader& map, std::string_view key);
/// A value of a field; nothing for a map.
[[nodiscard]] std::optional<Raw> value(Reader& r, const yaml::Node& node, std::string_view field);
/// One of `words`; another is an error with the nearest.
[[nodiscard]] std::optional<std::size_t> one_of(Reader& r, const yaml::Node& node, std::string_view what,
                                                std::initializer_list<std::string_view> words);
/// A list of names, or one; each with its place.
[[nodiscard]] std::vector<Named> names(Reader& r, const yaml::Node& node, std::string_view what);
/// The items of a list; an error for all else that is there.
[[nodiscard]] std::vector<yaml::Node> list(Reader& r, const yaml::Node& node, std::string_view what,
                                           std::string_view example);
/// The entries of a map; an error for all else that is there.
[[nodiscard]] std::vector<std::pair<std::string, yaml::Node>> entries(Reader& r, const yaml::Node& node,
                                                                      std::string_view what, std::string_view example);
[[nodiscard]] Meetings meetings(Reader& r, const yaml::Node& node);
/// Who did it, under `by:`: a person of the test, or automation, integration or import. Empty: the owner.
[[nodiscard]] std::string read_author(Reader& r, yaml::MapReader& map);
/// `known_since`: of the case.
[[nodiscard]] rules::Evidence read_evidence(Reader& r, const yaml::Node& node,
                                            std::optional<model::Instant> known_since);
[[nodiscard]] StageAgesSaid read_stage_ages(Reader& r, const yaml::Node& node);
[[nodiscard]] std::vector<PromptCount> read_counts(Reader& r, const yaml::Node& node);
[[nodiscard]] std::optional<TestCase> test_case(Reader& r, const yaml::Node& node);

}  // namespace coachd::app::rule_tests
