#include "rules/engine/plan.hpp"
#include <cstddef>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/compiled.hpp"

namespace coachd::rules {

std::optional<Slot> ObjectPlan::find(std::string_view wanted) const noexcept {
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i].name == wanted) return static_cast<Slot>(i);
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (slots[i].crm_name == wanted) return static_cast<Slot>(i);
  return std::nullopt;
}

const ObjectPlan* RuleSet::plan(std::string_view object) const noexcept {
  const auto it = objects.find(object);
  return it == objects.end() ? nullptr : &it->second;
}

std::vector<CardOf> cards_about(const RuleSet& rules, const ObjectPlan& plan, std::string_view field) {
  std::vector<CardOf> out;
  for (const auto index : plan.rules) {
    const auto* card = std::get_if<Card>(&rules.compiled->rules[index].body);
    if (card == nullptr || card->slot == no_slot) continue;
    const auto& slot = plan.slots[card->slot];
    if (field.empty() || field == card->field || field == slot.crm_name || field == slot.label)
      out.push_back({index, card});
  }
  return out;
}

}  // namespace coachd::rules
