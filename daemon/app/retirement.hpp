// Which governed fields nobody uses any more, from the records and histories in a state folder. One thread.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/state_view.hpp"
#include "rules/engine/retirement.hpp"

namespace coachd::app {

struct RetirementOfField {
  std::string connection;
  std::string object;    ///< canonical
  std::string workflow;  ///< whose card it is
  rules::FieldRetirement field;
};

/// Of every card, or of the cards of one field; `connection` may be empty: of all. Goes over every record once.
[[nodiscard]] std::vector<RetirementOfField> retirement(StateView& state, const std::string& connection,
                                                        const std::string& field);

}  // namespace coachd::app
