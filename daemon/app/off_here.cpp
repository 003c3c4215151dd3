#include "daemon/app/off_here.hpp"

#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/state_view.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::app {

std::vector<OffHere> off_here(const settings::Settings& settings) {
  std::vector<OffHere> out;
  try {
    StateView state(settings);
    for (const auto& [name, connection] : settings.connections) {
      const auto* context = state.context(name);
      if (context == nullptr) continue;
      OffHere here{name, {}};
      for (const auto& off : context->rules->off)
        here.what.push_back("the rule " + off.rule.get() + " is off here: " + off.why);
      for (const auto& off : context->rules->partly_off) here.what.push_back(rules::in_words(off));
      if (!here.what.empty()) out.push_back(std::move(here));
    }
  } catch (const std::exception&) {  // no daemon has been here yet: `coachd doctor` asks the CRM itself
    out.clear();
  }
  return out;
}

}  // namespace coachd::app
