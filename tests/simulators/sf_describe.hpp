// Describe answers of the simulated org, written from its schema. Pure functions.
#pragma once

#include <string>
#include <string_view>

#include "tests/simulators/sf_schema.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {

// GET /sobjects/X/describe. `record_types` may be null for objects without any; `writable`: the caller may write it.
[[nodiscard]] std::string describe_json(const object_def& object, const table* record_types, std::string_view version,
                                        bool writable);
// GET /sobjects
[[nodiscard]] std::string describe_global_json(const schema& all, std::string_view version);

}  // namespace coachd::sim
