// When the answers that cards ask for were really given, from the histories in a state folder. One thread.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/state_view.hpp"
#include "rules/engine/timing.hpp"

namespace coachd::app {

struct TimingOfField {
  std::string connection;
  std::string object;    ///< canonical
  std::string workflow;  ///< whose card it is
  rules::FieldTiming timing;
};

/// Of every card, or of the cards of one field; `connection` may be empty: of all. Goes over every record once.
[[nodiscard]] std::vector<TimingOfField> timing(StateView& state, const std::string& connection,
                                                const std::string& field);

}  // namespace coachd::app
