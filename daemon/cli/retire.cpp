#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/retirement.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/retire_steps.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/cards/retirement.hpp"
#include "rules/model/finding.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;
using rules::FieldUse;

std::string of(std::int64_t part, std::int64_t whole) {
  const auto p = static_cast<std::uint64_t>(part);
  return thousands(p) + " of " + thousands(static_cast<std::uint64_t>(whole)) +
         (part == 0 ? "" : " (" + share(p, static_cast<std::uint64_t>(whole)) + ")");
}

std::string verdict(const app::RetirementOfField& r) {
  const auto& f = r.field;
  if (f.kept) return "kept, as its card says";
  std::string out(rules::to_string(f.use.verdict));
  if (f.use.verdict == FieldUse::Verdict::cannot_tell)
    out +=
        f.use.records < FieldUse::enough ? ": fewer than 30 records" : ": its history does not reach back far enough";
  return out + (f.candidate() ? ": a candidate for retirement" : "");
}

json::value time(const std::optional<model::Instant>& at) {
  return at ? json::value(model::to_string(*at)) : json::value(nullptr);
}

json::object to_json(const app::RetirementOfField& r) {
  const auto& u = r.field.use;
  json::array kinds;
  for (const auto& [name, k] : u.kinds) kinds.push_back({{"name", name}, {"records", k.records}, {"real", k.real}});
  json::object o{{"connection", r.connection},
                 {"object", r.object},
                 {"workflow", r.workflow},
                 {"field", r.field.field},
                 {"label", r.field.label},
                 {"verdict", std::string(rules::to_string(u.verdict))},
                 {"candidate", r.field.candidate()},
                 {"kept", r.field.kept},
                 {"records", u.records},
                 {"filled", u.filled},
                 {"real", u.real},
                 {"newer_records", u.newer},
                 {"newer_real", u.newer_real},
                 {"first_filled", time(u.first_filled)},
                 {"last_by_person", time(u.last_by_person)},
                 {"use_untold", u.use_untold},
                 {"distinct", u.distinct},
                 {"commonest", u.commonest},
                 {"commonest_count", u.commonest_count},
                 {"kinds", std::move(kinds)}};
  if (u.twin)
    o["twin"] =
        json::object{{"field", u.twin->field}, {"same", u.twin->same}, {"of", u.twin->of}, {"filled", u.twin->real}};
  return o;
}

json::value step_json(const coaching::RetireStep& s) {
  return {{"what", s.what}, {"at", model::to_string(s.at)}, {"by", s.by}, {"because", s.because}};
}

// How far a field is retired, with who, when and why.
json::object to_json(const std::string& connection, const coaching::Retirement& r, const store::PromptRow* question) {
  json::array steps;
  for (const auto& s : r.steps) steps.push_back(step_json(s));
  json::object o{
      {"connection", connection},
      {"object", r.object},
      {"field", r.field},
      {"state", std::string(coaching::to_string(r.now.state))},
      {"since", model::to_string(r.now.since)},
      {"not_before", time(r.now.not_before)},
      {"by_package", r.now.by_package},
      {"owner", r.owner},
      {"agreed", r.consent ? json::value(r.consent->by) : json::value(nullptr)},
      {"agreed_in_crm", r.consent && r.consent->in_crm},
      {"exported", r.exported ? json::value(r.exported->values) : json::value(nullptr)},
      {"calling", r.calling ? json::value(std::string(coaching::to_string(*r.calling))) : json::value(nullptr)},
      {"steps", std::move(steps)}};
  if (r.now.review_on) o["review_on"] = model::to_string(*r.now.review_on);
  if (question != nullptr)
    o["question"] = {{"state", std::string(model::to_string(question->state))},
                     {"reason", question->reason},
                     {"crm_id", question->crm_id}};
  return o;
}

// The question to the owner of a field that is under way.
std::optional<store::PromptRow> question_of(app::StateView& state, const std::string& connection,
                                            const coaching::Retirement& r) {
  return r.prompt.empty() ? std::nullopt : state.look()->prompt(connection, r.prompt);
}

bool is_about(const std::string& field, const coaching::Retirement& r) {
  return field.empty() || field == r.field || field == r.crm_field || field == r.object + "." + r.field;
}

void print_unnamed(Io& io, const std::vector<app::UnnamedFields>& unnamed) {
  if (unnamed.empty()) return;
  io.out << "\nFields that no rule names. coachd does not read them, so it cannot tell whether anybody uses them; an "
            "export tells (`coachd audit --file`), or a card with `retire:`:\n";
  for (const auto& u : unnamed) {
    io.out << "  " << u.object << " at " << u.connection << ", " << thousands(u.fields.size()) << ":";
    for (const auto& f : u.fields) io.out << " " << f;
    io.out << "\n";
  }
}

