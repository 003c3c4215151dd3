// Plants the faults, one kind on a record, and records that look like them and must stay silent. Each plan made here
// breaks exactly the rules that its marks name.
#pragma once

#include <vector>

#include "tests/simulators/company_plan.hpp"

namespace coachd::sim {

// About `per_kind` records of each kind and `per_look` of each look-alike variant, appended to `plans`.
void plant(planner& with, int per_kind, int per_look, std::vector<record_plan>& plans);
// Raises the amount of a background record here and there: needs all open records of each owner.
void plant_amounts(planner& with, int per_kind, int per_look, std::vector<record_plan>& plans);

}  // namespace coachd::sim
