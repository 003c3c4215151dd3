#include "rules/cards/card.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/frame.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {
namespace {

Truth judge_or(const TestPtr& t, const View& v, Truth otherwise) {
  return t ? t->judge(v) : otherwise;
}

}  // namespace

std::string_view to_string(Card::Kind k) {
  switch (k) {
    case Card::Kind::due: return "due";
    case Card::Kind::missing: return "missing";
    case Card::Kind::placeholder: return "placeholder";
    case Card::Kind::outdated: return "outdated";
  }
  return "";
}

TextState Card::answer(const View& v) const {
  if (!answered) return v.state(state);
  switch (answered->judge(v)) {
    case Truth::yes: return TextState::real;
    case Truth::no: return TextState::blank;
    case Truth::unknown: break;
  }
  return TextState::unread;
}

Card::Answer Card::judge(const View& v) const {
  Answer out;
  Truth window = Truth::yes;
  for (const auto& t : scope) {
    window = std::min(window, t->judge(v));
    if (window == Truth::no) return out;
  }
  window = std::min({window, judge_or(knowable, v, Truth::yes), negate(judge_or(pause, v, Truth::no))});
  if (window == Truth::no) return out;

  // What is wrong with the answer, and whether anything is.
  Truth wrong = Truth::yes;
  Kind late = Kind::missing;
  bool honest_blank = false;
  switch (answer(v)) {
    case TextState::unread: wrong = Truth::unknown; break;
    case TextState::placeholder: late = Kind::placeholder; break;
    case TextState::not_known: honest_blank = true; break;
    case TextState::real:
      late = Kind::outdated;
      wrong = judge_or(outdated, v, Truth::no);
      break;
    case TextState::blank:
    case TextState::not_computed: break;
  }
  if (wrong == Truth::no) return out;

  const Truth need = judge_or(needed, v, Truth::no);
  const Truth asked =
      honest_blank ? Truth::no : judge_or(ask, v, Truth::no);  // said to be unknown: not asked again before needed_by
  // Which of the two it is must be told: with needed_by unknown a finding could be either.
  const Truth open = need == Truth::no ? asked : need;
  out.finding = std::min({window, wrong, open});
  out.kind = need == Truth::yes ? late : Kind::due;
  return out;
}

std::vector<const Test*> Card::tests() const {
  std::vector<const Test*> out;
  out.reserve(scope.size());
  for (const auto& t : scope) out.push_back(t.get());
  for (const auto* t : {&answered, &knowable, &ask, &needed, &outdated, &pause})
    if (*t) out.push_back(t->get());
  return out;
}

void Card::instants(const View& v, std::vector<model::Instant>& out) const {
  for (const auto* t : tests()) t->instants(v, out);
}

std::optional<model::Instant> Card::since(const View& v, Kind kind) const {
  std::optional<model::Instant> out;
  const auto later = [&](std::optional<model::Instant> at) {
    if (at && (!out || *at > *out)) out = at;
  };
  for (const auto& t : scope) later(t->since(v, Truth::yes));
  if (knowable) later(knowable->since(v, Truth::yes));
  if (pause) later(pause->since(v, Truth::no));
  if (kind == Kind::due && ask) later(ask->since(v, Truth::yes));
  if (kind != Kind::due && needed) later(needed->since(v, Truth::yes));
  if (answered) {
    later(answered->since(v, Truth::no));
  } else if (v.state(state) == TextState::real) {
    if (outdated) later(outdated->since(v, Truth::yes));
  } else {
    const auto& rule = v.frame().states[state];
    later(value_since(v, slot, [&](const model::Value& value) { return rule.of(value) != TextState::real; }));
  }
  return out;
}

std::string Card::missing(const View& v) const {
  if (!answered && v.state(state) == TextState::unread) return "`" + label + "` has not been read yet";
  std::string out;
  for (const auto* t : tests())
    if (t->judge(v) == Truth::unknown) {
      auto m = t->missing(v);
      if (out.empty() || m < out) out = std::move(m);
    }
  return out;
}

}  // namespace coachd::rules
