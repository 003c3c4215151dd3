#include "rules/engine/stage_ages.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "rules/conditions/case.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

using model::Instant;
using std::chrono::seconds;

void add_stage_ages(const ObjectPlan& plan, const Case& c, const World& world, Instant now, StageAges& out) {
  const Facts none(plan.facts.size());
  const View v(plan.compiled->frame, c, none, world, now);
  if (v.standing() != View::Standing::won) return;
  const auto* past = v.past(plan.stage);
  const auto* last = last_change(v, plan.stage);
  constexpr model::Span window{model::Span::Unit::months, 18};
  if (past == nullptr || last == nullptr || last->at > now || last->at < world.calendar.shift(now, window, -1)) return;

  // Where the first stay began is known where history reaches back to the record's creation.
  std::optional<Instant> entered = unknown_before(v, plan.stage) ? std::nullopt : v.created();
  std::map<std::pair<std::string, std::string>, seconds> stays;
  for (const auto& change : past->changes) {
    if (change.source == model::HistorySource::created) continue;
    const auto left = v.find_stage(change.from);
    if (entered && left.kind == View::Stage::Kind::found && left.at.stage->open())
      stays[{left.at.pipeline->name, left.at.stage->name}] += std::chrono::duration_cast<seconds>(change.at - *entered);
    entered = change.at;
  }
  for (const auto& [stage, length] : stays) out[stage].add(length);
}

}  // namespace coachd::rules
