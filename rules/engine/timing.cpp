#include "rules/engine/timing.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/cards/timing.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

TimingStudy::TimingStudy(const RuleSet& rules, const ObjectPlan& plan, std::string_view field)
    : plan_(plan), unknown_(plan.facts.size()) {
  for (const auto& [index, card] : cards_about(rules, plan, field)) {
    const auto& slot = plan.slots[card->slot];
    FieldTiming t;
    t.rule = index;
    t.field = card->field;
    t.label = card->label;
    if (card->knowable && !card->from_creation) t.knowable = card->knowable->words();
    t.required_too_early = slot.required && card->knowable && !card->from_creation;
    cards_.push_back({std::move(t), TimingTally(*card)});
  }
}

void TimingStudy::add(const Case& c, const World& world, model::Instant now) {
  const View v(plan_.compiled->frame, c, unknown_, world, now);
  for (auto& card : cards_) card.tally.add(v);
}

std::vector<FieldTiming> TimingStudy::finish(const World& /*world*/, model::Instant /*now*/) {
  std::vector<FieldTiming> out;
  for (auto& card : cards_) {
    card.timing.evidence = card.tally.finish();
    out.push_back(std::move(card.timing));
  }
  return out;
}

}  // namespace coachd::rules
