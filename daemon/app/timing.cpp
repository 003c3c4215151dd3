#include "daemon/app/timing.hpp"

#include <string>
#include <utility>
#include <vector>

#include "daemon/app/state_records.hpp"
#include "daemon/app/state_view.hpp"
#include "rules/engine/timing.hpp"

namespace coachd::app {

std::vector<TimingOfField> timing(StateView& state, const std::string& connection, const std::string& field) {
  std::vector<TimingOfField> out;
  study_cards<rules::TimingStudy>(
      state, connection, field,
      [&](const auto& name, const auto& object, const auto& workflow, rules::FieldTiming found) {
        out.push_back({name, object, workflow, std::move(found)});
      });
  return out;
}

}  // namespace coachd::app
