// Exceptions of rule files for records that a state folder does not have. One thread.
#pragma once

#include <vector>

#include "daemon/app/check/check.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/error.hpp"

namespace coachd::app {

/// `exception-unmatched` of each such line, as far as the set's connection knows; nothing before it has read all
/// records, nor of an object of which it has none. REQUIRES: the set has rules.
[[nodiscard]] std::vector<model::Diagnostic> unmatched_exceptions(const CheckedRules& set,
                                                                  const store::Snapshot& snapshot);

}  // namespace coachd::app
