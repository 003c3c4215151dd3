// What a finding rests on, and whether a person answered it.
#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

// True where the rule would still hold had only stage and owner not moved: nobody mended what it is about. A rule about
// nothing but the stage or the owner is mended by their move.
bool overtaken(const PlainRule& rule, const Frame& frame, const View& was, const Case& before, const Case& after,
               const Facts& facts, const World& world, model::Instant now) {
  std::vector<Slot> held;
  held_slots(*rule.when, was, held);
  const auto moves = [&](Slot s) {
    return s == frame.stage || s == frame.pipeline || s == frame.owner || s == no_slot;
  };
  if (std::all_of(held.begin(), held.end(), moves)) return false;
  Case stayed = after;
  for (const Slot s : {frame.stage, frame.pipeline, frame.owner}) {
    if (s == no_slot) continue;
    stayed.values[s] = before.values[s];
    if (s < stayed.past.size() && s < before.past.size()) stayed.past[s] = before.past[s];
  }
  return rule.when->judge(View(frame, stayed, facts, world, now)) == Truth::yes;
}

}  // namespace

std::vector<Slot> evidence(const RuleSet& rules, const ObjectPlan& plan, const model::Verdict& finding, const Case& c,
                           const Facts& facts, const World& world, model::Instant now) {
  std::vector<Slot> out;
  Examination(rules, plan, c, facts, world, now).evidence(finding, out);
  return out;
}

void Examination::evidence(const model::Verdict& finding, std::vector<Slot>& out) const {
  out.clear();
  const auto& rule = rules_.compiled->rules[finding.rule];
  if (const auto* plain = std::get_if<PlainRule>(&rule.body)) {
    held_slots(*plain->when, view_, out);
  } else if (const auto* card = std::get_if<Card>(&rule.body)) {
    out.push_back(card->slot);
  } else if (const auto* acceptance = std::get_if<Acceptance>(&rule.body)) {
    for (const auto& criterion : acceptance->criteria)
      if (fails(criterion, view_) == Truth::yes) failed_slots(*criterion.check, view_, out);
  }
  std::erase(out, no_slot);
}

bool mended(const RuleSet& rules, const ObjectPlan& plan, std::uint32_t rule, const std::string& finding_id,
            const Case& before, const Case& after, const Facts& facts, const World& world, model::Instant now) {
  const auto& frame = plan.compiled->frame;
  const View was(frame, before, facts, world, now);
  const View is(frame, after, facts, world, now);
  const auto& compiled = rules.compiled->rules[rule];
  if (const auto* card = std::get_if<Card>(&compiled.body)) {
    if (card->answered) return card->answer(was) != TextState::real && card->answer(is) == TextState::real;
    if (is.state(card->state) != TextState::real) return false;
    if (was.state(card->state) != TextState::real && finding_id != "timing.outdated:" + card->field) return true;
    // It was real before, too: only a new answer, or a person's confirming save, makes it current.
    const auto* old_change = last_change(was, card->slot);
    const auto* new_change = last_change(is, card->slot);
    return !(was.value(card->slot) == is.value(card->slot)) ||
           (new_change != nullptr && (old_change == nullptr || new_change->at > old_change->at));
  }
  if (const auto* acceptance = std::get_if<Acceptance>(&compiled.body)) {
    for (const auto& c : acceptance->criteria)  // mended where a criterion that is still asked does not fail any more
      if (fails(c, was) == Truth::yes && c.check->judge(is) == Truth::yes && answer(compiled, is).finding == Truth::no)
        return true;
    return false;
  }
  if (!std::holds_alternative<PlainRule>(compiled.body)) return false;
  const auto& plain = std::get<PlainRule>(compiled.body);
  if (plain.when->judge(was) != Truth::yes || plain.when->judge(is) != Truth::no) return false;
  if (overtaken(plain, frame, was, before, after, facts, world, now)) return false;
  // A placeholder where a blank was is no answer: the finding ends, but nobody mended anything.
  std::vector<Slot> slots;
  held_slots(*plain.when, was, slots);
  for (std::size_t i = 0; i < frame.states.size(); ++i) {
    const auto s = frame.states[i].slot;
    if (std::find(slots.begin(), slots.end(), s) == slots.end()) continue;
    const auto id = static_cast<StateId>(i);
    if (was.state(id) != TextState::real && is.state(id) == TextState::placeholder) return false;
  }
  return true;
}

}  // namespace coachd::rules
