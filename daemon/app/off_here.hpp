// What of the rules is off on each connection, or cannot be told in some of its pipelines, by the last description of
// its CRM in the state folder. Reads only. One thread.
#pragma once

#include <string>
#include <vector>

#include "daemon/settings/settings.hpp"

namespace coachd::app {

struct OffHere {
  std::string connection;
  std::vector<std::string> what;  ///< one sentence each
};

/// Connections that were described and have something off; nothing where there is no state to read yet.
[[nodiscard]] std::vector<OffHere> off_here(const settings::Settings& settings);

}  // namespace coachd::app
