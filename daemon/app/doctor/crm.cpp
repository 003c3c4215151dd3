#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/trails.hpp"
#include "daemon/app/connecting.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/app/doctor/doctor.hpp"
#include "daemon/app/files/sources.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/trails.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds clocks_agree{60};
constexpr std::chrono::days looked_at{5};  // of trails: event log files come up to three days late

// The answer to one call; throws what the connector throws.
template <class T>
connectors::Result<T> answer_to(asio::io_context& io, connectors::Task<T> task) {
  std::optional<connectors::Result<T>> answer;
  std::exception_ptr broken;
  asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& e, connectors::Result<T> result) {
    broken = e;
    answer.emplace(std::move(result));
    io.stop();  // kept-alive connections would hold it for a while
  });
  io.restart();
  io.run();
  if (broken) std::rethrow_exception(broken);
  return std::move(*answer);
}

std::string in_words(connectors::Trail trail) {
  switch (trail) {
    case connectors::Trail::logins: return "who signed in";
    case connectors::Trail::exports: return "who took exports";
    case connectors::Trail::setup: return "who changed fields";
    case connectors::Trail::files: return "which files are attached";
  }
  return {};
}

class Patient {
 public:
  Patient(const settings::Settings& settings, const settings::Connection& connection, Findings& out)
      : settings_(settings), c_(connection), out_(out) {}

  void examine(const std::vector<rules::Source>& sources, model::Instant now) {
    asio::io_context io(1);
    const auto setup = setup_of(settings_, c_);
    auto connected = make_connector(io.get_executor(), c_);
    if (!connected.value) return warning("not asked: " + connected.problem, "");
    auto& connector = *connected.value->connector;
    const auto names = objects_of(sources, setup);
    const auto answer = answer_to(io, connector.describe(names.judged, names.beside));
    if (answer.has_error()) return refused(answer.error());
    organisation(*answer);
    vitals(connector.vitals(), now);
    const auto rules = what_is_off(sources, setup, *answer);
    if (!rules) return;
    for (const auto trail : connectors::every_trail)
      if (pipeline::wants_trail(*rules, trail))
        tells(trail, answer_to(io, connector.trail({trail, now - looked_at, names.judged, ""})));
  }

 private:
  void ok(std::string what) { out_.ok(c_.name, std::move(what)); }
  void warning(std::string what, std::string mend) { out_.warning(c_.name, std::move(what), std::move(mend)); }
  void failure(std::string what, std::string mend) { out_.failure(c_.name, std::move(what), std::move(mend)); }

  void refused(const model::CrmError& error) {
    switch (error.failure) {
      case model::Failure::auth: return failure(error.what, "look at the sign-in of the connection");
      case model::Failure::throttled: return warning(error.what, "the rest could not be looked at: try again later");
      case model::Failure::transient: return failure(error.what, "look at the network and at `login`; try again");
      case model::Failure::permanent:
      case model::Failure::corrupt: break;
    }
    failure(error.what, "look at the address, the API version and the rights of the user that coachd signs in as");
  }

  void organisation(const model::Description& d) {
    const bool unnamed = d.organisation_name.empty() || d.organisation_name == d.organisation;
    const auto name = unnamed ? d.organisation : d.organisation_name + " (" + d.organisation + ")";
    ok("signed in to " + name + (d.sandbox ? ", a sandbox" : ""));
    if (!c_.api.version.empty()) ok("API version " + c_.api.version + " is served");
    if (c_.organisation.empty())
      warning("the connection is not bound to its organisation", "add `organisation: " + d.organisation + "`");
    else if (auto wrong = wrong_organisation(c_.organisation, d); !wrong.empty())
      failure(std::move(wrong), "nothing is read or written until they agree");
  }

