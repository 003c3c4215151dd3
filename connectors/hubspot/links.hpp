// Associations as columns: `associations.deals` of a task holds the ids of its deals, with `;` between them;
// `associations.companies.primary` of a deal the one company that it belongs to. Inner header of hubspot/.
#pragma once

#include <string>
#include <string_view>

#include "connectors/hubspot/rows.hpp"
#include "connectors/hubspot/session.hpp"

namespace coachd::hubspot {

[[nodiscard]] std::string link_column(std::string_view object);
/// Of several the primary one, or the only one; with several and no primary one their ids, as of `link_column`.
[[nodiscard]] std::string primary_column(std::string_view object);
/// Fills these columns of the page's records, by one call for each hundred of them and each other object. Columns of
/// other objects' fields, and deleted records, stay as they are.
[[nodiscard]] Task<bool> add_links(Session& session, const Selection& selection, connectors::Page& page);

}  // namespace coachd::hubspot
