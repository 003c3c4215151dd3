#include "rules/conditions/activity.hpp"

#include <span>

#include "rules/conditions/registry.hpp"

namespace coachd::rules {
namespace {

constexpr Subject subjects[] = {{"activity", parse_activity}, {"next_activity", parse_next_activity}};

}  // namespace

std::span<const Subject> activity_subjects() {
  return subjects;
}

}  // namespace coachd::rules
