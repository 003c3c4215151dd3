// What people did beside the records: signed in, took exports out, changed the set-up, attached files. Both CRMs tell
// it from the same list, each in its own words and only to whoever has the right. Plain values.
#pragma once

#include <cstdint>
#include <string>

#include "tests/simulators/instants.hpp"

namespace coachd::sim {

struct trace {
  enum class type : std::uint8_t { login, refused_login, export_taken, setup, file };
  type what{};
  std::string person;  // the company's Id of the user
  instant at;
  // Of the set-up: the CRM's own names, and in `name` what was done: created, required, type.
  std::string object{};
  std::string field{};
  // Of a file: Id of the record. Of a login `name` is its type as Salesforce has it, empty for a browser.
  std::string record{};
  std::string name{};
};

class org;
struct company;

// A month of ordinary days before `now`: everybody signs in on working days, programs sign in under people's names too,
// and one person takes an export out every day.
void make_traces(org& into, const company& who, instant now);

}  // namespace coachd::sim
