// What every simulated CRM has, whichever wire it speaks: options, the company with its clock, faults, ledger and
// people, and the calls that the control port makes. Ids and names are those of the CRM.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/people_react.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {

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
  std::vector<std::string> rights;  // of the integration user beyond the usual ones, see sf_trails.hpp and hs_rest.hpp
  tls_files tls;
  std::chrono::seconds session_lifetime{2 * 3600};
};

// What the control port needs of a simulated CRM. Every member is safe from every thread.
class simulated_crm {
 public:
  simulated_crm() = default;
  virtual ~simulated_crm() = default;
  simulated_crm(const simulated_crm&) = delete;
  simulated_crm& operator=(const simulated_crm&) = delete;

  virtual void start() = 0;  // binds, then serves; throws std::runtime_error when the port is taken
  virtual void stop() = 0;
  [[nodiscard]] virtual std::string base_url() const = 0;     // http://127.0.0.1:PORT, after start()
  [[nodiscard]] virtual std::string control_url() const = 0;  // empty without a control port
  [[nodiscard]] virtual sim_clock& clock() = 0;
  [[nodiscard]] virtual fault_switch& faults() = 0;
  // As fault_switch::set; switches clock skew too.
  virtual bool set_fault(std::string_view name, fault_setting setting) = 0;
  virtual void end_sessions() {}
  // Runs under the lock that guards the company.
  virtual void with_org(const std::function<void(org&)>& work) const = 0;
  [[nodiscard]] virtual std::vector<ledger_row> ledger_rows() const = 0;
  [[nodiscard]] virtual const std::vector<truth_row>& truth() const = 0;
  [[nodiscard]] virtual const company& people() const = 0;
  [[nodiscard]] virtual reaction_counts reactions() const = 0;
  [[nodiscard]] virtual std::uint64_t calls() const = 0;
  [[nodiscard]] virtual std::uint64_t open_prompts()
      const = 0;  // tasks of the integration that are neither done nor gone
  // A JSON object that tells of the webhooks sent; empty where there are none.
  [[nodiscard]] virtual std::string hooks() const { return {}; }

  // What a person does in the CRM's own pages. The error is the vendor's. `visible_after`: a change that takes its
  // stamp now and is seen by readers later.
  virtual std::optional<write_problem> act_update(std::string_view person, std::string_view record,
                                                  const field_values& set, std::chrono::seconds visible_after) = 0;
  virtual std::optional<write_problem> act_complete(std::string_view person, std::string_view task) = 0;
  virtual std::optional<write_problem> act_reassign(std::string_view person, std::string_view task,
                                                    std::string_view to) = 0;
  virtual std::optional<write_problem> act_delete(std::string_view person, std::string_view record) = 0;
  virtual std::optional<write_problem> act_merge(std::string_view, std::string_view, std::string_view) {
    return write_problem{400, "NOT_SUPPORTED", "this CRM merges nothing", {}};
  }
  virtual boost::system::result<std::string, write_problem> act_create(std::string_view person, std::string_view object,
                                                                       const field_values& set) = 0;
};

// The state behind a simulated CRM. Throws as simulated_crm's makers do.
struct simulator_core {
  // `fault_names`: those that the CRM knows.
  simulator_core(simulator_options o, std::span<const std::string_view> fault_names);

  bool set_fault(std::string_view name, fault_setting setting);
  void react();                                      // people do what is due; takes the lock
  [[nodiscard]] std::uint64_t open_prompts() const;  // takes the lock
  // Listens for `handler` and for the control port, and lets people react.
  void serve(http_server::handler handler, simulated_crm& crm);

  simulator_options options;
  clock_setting setting;
  sim_clock clock;
  fault_switch faults;
  ledger written;
  mutable std::mutex mutex;  // guards everything below
  mutable org crm;
  company made;
  people_react people;
  std::string base;
  std::string control;
  http_server server;
};

}  // namespace coachd::sim
