#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>
#include <ostream>

#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/pipeline/evaluation.hpp"

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

void print(Io& io, const rules::Explained& e, std::size_t depth) {
  io.out << std::string(2 + depth * 2, ' ') << word(e.outcome) << ": " << e.test;
  if (!e.saw.empty()) io.out << "  [" << e.saw << "]";
  if (!e.missing.empty()) io.out << "  (" << e.missing << ")";
  io.out << "\n";
  for (const auto& p : e.parts) print(io, p, depth + 1);
}

// Where a record of that id is: in which connection and object.
struct Found {
  const pipeline::Context* context = nullptr;
  const rules::ObjectPlan* plan = nullptr;
};
Found find(State& state, const store::Snapshot& snapshot, const Options& options) {
  for (const auto& [name, c] : state.settings().connections) {
    if (!options.connection.empty() && name != options.connection) continue;
    const auto* context = state.context(name);
    if (!context) continue;
    for (const auto& [object, plan] : context->rules->objects)
      if (snapshot.record(name, object, options.record)) return {context, &plan};
  }
  return {};
}

bool wanted(const Options& options, const rules::RuleInfo& rule) {
  return options.rule.empty() || rule.id.get() == options.rule || pipeline::rule_key(rule) == options.rule;
}

}  // namespace

Action explain(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_state_options(app, *options);
  app.add_option("RECORD", options->record, "Id of a record")->required();
  app.add_option("--rule", options->rule, "Only this rule");
  return [options](Io& io) {
    State state(*options, io);
    const auto snapshot = state.look();
    const auto [context, plan] = find(state, *snapshot, *options);
    if (!plan) {
      io.err << "coachd: no record `" << options->record << "` has been read\n";
      return exit_wrong;
    }
    const auto now = state.now();
    const auto seen = pipeline::view_record(*context, *snapshot, plan->object, options->record, now);
    const auto reasons = snapshot->reasons_of(context->connection, plan->object, options->record);
    const auto prompts = snapshot->prompts_of(context->connection, plan->object, options->record);
    json::array rules_json;
    if (!options->json())
      io.out << state.record_name(context->connection, plan->object, options->record) << " (" << options->record << ", "
             << context->connection << ")" << (seen.built ? "" : ": deleted in the CRM") << "\n";
    for (const auto index : plan->rules) {
      const auto& rule = context->rules->rules[index];
      if (!seen.built || !wanted(*options, rule)) continue;
      const auto e = rules::explain(*context->rules, *plan, index, seen.built->value, seen.facts, *context->world, now);
      if (options->json()) {
        rules_json.push_back({{"rule", pipeline::rule_key(rule)}, {"explained", to_json(e)}});
        continue;
      }
      io.out << "\n" << pipeline::rule_key(rule) << "\n";
      print(io, e, 0);
      for (const auto& r : reasons)
        if (r.rule == pipeline::rule_key(rule))
          io.out << "  " << r.stage << ": " << r.reason << " (since " << local_time(r.since) << ")\n";
    }
    if (options->json()) {
      json::array fates;
      for (const auto& p : prompts)
        fates.push_back({{"key", p.key},
                         {"person", p.person},
                         {"state", std::string(model::to_string(p.state))},
                         {"reason", p.reason}});
      io.out << json::serialize(json::object{
                    {"record", options->record},
                    {"connection", context->connection},
                    {"next", seen.revisit_at ? json::value(model::to_string(*seen.revisit_at)) : json::value(nullptr)},
                    {"rules", std::move(rules_json)},
                    {"prompts", std::move(fates)}})
             << "\n";
      return exit_good;
    }
    io.out << "\nPrompts\n";
    for (const auto& p : prompts)
      io.out << "  " << model::to_string(p.state) << "  to " << state.person_name(p.connection, p.person)
             << (p.reason.empty() ? "" : ": " + p.reason) << "  (" << local_time(p.changed) << ")\n";
    if (prompts.empty()) io.out << "  none\n";
    if (seen.revisit_at)
      io.out << "Without any change the answer is another from " << local_time(*seen.revisit_at) << " on.\n";
    return exit_good;
  };
}

}  // namespace coachd::cli
