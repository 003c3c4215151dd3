// Associations as columns: `associations.deals` of a task holds the ids of its deals, with `;` between them. Inner
// header of hubspot/.
#pragma once

#include <string>
#include <string_view>

#include "connectors/hubspot/rows.hpp"
#include "connectors/hubspot/session.hpp"

namespace coachd::hubspot {

[[nodiscard]] std::string link_column(std::string_view object);
/// Fills these columns of the page's records, by one call for each hundred of them. Columns of other objects' fields,
/// and deleted records, stay as they are.
[[nodiscard]] Task<bool> add_links(Session& session, const Selection& selection, connectors::Page& page);

}  // namespace coachd::hubspot
