#include "daemon/app/timing.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/state_view.hpp"
#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/timing.hpp"

namespace coachd::app {

std::vector<TimingOfField> timing(StateView& state, const std::string& connection, const std::string& field) {
  std::vector<TimingOfField> out;
  const auto now = state.now();
  for (const auto& [name, settings] : state.settings().connections) {
    const auto* context = connection.empty() || name == connection ? state.context(name) : nullptr;
    if (!context) continue;
    const auto snapshot = state.look();
    for (const auto& [object, plan] : context->rules->objects) {
      rules::TimingStudy study(*context->rules, plan, field);
      if (study.empty()) continue;
      constexpr std::size_t page = 1000;
      std::string after;
      for (;;) {
        auto rows = snapshot->records_after(name, object, after, page);
        const bool last = rows.size() < page;
        if (!rows.empty()) after = rows.back().record;
        for (auto& row : rows) {
          if (row.deleted) continue;
          const auto id = row.record;
          const auto built = pipeline::build_case(*context, plan, std::move(row), snapshot->history(name, object, id),
                                                  snapshot->known_since(name, object, id));
          if (built) study.add(built->value, *context->world, now);
        }
        if (last) break;
      }
      for (auto& t : study.finish()) {
        auto workflow = context->rules->rules[t.rule].workflow;
        out.push_back({name, object, std::move(workflow), std::move(t)});
      }
    }
  }
  return out;
}

}  // namespace coachd::app
