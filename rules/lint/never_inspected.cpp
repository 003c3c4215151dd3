// never-inspected: nobody ever talks about the answer. What no meeting looks at is not kept true.
// Bad: no `inspected_in` on the file or card. Better: `inspected_in: forecast-call`, a meeting of coachd.yaml.
#include "rules/lint/context.hpp"

namespace coachd::lint {

void never_inspected(Context& c) {
  if (c.root().find("inspected_in")) return;
  for (const auto& card : c.cards())
    if (!card.node.find("inspected_in"))
      c.warn("never-inspected", "no meeting looks at `" + card.name + "`: name one in `inspected_in`", card.place);
  if (c.cards().empty() && !c.rules().empty())
    c.warn("never-inspected", "no meeting looks at what these rules find: name one in `inspected_in`",
           c.root().key_place("workflow"));
}

}  // namespace coachd::lint
