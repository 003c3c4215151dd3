// What a *.test.yaml says, as it was written: values are still texts, instants are read in the file's zone. Plain
// values, but for the document that stays for errors found later.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/coaching/budget.hpp"
#include "rules/calendar/calendar.hpp"
#include "rules/conditions/case.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {

/// A value of a field; a list of words is one text with `;` between them, as CRMs keep multiple choices.
struct Raw {
  std::string text;
  bool null = false;
  model::Place place;
};
using RawFields = std::map<std::string, Raw>;  ///< one step up is a dot: `account.health_score`

struct HistoryLine {
  std::string field;
  std::optional<Raw> from;  ///< nothing: what the line before it set, else unknown
  Raw to;
  model::Instant at{};
  std::string by;  ///< empty: the owner's own
  model::Place place;
};

struct ActivityLine {
  rules::Activity::Kind kind = rules::Activity::Kind::call;
  rules::Activity::On on = rules::Activity::On::record;
  model::Instant at{};
  std::string by;            ///< empty: the owner
  std::optional<bool> done;  ///< nothing: where its time has come at the moment that tells of it
};

struct ReviewLine {
  model::Instant at{};
  std::string by;
};

struct RelatedRecord {
  std::string id;
  RawFields fields;
  std::optional<model::Instant> created;
};

/// By time; lines of one instant keep their order.
template <class Lines>
void sort_by_time(Lines& lines) {
  const auto later = [](const auto& a, const auto& b) { return a.at < b.at; };
  for (auto it = lines.begin(); it != lines.end(); ++it)
    std::rotate(std::upper_bound(lines.begin(), it, *it, later), it, std::next(it));
}

/// What is new about a record: at the beginning of a case all of it, later what a step adds.
struct Events {
  std::vector<HistoryLine> history;
  std::vector<ActivityLine> activities;
  bool says_activities = false;  ///< also that there were none
  std::vector<ReviewLine> reviews;
  std::optional<std::map<std::string, std::vector<RelatedRecord>>> related;
};

struct Subject {
  std::string id;
  RawFields fields;
  std::optional<model::Instant> created, modified, known_since;
  std::string created_by;
  Events events;
  /// Names that cannot be read: fields, related objects, `history`, `activities`, `reviews`.
  std::vector<Raw> unread;
  model::Place place;
};

/// A name of a rule or finding, with its place.
struct Named {
  std::string name;
  model::Place place;
};

struct Expectations {
  std::optional<std::vector<Named>> findings;
  std::optional<std::vector<Named>> others;
  std::optional<std::vector<Named>> untold;
  struct Prompt {
    Named finding;
    std::vector<std::string> contains;
  };
  std::vector<Prompt> prompts;
  [[nodiscard]] bool any() const noexcept { return findings || others || untold || !prompts.empty(); }
};

/// How many prompts a person gets.
struct PromptCount {
  Named person;
  std::optional<int> per_day, per_week;
};

/// When meetings were held: name -> manager ("" where there is not one a manager).
using Meetings = std::map<std::string, std::map<std::string, std::vector<model::Instant>>>;
/// Pipeline ("" where there is one) and stage -> how long won records stood in it, ascending.
using StageAgesSaid = std::map<std::pair<std::string, std::string>, std::vector<std::chrono::seconds>>;

struct Step {
  model::Instant at{};
  model::Place place;
  RawFields set;
  std::string by;  ///< who sets; empty: the owner
  Events events;
  Meetings meetings;
  Expectations expect;
};

struct TestCase {
  std::string name;
  model::Place place;
  std::string object;  ///< empty: the file's
  std::optional<model::Instant> now;
  Subject record;
  std::vector<Subject> others;
  Meetings meetings;
  rules::Evidence evidence;
  Expectations expect;
  std::vector<PromptCount> prompts;
  std::vector<Step> then;
};

/// What a test says of a field itself.
struct FieldSaid {
  model::FieldType type = model::FieldType::unknown;
  std::string label;
  bool required = false;  ///< the CRM refuses a save without it
  std::vector<model::Option> options;
};

struct TestFile {
  std::unique_ptr<yaml::Document> document;  ///< never null
  std::vector<Named> rules;                  ///< paths as written
  std::string object;                        ///< empty: what the rules are about
  model::Instant now{};
  calendar::Calendar calendar;
  std::vector<model::Pipeline> pipelines;
  /// pipeline ("" = any) -> milestone -> stages
  std::map<std::string, std::map<std::string, std::vector<std::string>>> milestones;
  std::map<std::string, model::Person, std::less<>> people;
  std::vector<std::string> integration_users;
  Meetings meetings;
  StageAgesSaid stage_ages;
  std::map<std::string, FieldSaid> fields;
  std::vector<Named> authors;  ///< whoever is named under `by:`
  std::string currency;
  coaching::NoiseBudget budget;
  std::vector<TestCase> cases;
  std::vector<PromptCount> prompts;  ///< over all cases together

  [[nodiscard]] bool broken() const;
  void error(std::string code, std::string message, const model::Place& at);
  void warn(std::string code, std::string message, const model::Place& at);
};

/// Mistakes stand in the document.
[[nodiscard]] TestFile read_test(const std::string& path, std::string text);

}  // namespace coachd::app::rule_tests
