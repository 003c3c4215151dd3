// Whether won deals show what people did for them: what activity coverage is judged by. Pure; any thread.
#pragma once

#include "rules/conditions/case.hpp"
#include "rules/conditions/coverage.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

/// It was won in the 90 days before `now`: in the last change of its stage. Without history of that it cannot be told.
[[nodiscard]] bool won_lately(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now);
/// Counts one record where it was won lately and everything done on it is known.
void count_won_deal(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now, WonDeals& out);

}  // namespace coachd::rules
