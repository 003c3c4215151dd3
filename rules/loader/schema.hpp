// The JSON Schema (2020-12) of rule files, made from the tables that the loader reads by: condition words, kept keys,
// kinds, jobs, detectors. For editors: keys, shapes, completion, hover. Names, types of fields and stages are known to
// `coachd check` only. Pure.
#pragma once

#include <string>

namespace coachd::rules {

[[nodiscard]] std::string rules_schema();

}  // namespace coachd::rules
