// Field history as Salesforce keeps it, by (CreatedDate, Id). Inner header of salesforce/.
#pragma once

#include "connectors/salesforce/catalog.hpp"

namespace coachd::salesforce {

/// One page. A lookup's change has two rows, with names and with ids: the one with ids is kept. Rows without values
/// (long texts: "changed, content unknown") have unread values. Rows such as `created` that are no field's change are
/// left out.
[[nodiscard]] Task<connectors::HistoryPage> read_history(Session& session, Catalog& catalog,
                                                         connectors::HistoryRequest request);

}  // namespace coachd::salesforce
