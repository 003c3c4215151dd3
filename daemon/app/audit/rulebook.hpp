// Rules bound to one export: its columns as slots, their types, stages, zone and instant. Made between the passes,
// immutable while records are judged.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/app/audit/prepared.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/loader.hpp"

namespace coachd::app {

using ColumnTypes = std::map<std::string, model::FieldType>;

struct Rulebook {
  rules::Loaded loaded;
  const rules::ObjectPlan* plan = nullptr;  ///< null when diagnostics hold an error
  rules::World world;
  model::Instant now{};
  std::string object;
  std::vector<std::string> columns;     ///< to read: one per slot, then the others below
  std::vector<model::FieldType> types;  ///< by slot
  // Places among `columns`; npos: the export has none.
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
  std::vector<std::size_t> id;
  std::size_t created = npos, created_by = npos, modified = npos, deleted = npos;

  [[nodiscard]] bool failed() const noexcept { return plan == nullptr; }
};

/// Loads the request's rules for this export. Errors are among `loaded.diagnostics`.
[[nodiscard]] Rulebook bind_rules(const AuditRequest& request, const Prepared& p, const ColumnTypes& types);

/// As of when the export is judged: `--now`, the map's `as_of`, the rule files' `now`, the clock.
[[nodiscard]] model::Instant as_of(const AuditRequest& request, const Prepared& p,
                                   const std::optional<std::string>& rules_now);

}  // namespace coachd::app
