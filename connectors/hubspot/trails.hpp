// What HubSpot writes down beside its records: sign-ins, exports among the security activity, and of each property who
// made it and who changed it last. Inner header of hubspot/. Thread rule: the network thread.
#pragma once

#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/session.hpp"
#include "connectors/trails.hpp"

namespace coachd::hubspot {

/// Centralised audit logs (Enterprise) are not asked: their documents name no categories, and no property.
[[nodiscard]] Task<connectors::TrailPage> read_trail(Session& session, Catalog& catalog,
                                                     connectors::TrailRequest request);

}  // namespace coachd::hubspot
