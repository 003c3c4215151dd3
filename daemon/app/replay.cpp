#include "daemon/app/replay.hpp"

#include <cstdint>
#include <string>

#include "daemon/app/state_records.hpp"
#include "daemon/app/state_view.hpp"
#include "daemon/pipeline/context.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/replay.hpp"

namespace coachd::app {

Replayed replay(StateView& state, const std::string& connection) {
  constexpr std::int64_t most = 200'000;
  Replayed out;
  const auto* context = state.context(connection);
  if (context == nullptr) return out;
  const auto now = state.now();
  const auto snapshot = state.look();
  std::int64_t all = 0;
  for (const auto& [object, plan] : context->rules->objects) all += snapshot->record_count(connection, object);
  if (all > most) return out;
  out.weeks = rules::replayed_weeks;
  for (const auto& [object, plan] : context->rules->objects) {
    if (plan.only_beside()) continue;
    rules::Replay study(*context->rules, plan);
    each_record(*context, *snapshot, plan, [&](const rules::Case& c) { study.add(c, *context->world, now); });
    for (const auto& [rule, asked] : study.asked()) out.asked[pipeline::rule_key(context->rules->rules[rule])] = asked;
  }
  return out;
}

}  // namespace coachd::app
