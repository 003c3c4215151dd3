// Every record of an object in a state folder, one after the other, as a case. One thread.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "daemon/app/state_view.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::app {

/// Sees every record of a connection's object that is not deleted; a case lives as long as the call that sees it.
void each_record(const pipeline::Context& context, const store::Snapshot& snapshot, const rules::ObjectPlan& plan,
                 const std::function<void(const rules::Case&)>& see);

/// Runs a study of cards over every object of the connections asked for (empty: of all) and hands out what it says:
/// Study(rules, plan, field), add(case, world, now), finish(world, now).
template <class Study, class Take>
void study_cards(StateView& state, const std::string& connection, const std::string& field, const Take& take) {
  const auto now = state.now();
  for (const auto& [name, settings] : state.settings().connections) {
    const auto* context = connection.empty() || name == connection ? state.context(name) : nullptr;
    if (!context) continue;
    const auto snapshot = state.look();
    for (const auto& [object, plan] : context->rules->objects) {
      Study study(*context->rules, plan, field);
      if (study.empty()) continue;
      each_record(*context, *snapshot, plan, [&](const rules::Case& c) { study.add(c, *context->world, now); });
      for (auto& found : study.finish(*context->world, now))
        take(name, object, context->rules->rules[found.rule].workflow, std::move(found));
    }
  }
}

}  // namespace coachd::app
