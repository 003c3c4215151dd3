// What a set of rule files is after loading, for one connection: per object the fields to read, the facts to keep and
// the compiled rules. Immutable; shared between threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::rules {

/// A field of the record one step up, such as `account.health_score`: read of that record, whose change is the child's.
struct ParentField {
  std::string object;   ///< canonical; it has a plan
  Slot slot = no_slot;  ///< in that plan
};

/// A field that rules name, or rest on.
struct SlotInfo {
  std::string name;      ///< canonical, or as the rules wrote it
  std::string crm_name;  ///< the connection's own name: what the connector is asked for
  std::string label;     ///< as people see it in the CRM
  model::FieldType type = model::FieldType::unknown;
  bool needs_history = false;
  bool governed = false;                           ///< a card governs the field
  bool required = false;                           ///< the CRM refuses a save without it
  std::vector<model::Requirement> required_where;  ///< beside `required`: by layouts and validation rules
  std::vector<std::string> options;                ///< labels of a choice
  std::optional<ParentField> parent;               ///< nothing: a field of the record itself
};

/// A value about other records that a test names. The host keeps it per owner.
struct FactSpec {
  enum class Kind : std::uint8_t { owner_mean, same_text };
  Kind kind = Kind::owner_mean;
  Slot field = no_slot;
  std::string key;  ///< stable name of the fact: `owner_mean:amount`; part of keys in the store
  /// owner_mean: each `times_owner_mean: {above: X, at_least: N}`; the hosts derive from them which records a new mean
  /// flips.
  struct MeanTest {
    double above = 0;
    std::int64_t at_least = 1;
    auto operator<=>(const MeanTest&) const = default;
  };
  std::vector<MeanTest> mean_tests;
};

/// What one record puts into a fact: nothing while it is closed, without owner, or its value does not count.
struct Contribution {
  std::string owner;
  double value = 0;             ///< owner_mean
  std::uint64_t text_hash = 0;  ///< same_text: fold_hash of the real text
};

/// Who a rule's prompt goes to.
struct Recipient {
  enum class Kind : std::uint8_t { owner, owner_manager, field, job, person, definition_owner };
  Kind kind = Kind::owner;
  std::string name;  ///< field, job or e-mail
};

enum class Step : std::uint8_t { flag, queue, packet, prompt };

/// What the hall and the commands must know of a rule; its tests stay inside the engine.
struct RuleInfo {
  model::RuleId id;  ///< `commit-without-evidence`; of a card: `timing:champion`; of criteria: `acceptance.not-ready`
  std::string workflow;
  model::RuleKind kind = model::RuleKind::stale;
  std::string object;         ///< canonical
  std::vector<Step> control;  ///< lightest first
  Recipient to;
  [[nodiscard]] bool prompts() const noexcept { return !control.empty() && control.back() == Step::prompt; }
  std::optional<model::Span> quote_notes;  ///< how young a note of the asked person is that a prompt quotes
  bool old_records_all = false;
  std::optional<model::Day> old_records_since;  ///< nothing: the day the rule went live
  std::uint64_t hash = 0;  ///< of the compiled rule and the map: unchanged rules are not swept at reload
  std::string owner;       ///< e-mail of who owns the definitions
  model::Place place;
};

struct CompiledObject;
class CompiledRules;  // engine's own: tests, cards, criteria, templates

struct ObjectPlan {
  std::string object;      ///< canonical
  std::string crm_object;  ///< the connection's own name
  std::vector<SlotInfo> slots;
  std::vector<FactSpec> facts;
  std::vector<std::string> related;  ///< canonical objects whose records beside this one tests count; each has a plan
  bool needs_activities = false;
  bool activities_on_contacts = false;  ///< and what was done with its contacts
  bool activities_on_account = false;   ///< and on its account
  bool needs_reviews = false;
  bool needs_notes = false;                  ///< prompts quote what people wrote on the record
  bool detects_notes = false;                ///< detectors read what people wrote
  bool detects_tasks = false;                ///< and the tasks that automations made
  bool detects_logins = false;               ///< and who signed in
  bool detects_exports = false;              ///< and who took exports out
  bool detects_setup = false;                ///< and who changed the CRM's set-up
  bool detects_files = false;                ///< and the files that people attached
  std::vector<std::string> required_untold;  ///< what the CRM does not tell of how it requires fields, and why
  std::set<int> percentiles;                 ///< of stage ages that tests name: they rest on the facts of the day
  // Slots of the fields that the engine itself reads; no_slot where the object has none.
  Slot owner = no_slot, stage = no_slot, pipeline = no_slot, name = no_slot, amount = no_slot, created = no_slot;
  std::vector<std::uint32_t> rules;          ///< indexes into RuleSet::rules
  std::vector<std::uint32_t> detectors;      ///< the same, of those with `detect:`; not among `rules`
  const CompiledObject* compiled = nullptr;  ///< what of RuleSet::compiled belongs to the object

  [[nodiscard]] std::optional<Slot> find(std::string_view name) const noexcept;
  [[nodiscard]] bool has_parents() const noexcept {
    return std::any_of(slots.begin(), slots.end(), [](const SlotInfo& s) { return s.parent.has_value(); });
  }
  /// No rule is about it: it is only looked at beside records of other objects.
  [[nodiscard]] bool only_beside() const noexcept { return rules.empty() && detectors.empty(); }
};

/// Rules that a connection cannot run, and why ("field `champion` is unknown in acme").
struct SwitchedOff {
  model::RuleId rule;
  std::string why;
};

/// Rules that cannot be told on the records of some pipelines, which have no such stage; elsewhere they work.
struct PartlyOff {
  std::string object;                  ///< canonical
  std::string stage;                   ///< a stage or milestone, as written: "proposal", "proposal or negotiation"
  std::vector<std::string> pipelines;  ///< that have none, as people see them
  std::size_t of = 0;                  ///< so many there are
  std::vector<model::RuleId> rules;
};

/// "commit-in-early-stage and timing:champion cannot be told in 2 of 19 pipelines of opportunity, which have no
/// `proposal`: Renewals, Partners"; at most five pipelines by name.
[[nodiscard]] std::string in_words(const PartlyOff& off);

struct RuleSet {
  std::uint64_t hash = 0;
  std::map<std::string, ObjectPlan, std::less<>> objects;  ///< by canonical object
  std::vector<RuleInfo> rules;
  std::vector<SwitchedOff> off;
  std::vector<PartlyOff> partly_off;  ///< by object and stage
  std::shared_ptr<const CompiledRules> compiled;

  [[nodiscard]] const ObjectPlan* plan(std::string_view object) const noexcept;
};

}  // namespace coachd::rules
