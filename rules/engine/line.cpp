// The texts of a finding for its recipient.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/noted.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {
namespace {

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

// The field that a finding asks for, where it has no answer yet.
std::optional<Slot> asked_field(const CompiledRule& rule, const View& v) {
  std::vector<Slot> slots;
  if (const auto* plain = std::get_if<PlainRule>(&rule.body))
    held_slots(*plain->when, v, slots);
  else if (const auto* card = std::get_if<Card>(&rule.body); card != nullptr && !card->answered)
    slots.push_back(card->slot);
  const auto& states = v.frame().states;
  for (const Slot s : slots) {
    if (s == no_slot || v.value(s).is_unread()) continue;
    if (v.value(s).is_blank()) return s;
    for (std::size_t i = 0; i < states.size(); ++i)
      if (states[i].slot == s && v.state(static_cast<StateId>(i)) == TextState::placeholder) return s;
  }
  return std::nullopt;
}

// In place of the question: whether the answer is what the person has written already.
void quote_note(const CompiledRule& rule, const ObjectPlan& plan, const View& v, model::Span within,
                std::string_view language, std::string_view recipient, Line& out) {
  const auto slot = asked_field(rule, v);
  if (!slot) return;
  const auto& field = plan.slots[*slot];
  const auto noted = noted_answer(v, field, recipient, within);
  if (!noted) return;
  if (german(language)) {
    const auto day = model::to_string(v.world().calendar.today(noted->at));
    out.say += " In Ihrer Notiz vom " + day + " steht: „" + noted->quote + "“.";
    out.ask = "Ihre Notiz vom " + day + " nennt es: Ist das „" + field.label + "“?";
    return;
  }
  const auto day = day_in_words(v, noted->at);
  out.say += " Your note of " + day + " mentions: \"" + noted->quote + "\".";
  out.ask = "Your note of " + day + " mentions it: is that the " + field.label + "?";
}

}  // namespace

Line line(const RuleSet& rules, const ObjectPlan& plan, const model::Verdict& finding, const Case& c,
          const Facts& facts, const World& world, model::Instant now, std::string_view language,
          std::string_view recipient) {
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
  const auto& within = rules.rules[finding.rule].quote_notes;
  if (within && !recipient.empty()) quote_note(rule, plan, view, *within, language, recipient, out);
  return out;
}

}  // namespace coachd::rules
