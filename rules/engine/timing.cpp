#include "rules/engine/timing.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/cards/required.hpp"
#include "rules/cards/timing.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

TimingStudy::TimingStudy(const RuleSet& rules, const ObjectPlan& plan, std::string_view field)
    : plan_(plan), unknown_(plan.facts.size()) {
  for (const auto& [index, card] : cards_about(rules, plan, field)) {
    FieldTiming t;
    t.rule = index;
    t.field = card->field;
    t.label = card->label;
    if (card->knowable && !card->from_creation) t.knowable = card->knowable->words();
    cards_.push_back({std::move(t), card, TimingTally(*card)});
  }
}

void TimingStudy::add(const Case& c, const World& world, model::Instant now) {
  const View v(plan_.compiled->frame, c, unknown_, world, now);
  for (auto& card : cards_) card.tally.add(v);
}

std::vector<FieldTiming> TimingStudy::finish(const World& world, model::Instant /*now*/) {
  std::vector<FieldTiming> out;
  for (auto& card : cards_) {
    FieldTiming& t = card.timing;
    t.evidence = card.tally.finish();
    const SlotInfo& slot = plan_.slots[card.card->slot];
    const StageTable* const stages = world.stages_of(plan_.object);
    t.required =
        required_at(*card.card, slot.required, slot.required_where, plan_.compiled->frame, plan_.slots.size(), stages);
    t.required_too_early = std::any_of(t.required.begin(), t.required.end(),
                                       [](const RequiredAt& r) { return r.too_early == Truth::yes; });
    for (const model::Requirement& r : slot.required_where)
      if (!r.unread.empty()) t.required_unread.push_back(model::words(r, {}));
    t.required_untold = plan_.required_untold;
    out.push_back(std::move(card.timing));
  }
  return out;
}

}  // namespace coachd::rules
