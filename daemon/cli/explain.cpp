#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "daemon/app/state_view.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;

struct Options : StateOptions {
  std::string record;
  std::string rule;
};

const char* word(model::Outcome o) {
  switch (o) {
    case model::Outcome::finding: return "yes";
    case model::Outcome::ok: return "no";
    case model::Outcome::cannot_tell: return "cannot tell";
    case model::Outcome::broken: return "broken";
  }
  return "?";
}

json::object to_json(const rules::Explained& e) {
  json::array parts;
  for (const auto& p : e.parts) parts.push_back(to_json(p));
  return {{"test", e.test},
          {"saw", e.saw},
          {"outcome", word(e.outcome)},
          {"missing", e.missing},
          {"parts", std::move(parts)}};
}

json::object to_json(const app::ExplainedRecord& record) {
  json::array rules;
  for (const auto& r : record.rules) {
    json::array reasons;
    for (const auto& reason : r.reasons)
      reasons.push_back({{"stage", reason.stage},
                         {"reason", reason.reason},
                         {"since", model::to_string(reason.since)},
                         {"count", reason.count}});
    rules.push_back({{"rule", r.key}, {"explained", to_json(r.tests)}, {"reasons", std::move(reasons)}});
  }
  json::array prompts;
  for (const auto& p : record.prompts)
    prompts.push_back({{"key", p.key},
                       {"person", p.person},
                       {"state", std::string(model::to_string(p.state))},
                       {"reason", p.reason}});
  return {{"record", record.record},
          {"connection", record.connection},
          {"next", record.next ? json::value(model::to_string(*record.next)) : json::value(nullptr)},
          {"rules", std::move(rules)},
          {"prompts", std::move(prompts)}};
}

void print(Io& io, const rules::Explained& e, std::size_t depth) {
  io.out << std::string(2 + depth * 2, ' ') << word(e.outcome) << ": " << e.test;
  if (!e.saw.empty()) io.out << "  [" << e.saw << "]";
  if (!e.missing.empty()) io.out << "  (" << e.missing << ")";
  io.out << "\n";
  for (const auto& p : e.parts) print(io, p, depth + 1);
}

void print(Io& io, app::StateView& state, const app::ExplainedRecord& record) {
  io.out << record.name << " (" << record.record << ", " << record.connection << ")"
         << (record.deleted ? ": deleted in the CRM" : "") << "\n";
  for (const auto& r : record.rules) {
    io.out << "\n" << r.key << "\n";
    print(io, r.tests, 0);
    for (const auto& reason : r.reasons)
      io.out << "  " << reason.stage << ": " << reason.reason << " (since " << local_time(reason.since) << ")\n";
  }
  io.out << "\nPrompts\n";
  for (const auto& p : record.prompts)
    io.out << "  " << model::to_string(p.state) << "  to " << state.person_name(p.connection, p.person)
           << (p.reason.empty() ? "" : ": " + p.reason) << "  (" << local_time(p.changed) << ")\n";
  if (record.prompts.empty()) io.out << "  none\n";
  if (record.next) io.out << "Without any change the answer is another from " << local_time(*record.next) << " on.\n";
}

}  // namespace

Action explain(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_state_options(app, *options);
  app.add_option("RECORD", options->record, "Id of a record")->required();
  app.add_option("--rule", options->rule, "Only this rule");
  return [options](Io& io) {
    auto state = open_state(*options, io);
    const auto record = state.explain(options->record, options->connection, options->rule);
    if (!record) {
      io.err << "coachd: no record `" << options->record << "` has been read\n";
      return exit_wrong;
    }
    if (options->json())
      io.out << json::serialize(to_json(*record)) << "\n";
    else
      print(io, state, *record);
    return exit_good;
  };
}

}  // namespace coachd::cli
