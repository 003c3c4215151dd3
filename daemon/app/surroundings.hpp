// Which objects a connection reads beside the records that its rules judge: its activity sources where a test asks for
// activities, and those that `related:` tests count.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/context.hpp"
#include "rules/model/description.hpp"

namespace coachd::app {

/// Fills `beside` and `surrounded` of a context whose rules are there. An object that the CRM does not describe, or
/// that does not belong to the other, is left out: tests on it cannot be told.
void lay_out_surroundings(pipeline::Context& context, const ConnectionSetup& setup,
                          const model::Description& description);

}  // namespace coachd::app
