#include "rules/engine/replay.hpp"

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

std::set<std::uint32_t> Replay::found(const Case& c, const World& world, model::Instant at) const {
  std::vector<model::Verdict> verdicts;
  const Facts unknown(plan_.facts.size());  // of other records at that time nothing is known
  judge(rules_, plan_, c, unknown, world, at, false, verdicts);
  std::set<std::uint32_t> out;
  for (const auto& v : verdicts)
    if (v.outcome == model::Outcome::finding && rules_.rules[v.rule].prompts()) out.insert(v.rule);
  return out;
}

void Replay::add(const Case& c, const World& world, model::Instant now) {
  std::set<std::uint32_t> before;
  for (int week = replayed_weeks; week >= 0; --week) {
    const auto at = world.calendar.shift(now, {model::Span::Unit::days, 7 * week}, -1);
    if (c.created && *c.created > at) continue;
    const auto then = rolled_back(c, at);
    auto is = found(then, world, at);
    if (week < replayed_weeks)
      for (const auto rule : is) {
        if (before.contains(rule)) continue;
        auto& asked = asked_[rule];
        ++asked.opened;
        if (plan_.owner == no_slot) continue;
        if (const auto owner = then.value(plan_.owner); owner.kind() == model::Value::Kind::text)
          asked.owners.emplace(owner.as_text());
      }
    before = std::move(is);
  }
}

}  // namespace coachd::rules
