#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/retirement.hpp"
#include "daemon/app/state_view.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/retire_steps.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;

struct ConnectionStatus {
  std::string name, mode, state;
  bool first_load_done = false;
  std::int64_t journal_waiting = 0, calls = 0;
  std::map<std::string, std::int64_t> records, prompts, findings;
  std::map<std::string, std::string> retirements;  // fields announced or hidden, and from when on comes what
  std::string facts_day;
  std::optional<app::Progress> sweep;
};

ConnectionStatus look_at(app::StateView& state, const store::Snapshot& snapshot, const std::string& name,
                         const settings::Connection& c) {
  ConnectionStatus s;
  s.name = name;
  s.mode = c.mode == settings::Mode::live ? "live" : "observe";
  s.state = snapshot.metadata("connection: " + name).value_or("never connected");
  s.first_load_done = app::StateView::first_load_done(snapshot, name);
  s.journal_waiting = snapshot.journal_waiting(name);
  s.sweep = state.sweep(name);
  for (const auto& [counter, n] : snapshot.counters())
    if (counter == "calls: " + name) s.calls = n;
  if (const auto* context = state.context(name))
    for (const auto& [object, plan] : context->rules->objects)
      if (!plan.only_beside()) s.records[object] = snapshot.record_count(name, object);
  for (const auto& [field, r] : pipeline::read_retirements(snapshot, name))
    if (r.now.state == coaching::RetireState::announced || r.now.state == coaching::RetireState::hidden)
      s.retirements.emplace(field, standing_in_short(r));
  // By what they are about; those of detectors apart.
  auto on_records = snapshot.open_finding_count(name);
  for (const auto& d : snapshot.detected_counts(name)) {
    const bool unit = d.object.starts_with("unit:");
    s.findings[unit ? d.object.substr(5) : "detected on records"] += d.count;
    on_records -= d.count;
  }
  if (on_records > 0) s.findings["on records"] = on_records;
  if (const auto* context = state.context(name))
    if (const auto& day = context->world->facts_day) s.facts_day = model::to_string(*day);
  for (const auto& [prompt_state, count] : snapshot.prompt_counts(name))
    s.prompts[std::string(model::to_string(prompt_state))] = count;
  return s;
}

json::object counts(const std::map<std::string, std::int64_t>& numbers) {
  json::object o;
  for (const auto& [name, n] : numbers) o.emplace(name, n);
  return o;
}

json::value progress(const std::optional<app::Progress>& p) {
  if (!p) return nullptr;
  return json::object{{"done", p->done}, {"total", p->total}};
}

void print(Io& io, const ConnectionStatus& s) {
  io.out << s.name << " (" << s.mode << "): " << s.state << "\n";
  io.out << "  first load   "
         << (s.first_load_done   ? "done"
             : s.records.empty() ? "not begun"
                                 : "under way")
         << ", " << thousands(static_cast<std::uint64_t>(s.journal_waiting)) << " entries wait in the journal\n";
  if (s.sweep)
    io.out << "  new rules    " << thousands(static_cast<std::uint64_t>(s.sweep->done)) << " of "
           << thousands(static_cast<std::uint64_t>(s.sweep->total)) << " records looked at again ("
           << (s.sweep->total > 0 ? s.sweep->done * 100 / s.sweep->total : 100) << " %)\n";
  for (const auto& [object, n] : s.records)
    io.out << "  " << object << "  " << thousands(static_cast<std::uint64_t>(n)) << " records\n";
  io.out << "  findings    ";
  for (const auto& [about, n] : s.findings) io.out << ' ' << about << ' ' << thousands(static_cast<std::uint64_t>(n));
  io.out << (s.findings.empty() ? " none\n" : "\n");
  if (!s.facts_day.empty()) io.out << "  percentiles  and detectors as of " << s.facts_day << "\n";
  io.out << "  prompts     ";
  for (const auto& [state, n] : s.prompts) io.out << " " << state << " " << thousands(static_cast<std::uint64_t>(n));
  io.out << (s.prompts.empty() ? " none\n" : "\n");
}

}  // namespace

Action status(CLI::App& app) {
  auto options = std::make_shared<StateOptions>();
  add_state_options(app, *options);
  return [options](Io& io) {
    auto state = open_state(*options, io);
    const auto snapshot = state.look();
    std::vector<ConnectionStatus> connections;
    for (const auto& [name, c] : state.settings().connections)
      if (options->connection.empty() || name == options->connection)
        connections.push_back(look_at(state, *snapshot, name, c));
    const auto untold = snapshot->cannot_tell();
    if (options->json()) {
      json::object by_name;
      for (const auto& s : connections)
        by_name.emplace(
            s.name, json::object{{"mode", s.mode},
                                 {"state", s.state},
                                 {"first_load_done", s.first_load_done},
                                 {"journal_waiting", s.journal_waiting},
                                 {"calls", s.calls},
                                 {"sweep", progress(s.sweep)},
                                 {"records", counts(s.records)},
                                 {"findings", counts(s.findings)},
                                 {"facts_of", s.facts_day.empty() ? json::value(nullptr) : json::value(s.facts_day)},
                                 {"prompts", counts(s.prompts)},
                                 {"retirements", json::value_from(s.retirements)}});
      json::object counters;
      for (const auto& [name, n] : snapshot->counters()) counters.emplace(name, n);
      json::array cannot_tell;
      for (const auto& c : untold)
        cannot_tell.push_back({{"connection", c.connection}, {"rule", c.rule}, {"why", c.reason}, {"count", c.delta}});
      io.out << json::serialize(json::object{{"connections", std::move(by_name)},
                                             {"counters", std::move(counters)},
                                             {"cannot_tell", std::move(cannot_tell)}})
             << "\n";
      return exit_good;
    }
    for (const auto& s : connections) {
      print(io, s);
      for (const auto& [field, text] : s.retirements) io.out << "  " << field << "  " << text << "\n";
    }
    if (!untold.empty()) {
      io.out << "\nCannot be told:\n";
      Table table({{"records", Table::right}, {"rule"}, {"what is missing"}});
      for (const auto& c : untold) table.row({thousands(static_cast<std::uint64_t>(c.delta)), c.rule, c.reason});
      table.print(io.out);
    }
    return exit_good;
  };
}

}  // namespace coachd::cli
