// A Salesforce org with a believable company behind real HTTP: for tests in their own process and for coachd-sim.
// Serves on a thread of its own; every member is safe from every thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {

// Shares of the answers that simulated people give to prompts; what is missing to 1 is "ignore".
struct react_shares {
  double mend = 0;
  double remove = 0;
  [[nodiscard]] bool any() const { return mend > 0 || remove > 0; }
};

struct simulator_options {
  std::string listen = "127.0.0.1:0";
  std::string control;  // empty: no control port
  std::string company = "small";
  std::uint64_t seed = 1;
  int people = 0;  // 0: as the company has it
  int records = 0;
  int months = 18;
  std::optional<instant> now;          // default: the clock's start
  std::optional<clock_setting> clock;  // default: the real time at rate 1
  std::string truth_file;
  std::string ledger_file;
  react_shares react;
  std::vector<std::string> faults;  // NAME[=SHARE]
  tls_files tls;
  std::chrono::seconds session_lifetime{2 * 3600};
};

// "mend=0.5,ignore=0.3,delete=0.2"; none when a word or number is wrong or the sum is above 1.
[[nodiscard]] std::optional<react_shares> parse_react(std::string_view text);

struct reaction_counts {
  std::uint64_t mended = 0;
  std::uint64_t ignored = 0;
  std::uint64_t removed = 0;
  std::uint64_t waiting = 0;
};

class salesforce_simulator {
 public:
  // Makes the company. Throws std::runtime_error for a wrong option or an unwritable file.
  explicit salesforce_simulator(simulator_options options);
  ~salesforce_simulator();
  salesforce_simulator(const salesforce_simulator&) = delete;
  salesforce_simulator& operator=(const salesforce_simulator&) = delete;

  void start();  // binds, then serves; throws std::runtime_error when the port is taken
  void stop();

  [[nodiscard]] std::string base_url() const;     // http://127.0.0.1:PORT, after start()
  [[nodiscard]] std::string control_url() const;  // empty without a control port
  [[nodiscard]] sim_clock& clock();
  [[nodiscard]] fault_switch& faults();
  // As fault_switch::set; switches clock skew too.
  bool set_fault(std::string_view name, fault_setting setting);
  void end_sessions();
  [[nodiscard]] std::vector<ledger_row> ledger_rows() const;
  [[nodiscard]] const std::vector<truth_row>& truth() const;
  [[nodiscard]] const company& people() const;
  [[nodiscard]] reaction_counts reactions() const;
  [[nodiscard]] std::uint64_t calls() const;

  // What a person does in the CRM's own pages. The error is the vendor's. `visible_after`: a transaction that takes its
  // stamp now and commits later.
  std::optional<write_problem> act_update(std::string_view person, std::string_view record, const field_values& set,
                                          std::chrono::seconds visible_after = std::chrono::seconds{0});
  std::optional<write_problem> act_complete(std::string_view person, std::string_view task);
  std::optional<write_problem> act_reassign(std::string_view person, std::string_view task, std::string_view to);
  std::optional<write_problem> act_delete(std::string_view person, std::string_view record);
  boost::system::result<std::string, write_problem> act_create(std::string_view person, std::string_view object,
                                                               const field_values& set);

  // One field of one record as REST would show it, without quotes; "null" when blank, empty for an unknown record.
  [[nodiscard]] std::string field(std::string_view record, std::string_view name) const;
  // Runs under the lock that guards the org.
  void with_org(const std::function<void(org&)>& work) const;
  // Lets people react to what is due now; called by the server's thread by itself.
  void react();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace coachd::sim
