// All records by id, then changed records by (SystemModstamp, Id); and records by their ids. Inner header of
// salesforce/.
#pragma once

#include <string>
#include <vector>

#include "connectors/salesforce/catalog.hpp"

namespace coachd::salesforce {

/// One page of a first load or a sweep. Columns that the object lacks, or that the user may not see, come back as
/// unread values.
[[nodiscard]] Task<connectors::Page> read_changes(Session& session, Catalog& catalog, connectors::ReadRequest request);
/// Any number of ids, in calls of 200 at most; deleted records too, while the recycle bin holds them.
[[nodiscard]] Task<connectors::Page> fetch_records(Session& session, Catalog& catalog, std::string object,
                                                   std::vector<model::RecordId> ids, std::vector<std::string> columns);

}  // namespace coachd::salesforce
