#include "daemon/app/timing.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/cards/timing.hpp"
#include "rules/conditions/test.hpp"
#include "rules/engine/timing.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;
using rules::TimingEvidence;

struct Options : StateOptions {
  std::string field;
};

std::string count(std::int64_t n) {
  return thousands(static_cast<std::uint64_t>(n));
}
std::string of(std::int64_t part, std::int64_t whole) {
  return part == 0
             ? "0"
             : count(part) + " (" + share(static_cast<std::uint64_t>(part), static_cast<std::uint64_t>(whole)) + ")";
}

json::object to_json(const app::TimingOfField& t) {
  const auto& e = t.timing.evidence;
  json::array stages;
  for (const auto& s : e.stages)
    stages.push_back(
        {{"pipeline", s.pipeline}, {"stage", s.stage}, {"first_set", s.first}, {"lasted_to_the_close", s.lasted}});
  json::array proposals;
  for (const auto& p : e.proposals)
    proposals.push_back({{"pipeline", p.pipeline}, {"stage", p.stage}, {"by_then", p.by_then}, {"of", p.of}});
  json::array required;
  for (const auto& r : t.timing.required) {
    const bool told = r.too_early != rules::Truth::unknown;
    required.push_back({{"how", r.words},
                        {"too_early", told ? json::value(r.too_early == rules::Truth::yes) : json::value()},
                        {"in", r.early_in},
                        {"knowable_from", r.knowable_from}});
  }
  const auto words = [](const std::vector<std::string>& all) {
    json::array out;
    for (const auto& one : all) out.emplace_back(one);
    return out;
  };
  json::array findings;
  if (e.too_early()) findings.emplace_back("timing.too-early:" + t.timing.field);
  if (t.timing.required_too_early) findings.emplace_back("timing.required-too-early:" + t.timing.field);
  return {{"connection", t.connection},
          {"object", t.object},
          {"workflow", t.workflow},
          {"field", t.timing.field},
          {"label", t.timing.label},
          {"knowable_from", t.timing.knowable},
          {"records", e.records},
          {"set", e.set},
          {"untold", e.untold},
          {"at_creation", e.at_creation},
          {"with_stage_change", e.with_stage_change},
          {"early", e.early},
          {"window_untold", e.window_untold},
          {"placeholder", e.placeholder},
          {"early_placeholder", e.early_placeholder},
          {"corrected", e.corrected},
          {"lasted_to_the_close", e.lasted},
          {"stages", std::move(stages)},
          {"proposals", std::move(proposals)},
          {"required", std::move(required)},
          {"required_not_read", words(t.timing.required_unread)},
          {"required_not_told", words(t.timing.required_untold)},
          {"findings", std::move(findings)}};
}

void print_stages(Io& io, const TimingEvidence& e) {
  Table table({{"  stage"}, {"first set", Table::right}, {"settled", Table::right}});
  bool several = false;
  for (const auto& s : e.stages) several = several || s.pipeline != e.stages.front().pipeline;
  for (const auto& s : e.stages)
    if (s.first > 0 || s.lasted > 0)
      table.row({"  " + (several && !s.pipeline.empty() ? s.pipeline + ": " : "") + s.stage, of(s.first, e.set),
                 of(s.lasted, e.lasted)});
  table.print(io.out);
}

void print_proposals(Io& io, const app::TimingOfField& t) {
  const auto& e = t.timing.evidence;
  if (e.proposals.empty()) {
    io.out << "  No proposal: " << count(e.lasted) << " closed records tell when their value had settled, "
           << TimingEvidence::enough << " in one pipeline are wanted.\n";
    return;
  }
  for (const auto& p : e.proposals)
    io.out << "  Proposed" << (p.pipeline.empty() ? "" : " for " + p.pipeline) << ": knowable_from: {stage: " << p.stage
           << "}  by then " << of(p.by_then, p.of) << " of the values that lasted to the close had been set.\n";
}

// How the CRM requires the field: what is too early first, then the rest, then what nobody has read.
void print_required(Io& io, const rules::FieldTiming& t) {
  for (const auto& r : t.required)
    if (r.too_early == rules::Truth::yes)
      io.out << "  required too early: " << r.words
             << (r.knowable_from.empty() ? ", before it can be known"
                                         : ", and it can be known from " + r.knowable_from + " on")
             << "  [timing.required-too-early:" << t.field << "]\n";
  for (const auto& r : t.required)
    if (r.too_early != rules::Truth::yes)
      io.out << "  required: " << r.words
             << (r.too_early == rules::Truth::unknown ? "; whether that is too early cannot be told" : "") << "\n";
  for (const auto& unread : t.required_unread) io.out << "  " << unread << "\n";
  for (const auto& untold : t.required_untold) io.out << "  whether it is required: " << untold << "\n";
}

void print(Io& io, const app::TimingOfField& t) {
  const auto& e = t.timing.evidence;
  io.out << t.timing.field << (t.timing.label == t.timing.field ? "" : " (" + t.timing.label + ")") << ", " << t.object
         << ", " << t.connection << ": " << count(e.set) << " values on " << count(e.records) << " records\n";
  io.out << "  can be known " << (t.timing.knowable.empty() ? "from the beginning" : "when " + t.timing.knowable)
         << "\n";
  print_required(io, t.timing);
  if (e.untold > 0)
    io.out << "  cannot be told for " << count(e.untold) << " more: their history does not reach back\n";
  if (e.set == 0) return;
  io.out << "  set too early: " << of(e.early, e.set)
         << ", of these a placeholder: " << of(e.early_placeholder, e.early)
         << (e.too_early() ? "  [timing.too-early:" + t.timing.field + "]" : "") << "\n";
  if (e.window_untold > 0) io.out << "  whether it was early cannot be told: " << count(e.window_untold) << "\n";
  io.out << "  set when the record was created: " << of(e.at_creation, e.set)
         << ", in the same save as a stage change: " << of(e.with_stage_change, e.set) << "\n"
         << "  replaced later by another value: " << of(e.corrected, e.set) << "\n";
  if (!e.stages.empty()) print_stages(io, e);
  if (!e.stages.empty()) print_proposals(io, t);
}

}  // namespace

Action timing(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_state_options(app, *options);
  app.add_option("FIELD", options->field, "Only the card of this field");
  return [options](Io& io) {
    auto state = open_state(*options, io);
    const auto list = app::timing(state, options->connection, options->field);
    if (options->json()) {
      json::array fields;
      for (const auto& t : list) fields.push_back(to_json(t));
      io.out << json::serialize(json::object{{"fields", std::move(fields)}}) << "\n";
      return exit_good;
    }
    if (list.empty()) return no_card(options->field, io);
    bool first = true;
    for (const auto& t : list) {
      io.out << (first ? "" : "\n");
      first = false;
      print(io, t);
    }
    return exit_good;
  };
}

}  // namespace coachd::cli
