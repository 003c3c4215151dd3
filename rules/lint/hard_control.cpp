// hard-control: a wish to block. coachd has no such step: blocking makes fake data.
// Bad: `control: [block]`. Better: `control: [flag, packet, prompt]`.
#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "rules/lint/context.hpp"

namespace coachd::lint {

void hard_control(Context& c) {
  constexpr std::array<std::string_view, 9> hard = {"block",   "hard",     "stop",   "validate", "validation",
                                                    "require", "required", "reject", "lock"};
  for (const auto* list : {&c.cards(), &c.rules()})
    for (const auto& ask : *list) {
      const auto control = ask.node.find("control");
      for (const auto& step : control.is_list() ? control.items() : std::vector<yaml::Node>{control})
        if (step.is_scalar() && std::find(hard.begin(), hard.end(), step.text()) != hard.end())
          c.warn("hard-control", "coachd never blocks anybody: the steps are flag, queue, packet, prompt",
                 step.place());
    }
}

}  // namespace coachd::lint