  void vitals(const connectors::Vitals& v, model::Instant now) {
    if (v.server_time) {
      const auto apart = std::chrono::abs(std::chrono::floor<std::chrono::seconds>(now - *v.server_time));
      const auto text = std::to_string(apart.count()) + " s between this machine's clock and the CRM's";
      if (apart > clocks_agree)
        warning(text, "let the machine keep its time (systemd-timesyncd, chrony)");
      else
        ok(text);
    }
    if (!v.calls_allowed || *v.calls_allowed <= 0) return;
    const auto used = v.calls_used.value_or(0);
    const auto text = std::to_string(used) + " of " + std::to_string(*v.calls_allowed) +
                      " calls of the organisation are used in 24 hours";
    if (used * 100 > *v.calls_allowed * 95)
      warning(text, "coachd reads no more until others use less, or the organisation buys more");
    else
      ok(text);
  }

  // What detectors want to know beside records. Without it they find nothing, and say so.
  void tells(connectors::Trail trail, const connectors::Result<connectors::TrailPage>& page) {
    const auto what = in_words(trail);
    if (page.has_error()) return warning(what + " could not be looked at: " + page.error().what, "try again later");
    if (page->why_not.empty()) return ok(what + " can be read");
    warning(what + " is not told: " + page->why_not,
            "let the user that coachd signs in as see it, or take the rules that ask for it out");
  }

  std::shared_ptr<const rules::RuleSet> what_is_off(const std::vector<rules::Source>& sources,
                                                    const ConnectionSetup& setup,
                                                    const model::Description& description) {
    auto binding = binding_of(setup);
    binding.description = description;
    const auto loaded = rules::load(sources, binding);
    for (const auto& d : loaded.diagnostics)
      if (d.severity == model::Severity::error)
        failure(d.place.file + ":" + std::to_string(d.place.line) + ": " + d.message, "mend the rule, or `map:`");
    if (!loaded.rules) return nullptr;
    for (const auto& off : loaded.rules->off) warning("the rule " + off.rule.get() + " is off here: " + off.why, "");
    for (const auto& off : loaded.rules->partly_off)
      warning(rules::in_words(off), "name their stages under `milestones:`, or leave it: nothing is asked there");
    surroundings(*loaded.rules, setup, description);
    ok(std::to_string(loaded.rules->rules.size()) + " rules work here, " + std::to_string(loaded.rules->off.size()) +
       " are off");
    return loaded.rules;
  }

  // What tests ask for beside the records, and is not to be had.
  void surroundings(const rules::RuleSet& rules, const ConnectionSetup& setup, const model::Description& description) {
    const bool asked = std::any_of(rules.objects.begin(), rules.objects.end(), [](const auto& one) {
      return !one.second.only_beside() && pipeline::reads_sources(one.second);
    });
    if (asked && setup.activity_sources.empty())
      warning("rules ask for activities, and no source of them is named: these tests cannot be told",
              "name those that your company uses under `activity_sources:`");
    for (const auto& name : setup.activity_sources) {
      const auto* source = setup.around ? setup.around->source(name) : nullptr;
      if (asked && (source == nullptr || !description.objects.contains(source->object)))
        warning(
            "the activity source " + name + " cannot be read: what it holds is not known, and that nothing " +
                "happened on a record cannot be told",
            "let the user that coachd signs in as see it, or take it from `activity_sources:` where nobody uses it");
    }
    for (const auto& [object, plan] : rules.objects)
      if (plan.only_beside() && !description.objects.contains(plan.crm_object))
        warning("tests look at records of " + plan.crm_object + ", which cannot be seen here: they cannot be told",
                "let the user that coachd signs in as see them");
  }

  const settings::Settings& settings_;
  const settings::Connection& c_;
  Findings& out_;
};

}  // namespace

void examine_connections(const settings::Settings& settings, model::Instant now, Findings& out) {
  std::vector<rules::Source> sources;
  try {
    sources = read_rule_files(settings.rules);
  } catch (const std::exception&) {
    return;  // said of the configuration
  }
  for (const auto& [name, connection] : settings.connections) {
    try {
      Patient(settings, connection, out).examine(sources, now);
    } catch (const std::exception& e) {
      out.failure(name, e.what(), "");
    }
  }
}

}  // namespace coachd::app
