// The people and the set-up of a simulated company: users with managers, teams and zones, stages, record types, the
// organisation, accounts and contacts.
#pragma once

#include <string>
#include <vector>

#include "tests/simulators/company.hpp"
#include "tests/simulators/dice.hpp"

namespace coachd::sim {

// Fills Organization, OpportunityStage, RecordType, TaskStatus and User.
void make_people(org& into, const company_options& options, dice& d, company& out);
// Fills Account and Contact; gives the accounts' Ids.
[[nodiscard]] std::vector<std::string> make_accounts(org& into, const company_options& options, dice& d,
                                                     const company& who);

}  // namespace coachd::sim
