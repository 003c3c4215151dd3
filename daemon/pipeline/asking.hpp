// Who is to be asked for a finding, and which records are left in peace. Pure decisions about one record, for the hall
// and for rule tests.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

struct Answerer {
  std::string person;  ///< empty: nobody can answer
  std::string reason;  ///< then: why
};

/// `signed_in`: the user that coachd works as, who is nobody to ask; may be empty.
[[nodiscard]] Answerer answerer(const rules::World& world, std::string_view signed_in, const rules::ObjectPlan& plan,
                                const rules::RuleInfo& rule, const rules::Case& c);

/// True where no person changed stage, owner, amount or a governed field, or did anything on the record, since the rule
/// went live. `live_since`: nothing where that day is not known; then no record is old.
[[nodiscard]] bool old_record(const rules::World& world, std::string_view signed_in, const rules::ObjectPlan& plan,
                              const rules::RuleInfo& rule, const std::optional<model::Day>& live_since,
                              const rules::Case& c);

}  // namespace coachd::pipeline
