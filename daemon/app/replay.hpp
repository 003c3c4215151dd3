// How often the rules would have asked in the last weeks, from the histories in a state folder. One thread.
#pragma once

#include <map>
#include <string>

#include "daemon/app/state_view.hpp"
#include "rules/engine/replay.hpp"

namespace coachd::app {

struct Replayed {
  int weeks = 0;  ///< 0: nobody looked back: there are more records than one waits for
  std::map<std::string, rules::Replay::Asked> asked;  ///< by `workflow/id`
};

[[nodiscard]] Replayed replay(StateView& state, const std::string& connection);

}  // namespace coachd::app
