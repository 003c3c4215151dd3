// The inside of a rule set: compiled tests, cards, criteria and texts. Seen by the engine and the loader only.
// Immutable.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/plan.hpp"
#include "rules/prompts/template.hpp"

namespace coachd::rules {

/// A rule as written under `rules:`.
struct PlainRule {
  std::vector<TestPtr> scope;  ///< the workflow's and the rule's `for`
  TestPtr when;
  TestPtr pause;  ///< null: nothing pauses it
};

/// `done_means` of one workflow.
struct Acceptance {
  struct Criterion {
    std::string id;
    Text say;  ///< may be empty: its check in words
    std::vector<TestPtr> scope;
    TestPtr check;
    TestPtr pause;
  };
  std::vector<TestPtr> scope;
  std::vector<Criterion> criteria;
};

/// A rule with `detect:`: no test on one record. It stands in ObjectPlan::detectors and is run by a DetectorRun.
struct DetectRule {
  std::vector<TestPtr> scope;
  TestPtr pause;
  const DetectorKind* kind = nullptr;
  Settings settings;
};

struct Exception {
  std::string record;
  std::optional<model::Day> until;  ///< last day; nothing: for good
};

/// The same record: also where a Salesforce id was written in its short form of 15 characters.
[[nodiscard]] inline bool is_record(std::string_view id, std::string_view written) noexcept {
  return id == written || (written.size() == 15 && id.size() == 18 && id.substr(0, 15) == written);
}

struct CompiledRule {
  std::variant<PlainRule, Card, Acceptance, DetectRule> body;
  std::vector<Exception> exceptions;
  /// Findings that this one silences on the same record: of a rule by its index; of a card all of its ids.
  std::vector<std::uint32_t> silences;
  Text say, ask, gives_back;
};

class StagePlan;

struct CompiledObject {
  Frame frame;
  std::vector<StateId> fact_states;           ///< parallel to ObjectPlan::facts
  std::shared_ptr<const StagePlan> by_stage;  ///< never null
};

class CompiledRules {
 public:
  std::vector<CompiledRule> rules;                             ///< parallel to RuleSet::rules
  std::map<std::string, CompiledObject, std::less<>> objects;  ///< by canonical object
};

/// A card and its index into the rule set.
struct CardOf {
  std::uint32_t rule = 0;
  const Card* card = nullptr;
};
/// The cards of an object that ask for a field; of one field only (by any of its names) unless `field` is empty.
[[nodiscard]] std::vector<CardOf> cards_about(const RuleSet& rules, const ObjectPlan& plan, std::string_view field);

/// The answer of one rule as the engine works with it: the verdict without its texts.
struct RuleAnswer {
  Truth finding = Truth::no;
  Card::Kind kind = Card::Kind::due;  ///< cards only
};
[[nodiscard]] RuleAnswer answer(const CompiledRule& rule, const View& v);
/// True where an exception of the rule names the record and has not ended.
[[nodiscard]] bool excepted(const CompiledRule& rule, const View& v);
/// The smallest of them; yes where there is none.
[[nodiscard]] Truth judge_all(const std::vector<TestPtr>& tests, const View& v);
[[nodiscard]] std::optional<model::Instant> since(const CompiledRule& rule, const RuleAnswer& a, const View& v);
[[nodiscard]] std::string missing(const CompiledRule& rule, const View& v);
/// The instants at which its answer may be another though no data changes.
void add_instants(const CompiledRule& rule, const View& v, std::vector<model::Instant>& out);
/// The verdict's full id; "" for a rule's own.
[[nodiscard]] std::string finding_id(const CompiledRule& rule, const RuleAnswer& a);
/// True where the criterion is asked and fails.
[[nodiscard]] Truth fails(const Acceptance::Criterion& c, const View& v);

}  // namespace coachd::rules
