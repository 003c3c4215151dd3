#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
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
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {

using model::Outcome;

namespace {

Outcome outcome_of(Truth t) {
  return t == Truth::yes ? Outcome::finding : t == Truth::no ? Outcome::ok : Outcome::cannot_tell;
}

Explained explain_test(const Test& t, const View& v) {
  Explained out;
  const Truth now = t.judge(v);
  out.outcome = outcome_of(now);
  out.saw = t.saw(v);
  if (now == Truth::unknown) out.missing = t.missing(v);
  switch (t.shape()) {
    case Test::Shape::leaf: out.test = t.words(); return out;
    case Test::Shape::all: out.test = "all of"; break;
    case Test::Shape::any: out.test = "any of"; break;
    case Test::Shape::negation: out.test = "not"; break;
  }
  for (const auto& p : t.parts()) out.parts.push_back(explain_test(*p, v));
  return out;
}

// A part of a rule under a heading of its own: "for", "when", "unless paused".
void add(Explained& whole, std::string heading, const Test* t, const View& v) {
  if (t == nullptr) return;
  auto part = explain_test(*t, v);
  if (part.parts.empty()) {
    Explained outer;
    outer.outcome = part.outcome;
    outer.missing = part.missing;
    outer.parts.push_back(std::move(part));
    part = std::move(outer);
  }
  part.test = std::move(heading) + (part.test.empty() ? "" : " " + part.test);
  whole.parts.push_back(std::move(part));
}

void add(Explained& whole, const std::string& heading, const std::vector<TestPtr>& tests, const View& v) {
  for (const auto& t : tests) add(whole, heading, t.get(), v);
}

struct Parts {
  Explained& out;
  const View& v;
  void operator()(const PlainRule& r) const {
    add(out, "for", r.scope, v);
    add(out, "when", r.when.get(), v);
    add(out, "paused while", r.pause.get(), v);
  }
  void operator()(const Card& c) const {
    add(out, "looks at", c.scope, v);
    add(out, "knowable from", c.knowable.get(), v);
    add(out, "asked from", c.ask.get(), v);
    add(out, "needed by", c.needed.get(), v);
    add(out, "outdated when", c.outdated.get(), v);
    add(out, "paused while", c.pause.get(), v);
    if (c.answered) {
      add(out, "answered when", c.answered.get(), v);
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
    out.parts.push_back(std::move(state));
  }
  void operator()(const Acceptance& a) const {
    add(out, "for", a.scope, v);
    for (const auto& c : a.criteria) {
      Explained criterion;
      criterion.test = "criterion " + c.id + " fails";
      criterion.outcome = outcome_of(fails(c, v));
      add(criterion, "for", c.scope, v);
      add(criterion, "check", c.check.get(), v);
      add(criterion, "paused while", c.pause.get(), v);
      out.parts.push_back(std::move(criterion));
    }
  }
  void operator()(const DetectRule& d) const {
    add(out, "for", d.scope, v);
    add(out, "paused while", d.pause.get(), v);
    out.parts.push_back({"detect " + std::string(d.kind->name), "looks at many records together", Outcome::ok, {}, {}});
  }
};

// The criteria that fail, and those that cannot be told, as their `say` or their check says it.
struct Criteria {
  std::vector<std::string> failing;
  std::vector<std::string> untold;
};
Criteria criteria_of(const Acceptance& a, const View& v, std::string_view language) {
  Criteria out;
  for (const auto& c : a.criteria) {
    const Truth t = fails(c, v);
    if (t == Truth::no) continue;
    auto text = c.say.empty() ? "this does not hold: " + c.check->words() : c.say.render(language, v, {});
    (t == Truth::yes ? out.failing : out.untold).push_back(std::move(text));
  }
  return out;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i)
    out += (i == 0 ? "" : i + 1 == parts.size() ? " and " : ", ") + parts[i];
  return out;
}

bool german(std::string_view language) {
  return language.substr(0, 2) == "de";
}

std::string record_name(const View& v) {
  const auto name = v.value(v.frame().name);
  return name.is_unread() || name.is_blank() ? std::string(v.record().id) : model::to_string(name);
}

// Texts of a card that says nothing itself, made from the field's label.
Line card_line(const Card& card, Card::Kind kind, const View& v, std::string_view language) {
  const bool de = german(language);
  const auto name = record_name(v);
  const auto value = std::string(text::trim(model::to_string(v.value(card.slot))));
  Line out;
  switch (kind) {
    case Card::Kind::due:
      out.say = name + ": " +
                (de ? "„" + card.label + "“ lässt sich jetzt beantworten." : card.label + " can be answered now.");
      break;
    case Card::Kind::missing:
      out.say = name + ": " + (de ? "„" + card.label + "“ fehlt noch." : card.label + " is still open.");
      break;
    case Card::Kind::placeholder:
      out.say =
          name + ": " +
          (de ? "unter „" + card.label + "“ steht nur „" + value + "“." : card.label + " only says \"" + value + "\".");
      break;
    case Card::Kind::outdated:
      out.say = name + ": " +
                (de ? "„" + card.label + "“ ist älter als vereinbart." : card.label + " was answered a while ago.");
      break;
  }
  if (kind == Card::Kind::outdated)
    out.ask = de ? "Stimmt „" + value + "“ noch?" : "Is \"" + value + "\" still true?";
  else
    out.ask = de ? "Was ist der Stand zu „" + card.label + "“?" : "What do you know about " + card.label + "?";
  return out;
}

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
  std::visit(Parts{out, view}, compiled.body);
  for (const auto& e : compiled.exceptions) {
    if (!is_record(c.id, e.record)) continue;
    const bool ended = e.until && *e.until < view.today();
    out.parts.push_back(
        {"excepted",
         e.until ? "until " + model::to_string(*e.until) + (ended ? ", which has passed" : "") : "for good",
         ended ? Outcome::ok : Outcome::finding,
         {},
         {}});
  }
  return out;
}

Line line(const RuleSet& rules, const ObjectPlan& plan, const model::Verdict& finding, const Case& c,
          const Facts& facts, const World& world, model::Instant now, std::string_view language) {
  const View view(plan.compiled->frame, c, facts, world, now);
  const auto& rule = rules.compiled->rules[finding.rule];
  Line out;
  std::string reason;
  if (const auto* plain = std::get_if<PlainRule>(&rule.body)) {
    reason = plain->when->judge(view) == Truth::yes ? why(*plain->when, view) : plain->when->words();
    out.say = record_name(view) + ": " + reason + '.';
  } else if (const auto* acceptance = std::get_if<Acceptance>(&rule.body)) {
    const auto criteria = criteria_of(*acceptance, view, language);
    const bool de = german(language);
    reason = joined(criteria.failing);
    out.say = record_name(view) + (de ? " ist nicht reif zur Durchsicht: " : " is not review-ready because ") + reason;
    if (!criteria.untold.empty())
      out.say += (de ? " (nicht zu sagen: " : " (cannot be told: ") + joined(criteria.untold) + ')';
    out.say += '.';
  } else if (const auto* detect = std::get_if<DetectRule>(&rule.body)) {
    reason = detect->kind->finds;
    out.say = reason;
  } else {
    const auto& card = std::get<Card>(rule.body);
    auto kind = card.judge(view).kind;
    for (const auto k : {Card::Kind::due, Card::Kind::missing, Card::Kind::placeholder, Card::Kind::outdated})
      if (finding.id == "timing." + std::string(to_string(k)) + ':' + card.field) kind = k;
    out = card_line(card, kind, view, language);
    reason = out.say;
  }
  if (!rule.say.empty()) out.say = rule.say.render(language, view, reason);
  if (!rule.ask.empty()) out.ask = rule.ask.render(language, view, reason);
  if (!rule.gives_back.empty()) out.gives_back = rule.gives_back.render(language, view, reason);
  return out;
}

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
