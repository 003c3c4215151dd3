#include "rules/engine/plan.hpp"
#include <cstddef>
#include <optional>
#include <string_view>
#include "rules/conditions/case.hpp"

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

}  // namespace coachd::rules
