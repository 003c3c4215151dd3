// What an audit knows before its first pass: layout, map, names, zone, how texts are read. Immutable during the passes.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/file/layout.hpp"
#include "connectors/file/map.hpp"
#include "connectors/file/values.hpp"
#include "daemon/app/audit/audit.hpp"
#include "rules/calendar/calendar.hpp"

namespace coachd::app {

struct Prepared {
  file::Layout layout;
  std::optional<file::ExportMap> map;
  std::string object;                        ///< canonical; empty: unknown
  std::map<std::string, std::string> names;  ///< canonical -> column
  calendar::Zone zone;
  std::unique_ptr<file::Reading> reading;
  std::vector<model::Diagnostic> diagnostics;

  [[nodiscard]] std::string column(std::string_view canonical) const;  ///< "" where the export has none
  [[nodiscard]] bool failed() const;
};

/// Reads map and header. Errors of the map are diagnostics; throws as `audit` does.
[[nodiscard]] Prepared prepare(const AuditRequest& request);

}  // namespace coachd::app
