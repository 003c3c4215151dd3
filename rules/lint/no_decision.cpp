// no-decision: a field that is asked for and decides nothing. It will be filled with whatever makes the question go
// away. Bad: a card with `needed_by` alone. Better: `decision: Whether paperwork can finish before the committed close
// date`.
#include "rules/lint/context.hpp"

namespace coachd::lint {

void no_decision(Context& c) {
  for (const auto& card : c.cards())
    if (!card.node.find("decision"))
      c.warn("no-decision", "`" + card.name + "` is asked for, and no decision is named that hangs on it", card.place);
}

}  // namespace coachd::lint
