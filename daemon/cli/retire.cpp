#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>

#include "daemon/app/retirement.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/cards/retirement.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;
using rules::FieldUse;

struct Options : StateOptions {
  std::string what, field;
};

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

}  // namespace

Action retire(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("WHAT", options->what, "list: how each governed field is used, and which are candidates")
      ->required()
      ->check(CLI::IsMember({"list"}));
  app.add_option("FIELD", options->field, "Only the card of this field");
  add_state_options(app, *options);
  return [options](Io& io) {
    auto state = open_state(*options, io);
    const auto list = app::retirement(state, options->connection, options->field);
    if (options->json()) {
      json::array fields;
      for (const auto& r : list) fields.push_back(to_json(r));
      io.out << json::serialize(json::object{{"fields", std::move(fields)}}) << "\n";
      return exit_good;
    }
    if (list.empty()) return no_card(options->field, io);
    bool first = true;
    for (const auto& r : list) {
      io.out << (first ? "" : "\n");
      first = false;
      print(io, r);
    }
    return exit_good;
  };
}

}  // namespace coachd::cli
