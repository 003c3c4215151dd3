// What was planted in a simulated company: which record has which fault since when, and which records look like it and
// must stay silent. Written as JSON lines for tests to hold findings against.
#pragma once

#include <string>
#include <vector>

#include "tests/simulators/instants.hpp"

namespace coachd::sim {

struct truth_row {
  std::string record;
  std::string fault;  // placeholder, missing, commit-without-next-step, past-close-date, pushed-close-date,
                      // pasted-next-step, stale-next-step, stuck-in-stage, set-with-stage-change, amount-far-above-mean
  std::string field;  // empty where the fault is not about one field
  instant since{};
  std::string owner;
  bool look_alike = false;
  std::string note;
};

[[nodiscard]] std::string to_json(const truth_row& row);
// Throws std::runtime_error when the file cannot be written.
void write_truth(const std::string& path, const std::vector<truth_row>& rows);

}  // namespace coachd::sim
