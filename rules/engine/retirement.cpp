#include "rules/engine/retirement.hpp"

#include <string_view>
#include <utility>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/cards/retirement.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

// Fields whose values are words of people: only these can be twins.
std::vector<Slot> possible_twins(const ObjectPlan& plan, Slot of) {
  std::vector<Slot> out;
  for (Slot s = 0; s < plan.slots.size(); ++s) {
    const auto type = plan.slots[s].type;
    const bool words = type == model::FieldType::unknown || type == model::FieldType::text ||
                       type == model::FieldType::long_text || type == model::FieldType::picklist ||
                       type == model::FieldType::multi_picklist;
    const bool special = s == plan.owner || s == plan.stage || s == plan.pipeline || s == plan.name;
    if (words && !special && s != of) out.push_back(s);
  }
  return out;
}

}  // namespace

RetirementStudy::RetirementStudy(const RuleSet& rules, const ObjectPlan& plan, std::string_view field)
    : plan_(plan), unknown_(plan.facts.size()) {
  for (const auto& [index, card] : cards_about(rules, plan, field)) {
    FieldRetirement f;
    f.rule = index;
    f.field = card->field;
    f.label = card->label;
    f.wanted = card->retire && !card->kept;
    f.kept = card->kept;
    cards_.push_back({std::move(f), UseTally(*card, possible_twins(plan, card->slot))});
  }
}

void RetirementStudy::add(const Case& c, const World& world, model::Instant now) {
  const View v(plan_.compiled->frame, c, unknown_, world, now);
  for (auto& card : cards_) card.tally.add(v);
}

std::vector<FieldRetirement> RetirementStudy::finish(const World& world, model::Instant now) {
  std::vector<FieldRetirement> out;
  for (auto& card : cards_) {
    card.field.use = card.tally.finish(now, world.calendar);
    if (auto& twin = card.field.use.twin) {
      const auto& slot = plan_.slots[card.tally.twin_slot()];
      twin->field = slot.name;
      twin->label = slot.label;
    }
    out.push_back(std::move(card.field));
  }
  return out;
}

}  // namespace coachd::rules
