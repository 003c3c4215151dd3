// A retired property: hidden, shown again, archived. Only the company's own are touched, and of these nothing but
// whether they are there to be seen. Inner header of hubspot/. Thread rule: the network thread.
#pragma once

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/session.hpp"

namespace coachd::hubspot {

/// As Connector::change_field. The property is looked at before anything is sent. HubSpot's API can archive a property
/// but not bring it back: a person does that, in its settings.
[[nodiscard]] Task<bool> change_field(Session& session, Catalog& catalog, connectors::FieldChange change);

}  // namespace coachd::hubspot
