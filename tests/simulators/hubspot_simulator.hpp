// A HubSpot portal with the same believable company behind real HTTP: for tests in their own process and for
// coachd-sim. Serves on a thread of its own; every member is safe from every thread. Records are named by HubSpot's
// ids, people by their owner ids, fields by HubSpot's property names.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/hs_hooks.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/simulator.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {

struct hubspot_options : simulator_options {
  std::string webhooks;     // URL of the door, http only; empty for none
  std::string webhook_uri;  // the public URL that is signed, where it differs
  bool task_key = false;    // tasks have the unique property coachd_key
  bool limits = true;
  bool omit_nulls = false;
  bool enforce = false;               // the admin's rules bind writes of 2026-09
  std::chrono::seconds index_lag{4};  // of search, on the simulated clock
};

class hubspot_simulator : public simulated_crm {
 public:
  // Makes the company. Throws std::runtime_error for a wrong option or an unwritable file.
  explicit hubspot_simulator(hubspot_options options);
  ~hubspot_simulator() override;

  void start() override;
  void stop() override;
  [[nodiscard]] std::string base_url() const override;
  [[nodiscard]] std::string control_url() const override;
  [[nodiscard]] sim_clock& clock() override;
  [[nodiscard]] fault_switch& faults() override;
  bool set_fault(std::string_view name, fault_setting setting) override;
  [[nodiscard]] std::vector<ledger_row> ledger_rows() const override;
  [[nodiscard]] const std::vector<truth_row>& truth() const override;
  [[nodiscard]] const company& people() const override;  // ids are owner ids
  [[nodiscard]] reaction_counts reactions() const override;
  [[nodiscard]] std::uint64_t calls() const override;
  [[nodiscard]] std::uint64_t open_prompts() const override;
  [[nodiscard]] std::string hooks() const override;
  // Where webhooks go from now on; empty for nowhere.
  void send_hooks_to(const std::string& url, const std::string& signed_uri = {});

  std::optional<write_problem> act_update(std::string_view person, std::string_view record, const field_values& set,
                                          std::chrono::seconds visible_after = std::chrono::seconds{0}) override;
  std::optional<write_problem> act_complete(std::string_view person, std::string_view task) override;
  std::optional<write_problem> act_reassign(std::string_view person, std::string_view task,
                                            std::string_view to) override;
  std::optional<write_problem> act_delete(std::string_view person, std::string_view record) override;
  boost::system::result<std::string, write_problem> act_create(std::string_view person, std::string_view object,
                                                               const field_values& set) override;

  std::optional<write_problem> act_merge(std::string_view person, std::string_view record,
                                         std::string_view into) override;

  // One property of one record as the API would show it; "null" when blank, empty for an unknown record or property.
  [[nodiscard]] std::string field(std::string_view record, std::string_view property) const;
  [[nodiscard]] bool archived(std::string_view record) const;
  // What an admin does in the settings: a property comes back from the archived ones. False: it is none of them.
  bool restore_property(std::string_view object, std::string_view name);
  // Runs under the lock that guards the company.
  void with_org(const std::function<void(org&)>& work) const override;
  void react();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace coachd::sim
