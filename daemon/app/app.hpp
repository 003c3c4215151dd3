// The composition root: settings in, a running daemon out, wired in the order of the hall. Threads: network (this one),
// store and checkpoint (inside the store), evaluation; beside them one for the study of the day and one that reads the
// state for /metrics. SIGHUP reloads rules whole or keeps the old ones; SIGTERM
// and SIGINT end within ten seconds, and what is still out then is in doubt at the next start and looked up.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/clock.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/settings/settings.hpp"

namespace coachd::app {

struct RunOptions {
  settings::Settings settings;
  std::optional<ClockSpec> clock;  ///< a test clock: refused unless every connection is on loopback
};

/// What could not be done at the start: each is a sentence for the admin; diagnostics carry places.
struct StartError {
  std::vector<model::Diagnostic> diagnostics;
  std::string message;
};

/// Runs until it is told to end. Nothing: it ended as it was told. Throws only what is broken in the program itself.
[[nodiscard]] std::optional<StartError> run(RunOptions options);

}  // namespace coachd::app
