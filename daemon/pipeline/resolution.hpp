// What people did to prompts in the CRM, and what of ours the CRM already holds when the program starts. Deleted =
// dismissed, completed = done (in a heap: ignored), reassigned = follows the new person once, a twin is deleted (design
// 6, 8 and 14).
#pragma once

#include <vector>

#include "connectors/connector.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// Applies a page of coachd's own items as the CRM has them now. With `adopting` (the first reading after a start)
/// items whose prompt the store does not know, or believes still to be sent, are taken over; unknown ones without a
/// record are removed.
[[nodiscard]] store::UnitOfWork resolve(const Context& context, const store::Snapshot& snapshot,
                                        const std::vector<connectors::FoundPrompt>& found, bool adopting,
                                        model::Instant now);

}  // namespace coachd::pipeline
