#include "rules/engine/evaluate.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/examine.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/stage_plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {

using model::Instant;
using model::Outcome;
using model::Verdict;

namespace {

// A finding silences others of its record; what is silenced itself silences all the same, so that order does not
// matter.
void silence(const CompiledRules& compiled, std::vector<Verdict>& verdicts) {
  std::vector<std::uint32_t> silent;
  for (const auto& v : verdicts)
    if (v.outcome == Outcome::finding)
      for (const auto s : compiled.rules[v.rule].silences) silent.push_back(s);
  if (silent.empty()) return;
  std::erase_if(verdicts, [&](const Verdict& v) {
    return v.outcome == Outcome::finding && std::find(silent.begin(), silent.end(), v.rule) != silent.end();
  });
}

Truth answer(const StagePlan::Step& step, const View& view) {
  Truth out = Truth::yes;
  for (const Test* t : step.all) {
    const Truth one = t->judge(view);
    if (one == Truth::no) return Truth::no;
    out = std::min(out, one);
  }
  return step.pause == nullptr ? out : std::min(out, negate(step.pause->judge(view)));
}

void judge_view(const RuleSet& rules, const ObjectPlan& plan, const CompiledObject& object, const View& view,
                bool with_since, std::vector<Verdict>& out) {
  out.clear();
  const auto& compiled = *rules.compiled;
  bool silences = false;
  const auto say = [&](std::uint32_t i, const RuleAnswer& a) {
    if (a.finding == Truth::no) return;
    const auto& rule = compiled.rules[i];
    auto& verdict = out.emplace_back();
    verdict.rule = i;
    if (a.finding == Truth::unknown) {
      verdict.outcome = Outcome::cannot_tell;
      verdict.missing = missing(rule, view);
      return;
    }
    verdict.outcome = Outcome::finding;
    if (!std::holds_alternative<PlainRule>(rule.body)) verdict.id = finding_id(rule, a);
    if (with_since) verdict.since = since(rule, a, view);
    silences = silences || !rule.silences.empty();
  };
  if (const auto* steps = object.by_stage->steps(view.stage())) {
    for (const auto& step : *steps) {
      if (step.whole)
        say(step.rule, answer(compiled.rules[step.rule], view));
      else if (const Truth finding = answer(step, view); finding != Truth::no)
        say(step.rule, {finding});
    }
  } else {
    for (const auto i : plan.rules) say(i, answer(compiled.rules[i], view));
  }
  if (silences) silence(compiled, out);
}

bool same(const std::vector<Verdict>& a, const std::vector<Verdict>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Verdict& x, const Verdict& y) {
    return x.rule == y.rule && x.outcome == y.outcome && x.id == y.id && x.since == y.since && x.missing == y.missing;
  });
}

// What `f` says of a value as text.
template <class F>
std::uint64_t with_text(const model::Value& value, F f) {
  return value.kind() == model::Value::Kind::text ? f(value.as_text()) : f(model::to_string(value));
}

}  // namespace

void judge(const RuleSet& rules, const ObjectPlan& plan, const Case& c, const Facts& facts, const World& world,
           Instant now, bool with_since, std::vector<Verdict>& out) {
  Examination(rules, plan, c, facts, world, now).judge(with_since, out);
}

Evaluation evaluate(const RuleSet& rules, const ObjectPlan& plan, const Case& c, const Facts& facts, const World& world,
                    Instant now) {
  Evaluation out;
  const auto& object = *plan.compiled;
  const View view(object.frame, c, facts, world, now);
  judge_view(rules, plan, object, view, true, out.verdicts);

  std::vector<Instant> candidates;
  for (const auto i : plan.rules) {
    const auto& rule = rules.compiled->rules[i];
    add_instants(rule, view, candidates);
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());

  // The first candidate at which any verdict differs: never late, never for nothing.
  std::vector<Verdict> then;
  for (const auto at : candidates) {
    const View later(object.frame, c, facts, world, at);
    judge_view(rules, plan, object, later, true, then);
    if (same(out.verdicts, then)) continue;
    out.revisit_at = at;
    break;
  }
  return out;
}

std::optional<Contribution> contribution(const RuleSet& rules, const ObjectPlan& plan, std::size_t fact, const Case& c,
                                         const World& world) {
  const Facts none(plan.facts.size());
  const auto part = Examination(rules, plan, c, none, world, Instant{}).part(fact);
  if (!part) return std::nullopt;
  Contribution out{std::string(part->owner), part->value, 0};
  if (plan.facts[fact].kind == FactSpec::Kind::same_text)
    out.text_hash = with_text(c.value(plan.facts[fact].field), [](std::string_view t) { return text::fold_hash(t); });
  return out;
}

Examination::Examination(const RuleSet& rules, const ObjectPlan& plan, const Case& c, const Facts& facts,
                         const World& world, Instant now)
    : rules_(rules), plan_(plan), compiled_(*plan.compiled), view_(compiled_.frame, c, facts, world, now) {}

void Examination::judge(bool with_since, std::vector<Verdict>& out) const {
  judge_view(rules_, plan_, compiled_, view_, with_since, out);
}

std::optional<Examination::Part> Examination::part(std::size_t fact) const {
  const auto owner = view_.value(plan_.owner);
  if (owner.kind() != model::Value::Kind::text) return std::nullopt;
  if (view_.standing() != View::Standing::open) return std::nullopt;

  const auto& spec = plan_.facts[fact];
  const auto value = view_.value(spec.field);
  Part out;
  out.owner = owner.as_text();
  if (spec.kind == FactSpec::Kind::owner_mean) {
    const auto number = as_number(value);
    if (!number) return std::nullopt;
    out.value = *number;
    return out;
  }
  if (view_.state(compiled_.fact_states[fact]) != TextState::real) return std::nullopt;
  out.text_key = with_text(value, [](std::string_view t) { return text::fold_key(t); });
  return out;
}

}  // namespace coachd::rules
