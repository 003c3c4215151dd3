#include "tests/simulators/hubspot_simulator.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>
#include <boost/system/result.hpp>

#include "tests/simulators/company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/hs_hooks.hpp"
#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_rest.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/hs_writes.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/people_react.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/sim_clock.hpp"
#include "tests/simulators/simulator.hpp"
#include "tests/simulators/truth.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;

std::string text_of(const plain_value& v) {
  if (const auto* s = std::get_if<std::string>(&v)) return *s;
  if (const auto* n = std::get_if<double>(&v)) return fmt::format("{}", *n);
  if (const auto* b = std::get_if<bool>(&v)) return *b ? "true" : "false";
  return {};
}

hs_values values_of(const field_values& set) {
  hs_values values;
  for (const auto& [name, v] : set) values.emplace_back(name, text_of(v));
  return values;
}

write_problem as_write_problem(const hs_problem& p) {
  write_problem out{p.status, p.details.empty() ? p.category : p.details.front().code, p.message, {}};
  for (const auto& d : p.details) out.fields.push_back(d.property);
  return out;
}

write_problem unknown(std::string_view what, std::string_view id) {
  return {404, "OBJECT_NOT_FOUND", fmt::format("no {} {}", what, id), {}};
}

}  // namespace

struct hubspot_simulator::state : simulator_core {
  explicit state(hubspot_options o)
      : simulator_core{o, fault_switch::hubspot_names()},
        own{std::move(o)},
        records{crm, made.integration_user, own.task_key, own.omit_nulls},
        index{records},
        writes{records, index, [this] { return lag(); }},
        hooks{records, faults},
        rest{records, index, writes, clock, faults, written, [this] {
               hs_settings s;
               s.limits = own.limits;
               s.enforce = own.enforce;
               return s;
             }()} {
    writes.watch([this](const hs_written& w) { hooks.note(w); });
    translate();
  }

  // What the index takes to see a change made now.
  std::chrono::seconds lag() {
    if (next_lag) return *next_lag;
    const auto long_lag = std::chrono::seconds{static_cast<std::int64_t>(faults.seconds("late-commit", 180))};
    return faults.strikes("late-commit") ? long_lag : own.index_lag;
  }

  void translate() {
    const auto& deals = records.schema().get(hs_object::deals);
    const auto owner = [&](const std::string& user) {
      const auto id = records.people().owner_id(crm.texts().find(user));
      return id == 0 ? std::string{} : fmt::to_string(id);
    };
    for (auto t : made.truth) {
      const auto n = crm.opportunities().find(t.record);
      t.record = n ? fmt::to_string(hs_records::id_of(hs_object::deals, *n)) : t.record;
      t.owner = owner(t.owner);
      if (!t.field.empty()) {
        const int column = crm.opportunities().column(t.field);
        const auto p = std::ranges::find(deals.properties, column, &hs_property::column);
        if (p != deals.properties.end()) t.field = p->name;
      }
      truth.push_back(std::move(t));
    }
    translated = made;
    translated.organisation = fmt::to_string(hs_portal_id);
    translated.truth = truth;
    for (auto& p : translated.people) {
      p.id = owner(p.id);
      p.manager = owner(p.manager);
    }
    std::erase_if(translated.people, [](const person& p) { return p.id.empty(); });
  }

  struct found {
    hs_object object;
    row_number n;
  };
  [[nodiscard]] std::optional<found> find(std::string_view id) const {
    for (const auto object : all_hs_objects) {
      if (const auto n = records.find(object, id)) return found{object, *n};
    }
    return std::nullopt;
  }

  // Sends what is due. Runs on the server's thread.
  void send_hooks() {
    std::vector<std::pair<hook_body, hook_request>> out;
    std::string to;
    {
      const std::lock_guard lock{mutex};
      to = own.webhooks;
      if (to.empty()) return;
      for (auto& body : hooks.take(std::chrono::steady_clock::now())) {
        auto request = hooks.request(body, clock.now());
        out.emplace_back(std::move(body), std::move(request));
      }
    }
    for (auto& [body, request] : out) {
      server.post(to, std::move(request.headers), std::move(request.body), 5s,
                  [this, kept = std::move(body)](int status) {
                    const std::lock_guard lock{mutex};
                    hooks.done(kept, status >= 200 && status < 300, std::chrono::steady_clock::now());
                  });
    }
  }

  hubspot_options own;
  hs_records records;
  hs_index index;
  hs_writes writes;
  hs_hooks hooks;
  hs_rest rest;
  std::optional<std::chrono::seconds> next_lag;
  std::vector<truth_row> truth;
  company translated;
};

hubspot_simulator::hubspot_simulator(hubspot_options options) : state_{std::make_unique<state>(std::move(options))} {
  auto& s = *state_;
  if (!s.own.truth_file.empty()) write_truth(s.own.truth_file, s.truth);
  send_hooks_to(s.own.webhooks, s.own.webhook_uri);
}

hubspot_simulator::~hubspot_simulator() {
  stop();
}

void hubspot_simulator::start() {
  auto& s = *state_;
  s.server.every(10ms, [&s] { s.send_hooks(); });
  s.serve(
      [&s](const http_request& request) {
        const std::lock_guard lock{s.mutex};
        return s.rest.handle(request);
      },
      *this);
}

