// Fills the simulated org with a believable company: people, accounts, months of opportunities with their history, and
// the planted faults with their look-alikes. The same options give the same data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {

struct company_options {
  std::uint64_t seed = 1;
  int people = 24;
  int records = 400;
  int months = 18;
  instant now{};  // the base that the past is laid out against
};

struct person {
  std::string id;
  std::string name;
  std::string email;
  std::string zone;
  std::string manager;  // Id; empty for none
  std::string job;      // executive, manager, rep, revops, integration
  bool active = true;
};

struct company {
  std::string organisation;
  std::string integration_user;
  std::vector<person> people;
  std::vector<truth_row> truth;
};

// Throws std::logic_error when the background it made breaks a rule, or a planted fault does not: a defect of the
// generator, never of the caller.
[[nodiscard]] company make_company(org& into, const company_options& options);

}  // namespace coachd::sim
