#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/state_view.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/commands.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/text_table.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;

struct Options : StateOptions {
  std::string rule;
  std::string owner;
  bool all = false;
  std::size_t most = 50;
};

json::object to_json(app::StateView& state, const store::FindingRow& f) {
  json::object o{{"connection", f.connection},
                 {"object", f.object},
                 {"record", f.record},
                 {"rule", f.rule},
                 {"finding", f.finding},
                 {"kind", state.kind_of(f.connection, f.rule)},
                 {"owner", f.owner},
                 {"since", f.since ? json::value(model::to_string(*f.since)) : json::value(nullptr)},
                 {"first_seen", model::to_string(f.first_seen)},
                 {"episode", f.episode},
                 {"old_record", f.old_record}};
  if (const auto detail = app::StateView::detail(f)) {
    const auto unit = app::StateView::unit(f);
    o["unit"] = unit.empty() ? "record" : unit;
    o["about"] = state.about(f);
    o["why"] = detail->why;
    o["to"] = detail->to;
    o["field"] = detail->field;
    o["records"] = json::array(detail->records.begin(), detail->records.end());
    json::object facts;
    for (const auto& [name, value] : detail->facts)
      facts[name] = value.view().kind() == model::Value::Kind::number ? json::value(value.view().as_number())
                                                                      : json::value(model::to_string(value.view()));
    o["facts"] = std::move(facts);
  }
  if (f.ended) {
    o["ended"] = model::to_string(*f.ended);
    o["ended_how"] = f.ended_how;
  }
  return o;
}

bool wanted(const Options& o, const store::FindingRow& f) {
  return (o.connection.empty() || f.connection == o.connection) &&
         (o.rule.empty() || f.rule == o.rule || f.finding == o.rule || f.rule.ends_with("/" + o.rule)) &&
         (o.owner.empty() || f.owner == o.owner);
}

// Whose it is: the record's owner, the person whom it is about, or who else is told.
std::string told(app::StateView& state, const store::FindingRow& f) {
  const auto detail = app::StateView::detail(f);
  return state.person_name(f.connection, f.owner.empty() && detail ? detail->to : f.owner);
}

}  // namespace

Action findings(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add_state_options(app, *options);
  app.add_option("--rule", options->rule, "Only this rule or finding");
  app.add_option("--owner", options->owner, "Only records of this person (id)");
  app.add_flag("--all", options->all, "Ended ones too");
  app.add_option("--most", options->most, "Rows shown as text")->capture_default_str();
  return [options](Io& io) {
    auto state = open_state(*options, io);
    auto rows = state.findings(options->all);
    std::erase_if(rows, [&](const auto& f) { return !wanted(*options, f); });
    if (options->json()) {
      json::array list;
      for (const auto& f : rows) list.push_back(to_json(state, f));
      io.out << json::serialize(json::object{{"findings", std::move(list)}}) << "\n";
      return exit_good;
    }
    if (rows.empty()) {
      io.out << "No open findings.\n";
      return exit_good;
    }
    Table table({{"since"}, {"finding"}, {"about"}, {"owner"}, {"state"}});
    for (std::size_t i = 0; i < rows.size() && i < options->most; ++i) {
      const auto& f = rows[i];
      table.row({local_time(f.since.value_or(f.first_seen)), f.finding, cut(state.about(f), 40),
                 cut(told(state, f), 24),
                 f.ended        ? f.ended_how
                 : f.old_record ? "old record"
                                : "open"});
    }
    table.print(io.out);
    for (std::size_t i = 0; i < rows.size() && i < options->most; ++i)
      if (const auto detail = app::StateView::detail(rows[i]))
        io.out << rows[i].finding << ", " << state.about(rows[i]) << ": " << detail->why << "\n";
    if (rows.size() > options->most)
      io.out << thousands(rows.size() - options->most) << " more (--most, or --format json for all)\n";
    return exit_good;
  };
}

}  // namespace coachd::cli
