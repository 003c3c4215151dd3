// From rule files and a CRM's description to what the hall works with: the rule set, the world, the numbers of fields,
// the days on which rules went live. Used by the daemon at start and reload, and by commands that look into its state.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/surroundings.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/meetings.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"
#include "rules/loader/loader.hpp"

namespace coachd::app {

/// What coachd.yaml says about one connection, as far as rules and prompts are concerned.
struct ConnectionSetup {
  std::string name;
  rules::NameMap names;  ///< the connector's own, overridden by `map:`
  pipeline::HallOptions hall;
  std::string zone;  ///< of the calendar; empty: the organisation's
  std::vector<model::Day> holidays;
  int fiscal_month = 0;  ///< 0: the organisation's
  int fiscal_day = 1;
  std::vector<std::string> meetings;               ///< by name: what rules may speak of
  std::vector<pipeline::MeetingPlan> schedule;     ///< when they are held; may be fewer
  std::shared_ptr<const connectors::Hooks> hooks;  ///< null: no webhooks, or nobody serves them here (commands)
  std::vector<std::string> activity_sources;
  std::vector<std::string> unread_captures;
  std::shared_ptr<const connectors::Surroundings> around;  ///< null: nothing is read beside records
};

[[nodiscard]] ConnectionSetup setup_of(const settings::Settings& settings, const settings::Connection& connection);

/// What rules are resolved against while the CRM has not been described.
[[nodiscard]] rules::Binding binding_of(const ConnectionSetup& setup);

struct BuiltContext {
  std::shared_ptr<const pipeline::Context> context;  ///< null where the rules have errors
  std::vector<model::Diagnostic> diagnostics;
};

/// `remember`: days on which rules go live are stored where they are new (the daemon); else they are only read
/// (commands).
[[nodiscard]] BuiltContext build_context(const std::vector<rules::Source>& sources, const ConnectionSetup& setup,
                                         const model::Description& description, store::Store& store, bool remember,
                                         model::Instant now);

/// The CRM's own names of objects to describe, known before any description.
struct ObjectNames {
  std::vector<std::string> judged;  ///< rules are about them
  std::vector<std::string> beside;  ///< tests look at their records beside others
};
[[nodiscard]] ObjectNames objects_of(const std::vector<rules::Source>& sources, const ConnectionSetup& setup);

}  // namespace coachd::app
