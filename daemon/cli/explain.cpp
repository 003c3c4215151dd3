#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>

#include "daemon/app/state_view.hpp"
#include "daemon/app/why_quiet.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/explained.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;

struct Options : StateOptions {
  std::string record;
  std::string rule;
  std::string person;
  bool why_quiet = false;
};

json::object to_json(const rules::Explained& e) {
  json::array parts;
  for (const auto& p : e.parts) parts.push_back(to_json(p));
  return {
      {"test", e.test},           {"saw", e.saw},
      {"from", e.from},           {"outcome", outcome_word(e.outcome)},
      {"missing", e.missing},     {"turns", e.turns ? json::value(model::to_string(*e.turns)) : json::value(nullptr)},
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
  json::array detected;
  for (const auto& f : record.detected)
    detected.push_back({{"rule", f.rule}, {"finding", f.finding}, {"why", app::StateView::detail(f)->why}});
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
          {"detected", std::move(detected)},
          {"prompts", std::move(prompts)}};
}

void print(Io& io, app::StateView& state, const app::ExplainedRecord& record) {
  io.out << record.name << " (" << record.record << ", " << record.connection << ")"
         << (record.deleted ? ": deleted in the CRM" : "") << "\n";
  for (const auto& r : record.rules) {
    io.out << "\n" << r.key << "\n";
    std::string tests;
    append_explained(tests, r.tests, 1, Detail::in_full);
    io.out << tests;
    for (const auto& reason : r.reasons)
      io.out << "  " << reason.stage << ": " << reason.reason << " (since " << local_time(reason.since) << ")\n";
  }
  if (!record.detected.empty()) io.out << "\nFound by detectors\n";
  for (const auto& f : record.detected)
    io.out << "  " << f.finding << ": " << app::StateView::detail(f)->why << "  (since "
           << local_time(f.since.value_or(f.first_seen)) << ")\n";
  io.out << "\nPrompts\n";
  for (const auto& p : record.prompts)
    io.out << "  " << model::to_string(p.state) << "  to " << state.person_name(p.connection, p.person)
           << (p.reason.empty() ? "" : ": " + p.reason) << "  (" << local_time(p.changed) << ")\n";
  if (record.prompts.empty()) io.out << "  none\n";
  if (record.next) io.out << "Without any change the answer is another from " << local_time(*record.next) << " on.\n";
}

int no_record(const Options& o, Io& io) {
  io.err << "coachd: no record `" << o.record << "` has been read\n";
  return exit_wrong;
}

int tell_why_quiet(app::StateView& state, const Options& o, Io& io) {
  const auto answers = app::why_quiet(state, {o.connection, o.record, o.rule, o.person});
  if (answers.empty() && !o.record.empty()) return no_record(o, io);
  static constexpr const char* of[] = {"connection", "findings", "untold"};
  if (o.json()) {
    json::array list;
    for (const auto& a : answers) {
      json::array reasons;
      for (const auto& r : a.reasons)
        reasons.push_back({{"of", of[static_cast<std::size_t>(r.of)]}, {"count", r.count}, {"why", r.why}});
      list.push_back({{"connection", a.connection},
                      {"findings", a.findings},
                      {"asked", a.asked},
                      {"reasons", std::move(reasons)}});
    }
    io.out << json::serialize(json::object{{"connections", std::move(list)}}) << "\n";
    return exit_good;
  }
  for (const auto& a : answers) {
    io.out << a.connection << ": " << thousands(static_cast<std::uint64_t>(a.findings)) << " open findings, "
           << thousands(static_cast<std::uint64_t>(a.asked)) << " of them asked in the CRM\n";
    if (a.reasons.empty()) {
      io.out << (a.findings == 0 ? "  nothing is found, so nothing is asked\n" : "  nothing holds them back\n");
      continue;
    }
    for (const auto& r : a.reasons)
      io.out << "  " << (r.count == 0 ? "" : thousands(static_cast<std::uint64_t>(r.count)) + "  ") << r.why << "\n";
  }
  return exit_good;
}

}  // namespace

Action explain(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_state_options(app, *options);
  app.add_option("RECORD", options->record, "Id of a record");
  app.add_option("--rule", options->rule, "Only this rule");
  auto* quiet = app.add_flag("--why-quiet", options->why_quiet,
                             "Why nothing is asked: about a record, a rule (--rule), a person (--person), or all");
  app.add_option("--person", options->person, "With --why-quiet: records of this person (id or e-mail)")->needs(quiet);
  return [options](Io& io) {
    if (options->record.empty() && !options->why_quiet) {
      io.err << "coachd: explain which record? Name its id, or ask --why-quiet about a rule, a person or all\n";
      return exit_wrong;
    }
    auto state = open_state(*options, io);
    if (options->why_quiet) return tell_why_quiet(state, *options, io);
    const auto record = state.explain(options->record, options->connection, options->rule);
    if (!record) return no_record(*options, io);
    if (options->json())
      io.out << json::serialize(to_json(*record)) << "\n";
    else
      print(io, state, *record);
    return exit_good;
  };
}

}  // namespace coachd::cli
