#include "tests/simulators/simulator.hpp"

#include <chrono>
#include <cstdint>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "tests/simulators/company.hpp"
#include "tests/simulators/control.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/people_react.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/traces.hpp"

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

simulator_core::simulator_core(simulator_options o, std::span<const std::string_view> fault_names)
    : options{std::move(o)},
      setting{options.clock ? *options.clock : real_time()},
      clock{setting.start, setting.rate},
      faults{options.seed, fault_names},
      written{options.ledger_file},
      made{make_company(crm, company_of(options, setting.start))},
      people{crm, made, options.react, options.seed} {
  for (const auto& f : options.faults) {
    if (!faults.set(f)) throw std::runtime_error{"not a fault of this simulator: " + f};
  }
  for (const auto& right : options.rights) crm.grant(right);
  if (!options.rights.empty()) make_traces(crm, made, options.now.value_or(setting.start));
  if (faults.settings().contains("clock-skew")) {
    clock.set_skew(std::chrono::seconds{static_cast<std::int64_t>(faults.seconds("clock-skew", 600))});
  }
}

bool simulator_core::set_fault(std::string_view name, fault_setting setting_of) {
  const bool on = setting_of.share > 0 && setting_of.count != 0;
  const auto length = setting_of.value.value_or(600);
  if (!faults.set(name, std::move(setting_of))) return false;
  if (name == "clock-skew") clock.set_skew(std::chrono::seconds{on ? static_cast<std::int64_t>(length) : 0});
  return true;
}

void simulator_core::react() {
  const std::lock_guard lock{mutex};
  const auto now = clock.now();
  crm.settle(now);
  people.step(now);
}

std::uint64_t simulator_core::open_prompts() const {
  const std::lock_guard lock{mutex};
  std::uint64_t open = 0;
  const auto& tasks = crm.get("Task");
  const auto* me = crm.texts().find(made.integration_user);
  for (const auto n : tasks.holding(tasks.column("CreatedById"), me)) {
    open += !tasks.cell(n, tasks.column("IsDeleted")).boolean() && !tasks.cell(n, tasks.column("IsClosed")).boolean();
  }
  return open;
}

void simulator_core::serve(http_server::handler handler, simulated_crm& of) {
  const auto port = server.listen(options.listen, std::move(handler), options.tls);
  const auto host = options.listen.substr(0, options.listen.rfind(':'));
  base = fmt::format("{}://{}:{}", options.tls.certificate.empty() ? "http" : "https", host, port);
  if (!options.control.empty()) {
    const auto at = server.listen(options.control, [&of](const http_request& r) { return control_request(of, r); });
    control = fmt::format("http://{}:{}", options.control.substr(0, options.control.rfind(':')), at);
  }
  if (options.react.any()) server.every(std::chrono::milliseconds{20}, [this] { react(); });
  server.start();
}

}  // namespace coachd::sim
