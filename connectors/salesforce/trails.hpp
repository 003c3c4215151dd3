// What Salesforce writes down beside its records: LoginHistory, ReportExport event log files, the setup audit trail,
// and the versions of files. Inner header of salesforce/. Thread rule: the network thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/catalog.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/trails.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

[[nodiscard]] Task<connectors::TrailPage> read_trail(Session& session, Catalog& catalog,
                                                     connectors::TrailRequest request);

// ---- the parts
// -----------------------------------------------------------------------------------------------------------------

/// An object that the user may not see, or a right that is missing, is no failure: it is what the page says.
[[nodiscard]] Result<connectors::TrailPage> refused(const model::CrmError& error, const char* why);
/// Report exports, from the daily event log files: one list, then each file that came since the last reading.
[[nodiscard]] Task<connectors::TrailPage> read_exports(Session& session, connectors::TrailRequest request);
/// Rows of a log file. Of its columns only who and when are looked at; what does not hold both is left out.
[[nodiscard]] std::vector<connectors::Trace> exports_in(std::string csv);

/// What one row of the setup audit trail is about, as far as its words tell; empty where they do not.
struct Changed {
  std::string object;  ///< its label, or its plural on standard objects
  std::string field;   ///< its label; of a renamed one the new one
};
/// `section` and `display` as SetupAuditTrail has them. Custom fields only: nothing else is told by field.
[[nodiscard]] Changed changed_in(std::string_view section, std::string_view display);

}  // namespace coachd::salesforce
