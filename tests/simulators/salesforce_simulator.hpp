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
#include "tests/simulators/simulator.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {

class salesforce_simulator : public simulated_crm {
 public:
  // Makes the company. Throws std::runtime_error for a wrong option or an unwritable file.
  explicit salesforce_simulator(simulator_options options);
  ~salesforce_simulator() override;

  void start() override;
  void stop() override;
  [[nodiscard]] std::string base_url() const override;
  [[nodiscard]] std::string control_url() const override;
  [[nodiscard]] sim_clock& clock() override;
  [[nodiscard]] fault_switch& faults() override;
  bool set_fault(std::string_view name, fault_setting setting) override;
  void end_sessions() override;
  [[nodiscard]] std::vector<ledger_row> ledger_rows() const override;
  [[nodiscard]] const std::vector<truth_row>& truth() const override;
  [[nodiscard]] const company& people() const override;
  [[nodiscard]] reaction_counts reactions() const override;
  [[nodiscard]] std::uint64_t calls() const override;
  [[nodiscard]] std::uint64_t open_prompts() const override;

  std::optional<write_problem> act_update(std::string_view person, std::string_view record, const field_values& set,
                                          std::chrono::seconds visible_after = std::chrono::seconds{0}) override;
  std::optional<write_problem> act_complete(std::string_view person, std::string_view task) override;
  std::optional<write_problem> act_reassign(std::string_view person, std::string_view task,
                                            std::string_view to) override;
  std::optional<write_problem> act_delete(std::string_view person, std::string_view record) override;
  boost::system::result<std::string, write_problem> act_create(std::string_view person, std::string_view object,
                                                               const field_values& set) override;

  // One field of one record as REST would show it, without quotes; "null" when blank, empty for an unknown record.
  [[nodiscard]] std::string field(std::string_view record, std::string_view name) const;
  // What an admin does to one of the validation rules of sf_setup.hpp. False: there is none of that name.
  bool change_validation_rule(std::string_view rule, std::optional<bool> active, std::optional<std::string> formula);
  // Runs under the lock that guards the org.
  void with_org(const std::function<void(org&)>& work) const override;
  // Lets people react to what is due now; called by the server's thread by itself.
  void react();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace coachd::sim
