// From what stands beside a record into its case: what people did, child and associated records, fields one step up.
#pragma once

#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::pipeline {

struct Context;
struct BuiltCase;

/// As far as the connection can tell; nothing for an object whose rules ask for none.
void fill_surroundings(const Context& context, const rules::ObjectPlan& plan, const store::Snapshot& snapshot,
                       BuiltCase& built);

}  // namespace coachd::pipeline
