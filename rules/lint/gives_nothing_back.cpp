// gives-nothing-back: a prompt that only takes. The rep is the customer.
// Bad: a prompt with `ask` alone. Better: `gives_back: It stands in the forecast packet as supported, so nobody asks
// again.`
#include "rules/lint/context.hpp"

namespace coachd::lint {

void gives_nothing_back(Context& c) {
  for (const auto& ask : c.asks())
    if (!ask.prompt.find("gives_back"))
      c.warn("gives-nothing-back",
             "the prompt of `" + ask.name + "` asks and gives nothing back: say in `gives_back` what the person gets",
             ask.place);
}

}  // namespace coachd::lint
