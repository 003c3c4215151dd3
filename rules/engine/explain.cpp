#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
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
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

using model::Outcome;

namespace {

Outcome outcome_of(Truth t) {
  return t == Truth::yes ? Outcome::finding : t == Truth::no ? Outcome::ok : Outcome::cannot_tell;
}

// Where a field's value came from.
std::string came_from(const View& v, const SlotInfo& slot, Slot s) {
  std::string out = slot.label + ' ';
  if (v.value(s).is_unread()) return {};
  const auto* last = last_change(v, s);
  if (last == nullptr) {
    if (slot.parent) return out + "stands on its " + slot.parent->object;
    if (unknown_before(v, s)) return out + "as it was read; since when is not known";
    const auto created = v.created();
    return out + "as the record was made" + (created ? " on " + model::to_string(*created) : "");
  }
  out += last->to.is_blank() ? "emptied " : "set ";
  out += model::to_string(last->at);
  if (!last->author.empty()) {
    const auto* person = v.world().person(last->author);
    out += " by " + (person == nullptr || person->name.empty() ? std::string(last->author) : person->name);
  }
  return out + (last->source == model::HistorySource::diff ? ", as coachd saw it change" : ", by its history");
}

// The first of some instants at which an answer is another.
template <class Answer>
std::optional<model::Instant> turns_at(const View& v, std::vector<model::Instant> instants, const Answer& answer) {
  std::sort(instants.begin(), instants.end());
  const auto now = answer(v);
  for (const auto at : instants) {
    if (at <= v.now()) continue;
    if (answer(View(v.frame(), v.record(), v.facts(), v.world(), at)) != now) return at;
  }
  return std::nullopt;
}

Explained explain_test(const Test& t, const View& v, const ObjectPlan& plan) {
  Explained out;
  const Truth now = t.judge(v);
  out.outcome = outcome_of(now);
  out.saw = t.saw(v);
  std::vector<model::Instant> instants;
  t.instants(v, instants);
  out.turns = turns_at(v, std::move(instants), [&](const View& at) { return t.judge(at); });
  if (t.shape() == Test::Shape::leaf) {
    std::vector<Slot> slots;
    t.slots(slots);
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
    for (const Slot s : slots) {
      if (s >= plan.slots.size()) continue;
      const auto one = came_from(v, plan.slots[s], s);
      if (!one.empty()) out.from += (out.from.empty() ? "" : "; ") + one;
    }
  }
  if (now == Truth::unknown) out.missing = t.missing(v);
  switch (t.shape()) {
    case Test::Shape::leaf: out.test = t.words(); return out;
    case Test::Shape::all: out.test = "all of"; break;
    case Test::Shape::any: out.test = "any of"; break;
    case Test::Shape::negation: out.test = "not"; break;
  }
  for (const auto& p : t.parts()) out.parts.push_back(explain_test(*p, v, plan));
  return out;
}

// A part of a rule under a heading of its own: "for", "when", "unless paused".
void add(Explained& whole, std::string heading, const Test* t, const View& v, const ObjectPlan& plan) {
  if (t == nullptr) return;
  auto part = explain_test(*t, v, plan);
  if (part.parts.empty()) {
    Explained outer;
    outer.outcome = part.outcome;
    outer.missing = part.missing;
    outer.turns = part.turns;
    outer.parts.push_back(std::move(part));
    part = std::move(outer);
  }
  part.test = std::move(heading) + (part.test.empty() ? "" : " " + part.test);
  whole.parts.push_back(std::move(part));
}

void add(Explained& whole, const std::string& heading, const std::vector<TestPtr>& tests, const View& v,
         const ObjectPlan& plan) {
  for (const auto& t : tests) add(whole, heading, t.get(), v, plan);
}

struct Parts {
  Explained& out;
  const View& v;
  const ObjectPlan& plan;
  void operator()(const PlainRule& r) const {
    add(out, "for", r.scope, v, plan);
    add(out, "when", r.when.get(), v, plan);
    add(out, "paused while", r.pause.get(), v, plan);
  }
  void operator()(const Card& c) const {
    add(out, "looks at", c.scope, v, plan);
    add(out, "knowable from", c.knowable.get(), v, plan);
    add(out, "asked from", c.ask.get(), v, plan);
    add(out, "needed by", c.needed.get(), v, plan);
    add(out, "outdated when", c.outdated.get(), v, plan);
    add(out, "paused while", c.pause.get(), v, plan);
    if (c.answered) {
      add(out, "answered when", c.answered.get(), v, plan);
      return;
    }
    static constexpr const char* states[] = {"blank", "a placeholder", "real", "\"not known yet\"", "not read yet"};
    Explained state;
    state.test = c.label + " is really answered";
    const auto s = v.state(c.state);
    state.saw = '"' + model::to_string(v.value(c.slot)) + "\": " + states[static_cast<std::size_t>(s)];
    state.outcome = s == TextState::real     ? Outcome::finding
                    : s == TextState::unread ? Outcome::cannot_tell
                                             : Outcome::ok;
    state.from = came_from(v, plan.slots[c.slot], c.slot);
    out.parts.push_back(std::move(state));
  }
  void operator()(const Acceptance& a) const {
    add(out, "for", a.scope, v, plan);
    for (const auto& c : a.criteria) {
      Explained criterion;
      criterion.test = "criterion " + c.id + " fails";
      criterion.outcome = outcome_of(fails(c, v));
      add(criterion, "for", c.scope, v, plan);
      add(criterion, "check", c.check.get(), v, plan);
      add(criterion, "paused while", c.pause.get(), v, plan);
      out.parts.push_back(std::move(criterion));
    }
  }
  void operator()(const DetectRule& d) const {
    add(out, "for", d.scope, v, plan);
    add(out, "paused while", d.pause.get(), v, plan);
    Explained part;
    part.test = "detect " + std::string(d.kind->name);
    part.saw = "looks at many records together";
    out.parts.push_back(std::move(part));
  }
};

}  // namespace

Explained explain(const RuleSet& rules, const ObjectPlan& plan, std::uint32_t rule, const Case& c, const Facts& facts,
                  const World& world, model::Instant now) {
  const View view(plan.compiled->frame, c, facts, world, now);
  const auto& compiled = rules.compiled->rules[rule];
  const auto a = answer(compiled, view);
  Explained out;
  out.test = rules.rules[rule].id.get();
  out.outcome = outcome_of(a.finding);
  if (a.finding == Truth::yes) {
    out.saw = finding_id(compiled, a);
    if (const auto at = since(compiled, a, view))
      out.saw += (out.saw.empty() ? "since " : ", since ") + model::to_string(*at);
  }
  if (a.finding == Truth::unknown) out.missing = missing(compiled, view);
  std::vector<model::Instant> instants;
  add_instants(compiled, view, instants);
  out.turns = turns_at(view, std::move(instants), [&](const View& at) {
    const auto then = answer(compiled, at);
    return std::pair(then.finding, then.finding == Truth::yes ? then.kind : Card::Kind::due);
  });
  std::visit(Parts{out, view, plan}, compiled.body);
  for (const auto& e : compiled.exceptions) {
    if (!is_record(c.id, e.record)) continue;
    const bool ended = e.until && *e.until < view.today();
    Explained part;
    part.test = "excepted";
    part.saw = e.until ? "until " + model::to_string(*e.until) + (ended ? ", which has passed" : "") : "for good";
    part.outcome = ended ? Outcome::ok : Outcome::finding;
    out.parts.push_back(std::move(part));
  }
  return out;
}

}  // namespace coachd::rules
