#include "rules/conditions/registry.hpp"

namespace coachd::rules {

std::span<const FieldTest> changes_tests() { return {}; }

}  // namespace coachd::rules
