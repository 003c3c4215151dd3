// hidden-mandate: "it is voluntary, but ...". A voluntary workflow shows managers content, never what is missing.
// Bad: `voluntary: true` with `control: [flag, packet]`. Better: `control: [prompt]`, to the owner.
#include <algorithm>
#include <string>

#include "rules/lint/context.hpp"

namespace coachd::lint {

void hidden_mandate(Context& c) {
  if (!c.voluntary()) return;
  for (const auto* list : {&c.cards(), &c.rules()})
    for (const auto& ask : *list) {
      const auto steps = Context::steps(ask);
      const auto shown = std::find_if(steps.begin(), steps.end(), [](const std::string& s) {
        return s == "queue" || s == "packet" || s == "flag";
      });
      if (shown != steps.end())
        c.warn("hidden-mandate",
               "the workflow is voluntary, and `" + *shown + "` of `" + ask.name + "` shows others what is missing",
               ask.place);
      else if (ask.to == "owner_manager")
        c.warn("hidden-mandate", "the workflow is voluntary, and the prompt of `" + ask.name + "` goes to the manager",
               ask.place);
    }
}

}  // namespace coachd::lint
