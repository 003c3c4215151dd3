#include "tests/simulators/salesforce_simulator.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/people_react.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_query.hpp"
#include "tests/simulators/sf_rest.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/simulator.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {
struct salesforce_simulator::state : simulator_core {
  explicit state(simulator_options o)
      : simulator_core{std::move(o), fault_switch::names()}, rest{crm, clock, faults, written, [this] {
                                                                    rest_settings r;
                                                                    r.integration_user = made.integration_user;
                                                                    r.organisation = made.organisation;
                                                                    r.session_lifetime = options.session_lifetime;
                                                                    r.tls = !options.tls.certificate.empty();
                                                                    return r;
                                                                  }()} {}

  sf_rest rest;
};

salesforce_simulator::salesforce_simulator(simulator_options options)
    : state_{std::make_unique<state>(std::move(options))} {
  auto& s = *state_;
  if (!s.options.truth_file.empty()) write_truth(s.options.truth_file, s.made.truth);
}

salesforce_simulator::~salesforce_simulator() {
  stop();
}

void salesforce_simulator::start() {
  auto& s = *state_;
  s.serve(
      [&s](const http_request& request) {
        const std::lock_guard lock{s.mutex};
        return s.rest.handle(request);
      },
      *this);
}

void salesforce_simulator::stop() {
  state_->server.stop();
}

std::string salesforce_simulator::base_url() const {
  return state_->base;
}
std::string salesforce_simulator::control_url() const {
  return state_->control;
}
sim_clock& salesforce_simulator::clock() {
  return state_->clock;
}
fault_switch& salesforce_simulator::faults() {
  return state_->faults;
}

bool salesforce_simulator::set_fault(std::string_view name, fault_setting setting) {
  return state_->set_fault(name, std::move(setting));
}

void salesforce_simulator::end_sessions() {
  const std::lock_guard lock{state_->mutex};
  state_->rest.end_sessions();
}

std::vector<ledger_row> salesforce_simulator::ledger_rows() const {
  return state_->written.rows();
}
const std::vector<truth_row>& salesforce_simulator::truth() const {
  return state_->made.truth;
}
const company& salesforce_simulator::people() const {
  return state_->made;
}

bool salesforce_simulator::change_validation_rule(std::string_view rule, std::optional<bool> active,
                                                  std::optional<std::string> formula) {
  const std::lock_guard lock{state_->mutex};
  return state_->rest.setup().change(rule, active, std::move(formula), state_->clock.now());
}

reaction_counts salesforce_simulator::reactions() const {
  const std::lock_guard lock{state_->mutex};
  return state_->people.counts();
}

std::uint64_t salesforce_simulator::calls() const {
  const std::lock_guard lock{state_->mutex};
  return state_->rest.calls();
}

std::optional<write_problem> salesforce_simulator::act_update(std::string_view person, std::string_view record,
                                                              const field_values& set,
                                                              std::chrono::seconds visible_after) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto now = s.clock.now();
  s.crm.settle(now);
  const auto delay = std::chrono::seconds{static_cast<std::int64_t>(s.faults.seconds("late-commit", 60))};
  if (visible_after.count() == 0 && s.faults.strikes("late-commit")) visible_after = delay;
  auto done = s.crm.update(record, set, person, now, visible_after.count() > 0);
  if (!done) return done.error();
  if (visible_after.count() > 0) {
    s.crm.commit_later(now + visible_after, [&s, who = std::string{person}, id = std::string{record}, set, now] {
      (void)s.crm.update(id, set, who, now);
    });
  }
  return std::nullopt;
}

std::optional<write_problem> salesforce_simulator::act_complete(std::string_view person, std::string_view task) {
  return act_update(person, task, {{"Status", std::string{"Completed"}}});
}

std::optional<write_problem> salesforce_simulator::act_reassign(std::string_view person, std::string_view task,
                                                                std::string_view to) {
  return act_update(person, task, {{"OwnerId", std::string{to}}});
}

std::optional<write_problem> salesforce_simulator::act_delete(std::string_view person, std::string_view record) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  s.crm.settle(s.clock.now());
  const auto done = s.crm.remove(record, person, s.clock.now());
  if (!done) return done.error();
  return std::nullopt;
}

boost::system::result<std::string, write_problem> salesforce_simulator::act_create(std::string_view person,
                                                                                   std::string_view object,
                                                                                   const field_values& set) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  s.crm.settle(s.clock.now());
  const auto* t = s.crm.find(object);
  if (t == nullptr)
    return write_problem{400, "INVALID_TYPE", fmt::format("sObject type '{}' is not supported.", object), {}};
  return s.crm.create(t->def().name, set, person, s.clock.now());
}

std::string salesforce_simulator::field(std::string_view record, std::string_view name) const {
  std::string out;
  with_org([&](org& crm) {
    crm.settle(state_->clock.now());
    const auto id = normal_id(record);
    const auto* t = crm.table_of(id);
    const auto n = t == nullptr ? std::nullopt : t->find(id);
    if (!n) return;
    const int column = t->column(name);
    const auto& v = t->cell(*n, column);
    if (v.kind() == value::type::text) {
      out = v.text();
    } else {
      write_value(out, v, t->def().fields[static_cast<std::size_t>(column)].type);
      std::erase(out, '"');
    }
  });
  return out;
}

void salesforce_simulator::with_org(const std::function<void(org&)>& work) const {
  const std::lock_guard lock{state_->mutex};
  work(state_->crm);
}

std::uint64_t salesforce_simulator::open_prompts() const {
  return state_->open_prompts();
}

void salesforce_simulator::react() {
  state_->react();
}

}  // namespace coachd::sim
