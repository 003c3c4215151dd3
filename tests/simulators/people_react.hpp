// How simulated people answer the tasks that the integration user created for them: look in their working hours, then
// mend the record, delete the task, or ignore it. A machine without I/O; the caller holds the simulator's lock.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/company.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {

// Shares of the answers that simulated people give to prompts; what is missing to 1 is "ignore".
struct react_shares {
  double mend = 0;
  double remove = 0;
  [[nodiscard]] bool any() const { return mend > 0 || remove > 0; }
};

// "mend=0.5,ignore=0.3,delete=0.2"; none when a word or number is wrong or the sum is above 1.
[[nodiscard]] std::optional<react_shares> parse_react(std::string_view text);

struct reaction_counts {
  std::uint64_t mended = 0;
  std::uint64_t ignored = 0;
  std::uint64_t removed = 0;
  std::uint64_t waiting = 0;
};

class people_react {
 public:
  people_react(org& company_org, const company& who, react_shares shares, std::uint64_t seed);

  // Finds new tasks and does what is due at `now`.
  void step(instant now);
  [[nodiscard]] reaction_counts counts() const;

 private:
  enum class answer { mend, ignore, remove };
  struct plan {
    std::string task;
    answer what;
  };
  void look(row_number task, instant now);
  void act(const plan& p, instant now);
  // The fields that end what truth says about the record; empty when there is nothing to mend.
  [[nodiscard]] field_values mending(const std::string& record, instant now);
  [[nodiscard]] std::uint64_t draw(std::string_view a, std::string_view b) const;

  org& org_;
  const company& company_;
  react_shares shares_;
  std::uint64_t seed_;
  std::map<std::string, const person*, std::less<>> people_;
  std::multimap<std::string, const truth_row*, std::less<>> faults_;  // by record
  std::multimap<instant, plan> due_;
  row_number seen_ = 0;
  reaction_counts counts_;
};

}  // namespace coachd::sim
