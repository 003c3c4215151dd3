#include "rules/engine/plan.hpp"
#include <cstddef>
#include <optional>
#include <string>
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

std::string in_words(const PartlyOff& off) {
  constexpr std::size_t named = 5;
  std::string out;
  for (std::size_t i = 0; i < off.rules.size(); ++i)
    out += (i == 0 ? "" : i + 1 == off.rules.size() ? " and " : ", ") + off.rules[i].get();
  const bool everywhere = off.pipelines.size() == off.of;
  out += " cannot be told in ";
  out += everywhere ? "any" : std::to_string(off.pipelines.size());
  out += " of " + std::string(everywhere ? "the " : "") + std::to_string(off.of) + " pipelines of " + off.object +
         ", which have no `" + off.stage + "`: ";
  for (std::size_t i = 0; i < off.pipelines.size() && i < named; ++i)
    out += (i == 0 ? "" : ", ") + (off.pipelines[i].empty() ? "the only one" : off.pipelines[i]);
  if (off.pipelines.size() > named) out += " and " + std::to_string(off.pipelines.size() - named) + " more";
  return out;
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
