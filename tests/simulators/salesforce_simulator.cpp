#include "tests/simulators/salesforce_simulator.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/simulators/company.hpp"
#include "tests/simulators/control.hpp"
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
#include "tests/simulators/truth.hpp"

namespace coachd::sim {
namespace {

clock_setting real_time() {
  return {std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()), 1};
}

company_options company_of(const simulator_options& o, instant start) {
  const bool large = o.company == "large";
  if (!large && o.company != "small") throw std::runtime_error{"--company is small or large, not " + o.company};
  company_options c;
  c.seed = o.seed;
  c.people = o.people > 0 ? o.people : (large ? 5000 : 24);
  c.records = o.records > 0 ? o.records : (large ? 200'000 : 400);
  c.months = o.months;
  c.now = o.now.value_or(start);
  return c;
}

}  // namespace

std::optional<react_shares> parse_react(std::string_view text) {
  react_shares shares;
  double sum = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto word = text.substr(0, end);
    const auto equal = word.find('=');
    if (equal == std::string_view::npos) return std::nullopt;
    double share = 0;
    const auto number = word.substr(equal + 1);
    const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), share);
    if (error != std::errc{} || stop != number.data() + number.size() || share < 0) return std::nullopt;
    const auto name = word.substr(0, equal);
    if (name == "mend") {
      shares.mend = share;
    } else if (name == "delete") {
      shares.remove = share;
    } else if (name != "ignore") {
      return std::nullopt;
    }
    sum += share;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (sum > 1.0001) return std::nullopt;
  return shares;
}

struct salesforce_simulator::state {
  explicit state(simulator_options o)
      : options{std::move(o)},
        setting{options.clock ? *options.clock : real_time()},
        clock{setting.start, setting.rate},
        faults{options.seed},
        written{options.ledger_file},
        made{make_company(crm, company_of(options, setting.start))},
        people{crm, made, options.react, options.seed},
        rest{crm, clock, faults, written, [this] {
               rest_settings r;
               r.integration_user = made.integration_user;
               r.organisation = made.organisation;
               r.session_lifetime = options.session_lifetime;
               r.tls = !options.tls.certificate.empty();
               return r;
             }()} {}

  simulator_options options;
  clock_setting setting;
  sim_clock clock;
  fault_switch faults;
  ledger written;
  mutable std::mutex mutex;  // guards everything below
  org crm;
  company made;
  people_react people;
  sf_rest rest;
  std::string base;
  std::string control;
  http_server server;
};

salesforce_simulator::salesforce_simulator(simulator_options options)
    : state_{std::make_unique<state>(std::move(options))} {
  auto& s = *state_;
  if (!s.options.truth_file.empty()) write_truth(s.options.truth_file, s.made.truth);
  for (const auto& f : s.options.faults) {
    if (!s.faults.set(f)) throw std::runtime_error{"not a fault of this simulator: " + f};
  }
  if (s.faults.settings().contains("clock-skew")) {
    s.clock.set_skew(std::chrono::seconds{static_cast<std::int64_t>(s.faults.seconds("clock-skew", 600))});
  }
}

salesforce_simulator::~salesforce_simulator() {
  stop();
}

void salesforce_simulator::start() {
  auto& s = *state_;
  const auto port = s.server.listen(
      s.options.listen,
      [&s](const http_request& request) {
        const std::lock_guard lock{s.mutex};
        return s.rest.handle(request);
      },
      s.options.tls);
  const auto host = s.options.listen.substr(0, s.options.listen.rfind(':'));
  s.base = fmt::format("{}://{}:{}", s.options.tls.certificate.empty() ? "http" : "https", host, port);
  if (!s.options.control.empty()) {
    const auto control =
        s.server.listen(s.options.control, [this](const http_request& r) { return control_request(*this, r); });
    s.control = fmt::format("http://{}:{}", s.options.control.substr(0, s.options.control.rfind(':')), control);
  }
  if (s.options.react.any()) s.server.every(std::chrono::milliseconds{20}, [this] { react(); });
  s.server.start();
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
  if (!state_->faults.set(name, setting)) return false;
  if (name == "clock-skew") {
    const bool on = setting.share > 0 && setting.count != 0;
    state_->clock.set_skew(std::chrono::seconds{on ? static_cast<std::int64_t>(setting.value.value_or(600)) : 0});
  }
  return true;
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

void salesforce_simulator::react() {
  const std::lock_guard lock{state_->mutex};
  const auto now = state_->clock.now();
  state_->crm.settle(now);
  state_->people.step(now);
}

}  // namespace coachd::sim