void print(Io& io, const app::RetirementOfField& r) {
  const auto& u = r.field.use;
  io.out << r.field.field << (r.field.label == r.field.field ? "" : " (" + r.field.label + ")") << ", " << r.object
         << ", " << r.connection << ": " << verdict(r) << "\n"
         << "  real on " << of(u.real, u.records) << ", placeholders on "
         << thousands(static_cast<std::uint64_t>(u.filled - u.real)) << "\n";
  if (u.first_filled)
    io.out << "  first filled " << local_time(*u.first_filled) << "; of the records made since, real on "
           << of(u.newer_real, u.newer) << "\n";
  if (u.last_by_person)
    io.out << "  last set by a person " << local_time(*u.last_by_person) << "\n";
  else if (!u.use_untold)
    io.out << "  no person is known to have set it\n";
  if (u.kinds.size() > 1)
    for (const auto& [name, k] : u.kinds) io.out << "  " << name << ": " << of(k.real, k.records) << "\n";
  if (u.real > 0)
    io.out << "  " << thousands(u.distinct) << (u.distinct == FieldUse::most_values ? " or more" : "")
           << (u.distinct == 1 ? " value" : " values") << "; the commonest on " << of(u.commonest_count, u.real)
           << "\n";
  if (u.twin)
    io.out << "  the same as " << u.twin->field << " on " << of(u.twin->same, u.twin->of) << "; "
           << (u.twin->real > u.real ? "that one is filled more often" : "this one is filled more often") << "\n";
}

int list(app::StateView& state, const RetireOptions& options, Io& io) {
  const auto field = options.names.empty() ? std::string() : options.names.back();
  const auto connection = options.names.size() > 1 ? options.names.front() : options.connection;
  const auto found = app::retirement(state, connection, field);
  const auto unnamed = field.empty() ? app::unnamed_fields(state, connection) : std::vector<app::UnnamedFields>{};
  auto under_way = app::retirements(state, connection);
  if (options.json()) {
    json::array fields, steps, others;
    for (const auto& r : found) fields.push_back(to_json(r));
    for (const auto& [name, all] : under_way)
      for (const auto& [key, r] : all)
        if (is_about(field, r)) {
          const auto question = question_of(state, name, r);
          steps.push_back(to_json(name, r, question ? &*question : nullptr));
        }
    for (const auto& u : unnamed)
      others.push_back({{"connection", u.connection}, {"object", u.object}, {"fields", json::value_from(u.fields)}});
    io.out << json::serialize(json::object{
                  {"fields", std::move(fields)}, {"retirements", std::move(steps)}, {"unnamed", std::move(others)}})
           << "\n";
    return exit_good;
  }
  bool first = true;
  const auto stands = [&](const std::string& name, const coaching::Retirement& r) {
    const auto question = question_of(state, name, r);
    io.out << standing(r, question ? &*question : nullptr);
  };
  for (const auto& r : found) {
    io.out << (first ? "" : "\n");
    first = false;
    print(io, r);
    auto& all = under_way[r.connection];
    const auto known = all.find(r.object + "." + r.field.field);
    if (known == all.end()) continue;
    stands(r.connection, known->second);
    all.erase(known);
  }
  // Those whose card is gone: archived ones.
  for (const auto& [name, all] : under_way)
    for (const auto& [key, r] : all) {
      if (!is_about(field, r)) continue;
      io.out << (first ? "" : "\n") << r.field << ", " << r.object << ", " << name
             << ": no card is about it any more\n";
      first = false;
      stands(name, r);
    }
  if (first) return no_card(field, io);
  print_unnamed(io, unnamed);
  return exit_good;
}

}  // namespace

Action retire(CLI::App& app) {
  auto options = std::make_shared<RetireOptions>();
  app.add_option(
         "WHAT", options->what,
         "list: how each governed field is used, and how far each is retired; propose: ask its definition owner; "
         "agree: their word, where they have no seat in the CRM; announce: it will be hidden; export: all its "
         "values; hide; archive; keep: it stays; undo: back by one step")
      ->required()
      ->check(CLI::IsMember(retire_words()));
  app.add_option("FIELD", options->names, "A field, with its connection before it where several have it")
      ->expected(0, -1);  // a number would stand in the help
  add_state_options(app, *options);
  app.add_option("--by", options->by, "Who does it, by e-mail; of agree: whose word it is. Else: your login name");
  app.add_option("--because", options->because, "Why, kept with the step; needed by agree and keep");
  app.add_option("--review-on", options->review_on, "keep: the day to ask again, 2027-01-31");
  app.add_option("--to", options->to,
                 "export: the file; hide and archive on Salesforce: the folder for the change that an admin deploys");
  app.add_option("--profile", options->profiles,
                 "hide on Salesforce: a profile that sees the field; as often as needed")
      ->allow_extra_args(false);
  return [options](Io& io) {
    if (options->names.size() > 2) throw std::runtime_error("one field at a time: FIELD, or CONNECTION FIELD");
    auto state = open_state(*options, io);
    return options->what == "list" ? list(state, *options, io) : retire_step(state, *options, io);
  };
}

}  // namespace coachd::cli
