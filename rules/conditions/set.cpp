#include "rules/conditions/registry.hpp"

namespace coachd::rules {

std::span<const FieldTest> set_tests() { return {}; }

}  // namespace coachd::rules
