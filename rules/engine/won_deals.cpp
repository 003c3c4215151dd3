#include "rules/engine/won_deals.hpp"

#include <algorithm>

#include "rules/conditions/case.hpp"
#include "rules/conditions/coverage.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

bool won_lately(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now) {
  const Facts none(plan.facts.size());
  const View v(plan.compiled->frame, c, none, world, now);
  if (v.standing() != View::Standing::won) return false;
  const auto* last = last_change(v, plan.stage);
  constexpr model::Span window{model::Span::Unit::days, coverage_days};
  return last != nullptr && last->at <= now && last->at >= world.calendar.shift(now, window, -1);
}

void count_won_deal(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now, WonDeals& out) {
  if (!won_lately(plan, c, world, now)) return;
  const auto& a = c.activities;
  const bool any =
      std::any_of(a.items.begin(), a.items.end(), [&](const Activity& one) { return one.done && one.at <= now; });
  const bool whole = a.known_since && (!c.created || *a.known_since <= *c.created);
  if (!any && !whole) return;
  ++out.won;
  out.silent += any ? 0 : 1;
}

}  // namespace coachd::rules
