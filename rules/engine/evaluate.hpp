// Evaluation is a pure function: (case, facts, world, now) -> (outcomes, revisit_at). No I/O, no clock, no state; any
// number of threads may evaluate against the same rule set and world.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::rules {

struct Evaluation {
  std::vector<model::Verdict>
      verdicts;  ///< findings, cannot-tells and broken ones; what is ok is left out; by rule index
  std::optional<model::Instant>
      revisit_at;  ///< the earliest instant after `now` at which a verdict differs though no data does
};

/// All rules of the case's object. REQUIRES: case.values has one entry per slot, facts one per fact of its plan.
[[nodiscard]] Evaluation evaluate(const RuleSet& rules, const ObjectPlan& plan, const Case& c, const Facts& facts,
                                  const World& world, model::Instant now);

/// Verdicts only: for an audit of many records at one instant. `out` is cleared first and keeps its memory.
/// `since` is left empty where `with_since` is false (it costs a walk through history).
void judge(const RuleSet& rules, const ObjectPlan& plan, const Case& c, const Facts& facts, const World& world,
           model::Instant now, bool with_since, std::vector<model::Verdict>& out);

/// What this record puts into fact number `fact`, or nothing.
[[nodiscard]] std::optional<Contribution> contribution(const RuleSet& rules, const ObjectPlan& plan, std::size_t fact,
                                                       const Case& c, const World& world);

/// One test of one rule on one record, for `coachd explain`: nested as written.
struct Explained {
  std::string test;                             ///< as the rule says it, in words: "next step is real"
  std::string saw;                              ///< the value it saw
  std::string from;                             ///< where that came from: "Next Step set 2026-04-20 by Ana, ..."
  model::Outcome outcome = model::Outcome::ok;  ///< finding: holds; ok: does not hold; cannot_tell
  std::string missing;                          ///< cannot tell: what is missing
  std::optional<model::Instant> turns;  ///< from when on the answer is another, though nothing changes; nothing: never
  std::vector<Explained> parts;
};
[[nodiscard]] Explained explain(const RuleSet& rules, const ObjectPlan& plan, std::uint32_t rule, const Case& c,
                                const Facts& facts, const World& world, model::Instant now);

/// The texts of a finding for its recipient, from the rule's template and the record's values.
struct Line {
  std::string say;         ///< what is so
  std::string ask;         ///< what is asked
  std::string gives_back;  ///< what the person gets back; may be empty
};
/// `recipient`: person id; a note of theirs that names the answer is quoted where the rule says so (`quote_notes`), and
/// nobody else's ever is.
[[nodiscard]] Line line(const RuleSet& rules, const ObjectPlan& plan, const model::Verdict& finding, const Case& c,
                        const Facts& facts, const World& world, model::Instant now, std::string_view language,
                        std::string_view recipient = {});

/// The fields whose values are the evidence of a finding: slots of the tests that held.
[[nodiscard]] std::vector<Slot> evidence(const RuleSet& rules, const ObjectPlan& plan, const model::Verdict& finding,
                                         const Case& c, const Facts& facts, const World& world, model::Instant now);

/// True when the asked field of a `timing.*` finding now holds a real value (a prompt ends by a real value only), or
/// when the rule of any other finding does not hold because data on the record changed; used to tell mended from
/// overtaken.
[[nodiscard]] bool mended(const RuleSet& rules, const ObjectPlan& plan, std::uint32_t rule,
                          const std::string& finding_id, const Case& before, const Case& after, const Facts& facts,
                          const World& world, model::Instant now);

}  // namespace coachd::rules
