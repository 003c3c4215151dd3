#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;

struct Options : StateOptions {
  bool held = false;
  std::string state;
  std::size_t most = 50;
};

json::object to_json(const store::PromptRow& p) {
  const auto time = [](const std::optional<model::Instant>& at) {
    return at ? json::value(model::to_string(*at)) : json::value(nullptr);
  };
  json::array lines;
  for (const auto& l : p.lines) lines.push_back(json::string(l));
  return {{"connection", p.connection},
          {"key", p.key},
          {"object", p.object},
          {"record", p.record},
          {"person", p.person},
          {"carrier", p.carrier},
          {"episode", p.episode},
          {"state", std::string(model::to_string(p.state))},
          {"reason", p.reason},
          {"opened", model::to_string(p.opened)},
          {"changed", model::to_string(p.changed)},
          {"next_at", time(p.next_at)},
          {"sent_at", time(p.sent_at)},
          {"crm_id", p.crm_id},
          {"subject", p.subject},
          {"body", p.body},
          {"lines", std::move(lines)}};
}

}  // namespace

Action prompts(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_state_options(app, *options);
  app.add_flag("--held", options->held, "Only those that wait, with what they wait for");
  app.add_option("--state", options->state, "Only this state: own_list, held, live, withdrawn, dismissed, ...");
  app.add_option("--most", options->most, "Rows shown as text")->capture_default_str();
  return [options](Io& io) {
    std::optional<model::PromptState> only;
    if (!options->state.empty()) {
      only = model::parse_prompt_state(options->state);
      if (!only) {
        io.err << "coachd: there is no state `" << options->state << "` of a prompt\n";
        return exit_wrong;
      }
    }
    auto state = open_state(*options, io);
    const auto snapshot = state.look();
    std::vector<store::PromptRow> rows;
    for (const auto& [connection, settings] : state.settings().connections) {
      if (!options->connection.empty() && connection != options->connection) continue;
      for (auto& p : snapshot->prompts(connection, only, 10'000'000)) {
        const bool waits = p.state == model::PromptState::held || p.state == model::PromptState::own_list;
        if (!options->held || waits) rows.push_back(std::move(p));
      }
    }
    if (options->json()) {
      json::array list;
      for (const auto& p : rows) list.push_back(to_json(p));
      io.out << json::serialize(json::object{{"prompts", std::move(list)}}) << "\n";
      return exit_good;
    }
    if (rows.empty()) {
      io.out << "No prompts.\n";
      return exit_good;
    }
    Table table({{"changed"}, {"state"}, {"person"}, {"record"}, {"why, or what it says"}});
    for (std::size_t i = 0; i < rows.size() && i < options->most; ++i) {
      const auto& p = rows[i];
      table.row({local_time(p.changed), std::string(model::to_string(p.state)),
                 cut(state.person_name(p.connection, p.person), 24),
                 cut(state.record_name(p.connection, p.object, p.record), 30),
                 cut(p.reason.empty() ? p.subject : p.reason, 60)});
    }
    table.print(io.out);
    if (rows.size() > options->most)
      io.out << thousands(rows.size() - options->most) << " more (--most, or --format json for all)\n";
    return exit_good;
  };
}

}  // namespace coachd::cli
