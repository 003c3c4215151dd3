#include "daemon/app/retirement.hpp"

#include <string>
#include <utility>
#include <vector>

#include "daemon/app/state_records.hpp"
#include "daemon/app/state_view.hpp"
#include "rules/engine/retirement.hpp"

namespace coachd::app {

std::vector<RetirementOfField> retirement(StateView& state, const std::string& connection, const std::string& field) {
  std::vector<RetirementOfField> out;
  study_cards<rules::RetirementStudy>(
      state, connection, field,
      [&](const auto& name, const auto& object, const auto& workflow, rules::FieldRetirement found) {
        out.push_back({name, object, workflow, std::move(found)});
      });
  return out;
}

}  // namespace coachd::app
