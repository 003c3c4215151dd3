// How long won records stood in their stages: what `stage_age: {above: p90}` is measured by. Pure; any thread.
#pragma once

#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

/// Adds what one record tells, where it was won in the 18 months before `now`: of each open stage how long it stood in
/// it, all stays together. A stay counts where history tells its beginning and its end. `out` is for the caller to
/// finish.
void add_stage_ages(const ObjectPlan& plan, const Case& c, const World& world, model::Instant now, StageAges& out);

}  // namespace coachd::rules
