// What people did around a record, and what they plan. One file a test: happened.cpp, planned.cpp.
#pragma once

#include "rules/conditions/builder.hpp"
#include "rules/conditions/test.hpp"

namespace coachd::rules {

[[nodiscard]] TestPtr parse_activity(yaml::Node n, const model::Place& key, Builder& b);
[[nodiscard]] TestPtr parse_next_activity(yaml::Node n, const model::Place& key, Builder& b);

}  // namespace coachd::rules