void hubspot_simulator::stop() {
  state_->server.stop();
}
std::string hubspot_simulator::base_url() const {
  return state_->base;
}
std::string hubspot_simulator::control_url() const {
  return state_->control;
}
sim_clock& hubspot_simulator::clock() {
  return state_->clock;
}
fault_switch& hubspot_simulator::faults() {
  return state_->faults;
}
bool hubspot_simulator::set_fault(std::string_view name, fault_setting setting) {
  return state_->set_fault(name, std::move(setting));
}
std::vector<ledger_row> hubspot_simulator::ledger_rows() const {
  return state_->written.rows();
}
const std::vector<truth_row>& hubspot_simulator::truth() const {
  return state_->truth;
}
const company& hubspot_simulator::people() const {
  return state_->translated;
}
std::uint64_t hubspot_simulator::open_prompts() const {
  return state_->open_prompts();
}
void hubspot_simulator::react() {
  state_->react();
}

reaction_counts hubspot_simulator::reactions() const {
  const std::lock_guard lock{state_->mutex};
  return state_->people.counts();
}

std::uint64_t hubspot_simulator::calls() const {
  const std::lock_guard lock{state_->mutex};
  return state_->rest.calls();
}

std::string hubspot_simulator::hooks() const {
  const std::lock_guard lock{state_->mutex};
  const auto c = state_->hooks.counts();
  return fmt::format(
      R"({{"events":{},"sent":{},"accepted":{},"refused":{},"retried":{},"given_up":{},"dropped":{},"waiting":{}}})",
      c.events, c.sent, c.accepted, c.refused, c.retried, c.given_up, c.dropped, c.waiting);
}

void hubspot_simulator::send_hooks_to(const std::string& url, const std::string& uri) {
  const std::lock_guard lock{state_->mutex};
  state_->own.webhooks = url;
  state_->hooks.aim(uri.empty() ? url : uri);
}

std::optional<write_problem> hubspot_simulator::act_update(std::string_view person, std::string_view record,
                                                           const field_values& set,
                                                           std::chrono::seconds visible_after) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto* user = s.records.people().by_owner_id(person);
  const auto at = s.find(record);
  if (user == nullptr || !at) return unknown(user == nullptr ? "owner" : "record", user == nullptr ? person : record);
  if (visible_after.count() > 0) s.next_lag = visible_after;
  const auto done = s.writes.update(at->object, at->n, values_of(set), user, s.clock.now(), false);
  s.next_lag.reset();
  if (!done) return as_write_problem(done.error());
  return std::nullopt;
}

std::optional<write_problem> hubspot_simulator::act_complete(std::string_view person, std::string_view task) {
  return act_update(person, task, {{"hs_task_status", std::string{"COMPLETED"}}});
}

std::optional<write_problem> hubspot_simulator::act_reassign(std::string_view person, std::string_view task,
                                                             std::string_view to) {
  return act_update(person, task, {{"hubspot_owner_id", std::string{to}}});
}

std::optional<write_problem> hubspot_simulator::act_delete(std::string_view person, std::string_view record) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto* user = s.records.people().by_owner_id(person);
  const auto at = s.find(record);
  if (user == nullptr || !at) return unknown(user == nullptr ? "owner" : "record", user == nullptr ? person : record);
  s.writes.archive(at->object, at->n, user, s.clock.now());
  return std::nullopt;
}

std::optional<write_problem> hubspot_simulator::act_merge(std::string_view person, std::string_view record,
                                                          std::string_view into) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto* user = s.records.people().by_owner_id(person);
  const auto from = s.find(record);
  const auto to = s.find(into);
  if (user == nullptr || !from || !to || from->object != to->object) return unknown("pair of records", record);
  if (const auto done = s.writes.merge(from->object, to->n, from->n, user, s.clock.now()); !done)
    return as_write_problem(done.error());
  return std::nullopt;
}

boost::system::result<std::string, write_problem> hubspot_simulator::act_create(std::string_view person,
                                                                                std::string_view object,
                                                                                const field_values& set) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto* user = s.records.people().by_owner_id(person);
  const auto* def = s.records.schema().find(object);
  if (user == nullptr || def == nullptr)
    return unknown(user == nullptr ? "owner" : "object", user == nullptr ? person : object);
  // A link of the new record: the id of a deal or a company under "associated".
  std::vector<hs_writes::link> links;
  auto values = values_of(set);
  std::erase_if(values, [&](const auto& v) {
    if (v.first != "associated") return false;
    if (const auto to = s.find(v.second)) links.emplace_back(to->object, to->n);
    return true;
  });
  const auto made = s.writes.create(def->object, values, links, user, s.clock.now(), false);
  if (!made) return as_write_problem(made.error());
  return fmt::to_string(hs_records::id_of(def->object, *made));
}

std::string hubspot_simulator::field(std::string_view record, std::string_view property) const {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto at = s.find(record);
  const auto* p = at ? s.records.schema().get(at->object).find(property) : nullptr;
  if (p == nullptr) return {};
  std::string text;
  return s.records.append_text(text, s.records.at(at->object, at->n), *p) ? text : "null";
}

bool hubspot_simulator::archived(std::string_view record) const {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto at = s.find(record);
  return at && s.records.archived(s.records.at(at->object, at->n));
}

bool hubspot_simulator::restore_property(std::string_view object, std::string_view name) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  const auto* known = s.records.schema().find(object);
  return known != nullptr && s.records.schema().restore(known->object, name);
}

void hubspot_simulator::with_org(const std::function<void(org&)>& work) const {
  const std::lock_guard lock{state_->mutex};
  work(state_->crm);
}

}  // namespace coachd::sim
