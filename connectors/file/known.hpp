// Exports known by their headers: which CRM wrote them, which column is what, and what reads as blank or as a checkbox
// there. Pure tables.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/file/layout.hpp"

namespace coachd::file {

/// Salesforce's weekly export: `Id` with its system columns; HubSpot's: `Record ID`, or the internal name hs_object_id.
[[nodiscard]] Origin origin_of(const std::vector<std::string>& columns);

/// Canonical name -> column, for those of the usual names (`Id`, `OwnerId`, `StageName`, `Deal Stage`, ...) that are
/// there. `object` is canonical (`opportunity`).
[[nodiscard]] std::map<std::string, std::string> known_names(std::string_view object,
                                                             const std::vector<std::string>& columns);

/// The canonical object that the columns show, where they do.
[[nodiscard]] std::optional<std::string> known_object(const std::vector<std::string>& columns);

/// Texts that read as blank in this kind of export: Salesforce writes a null reference as 000000000000000AAA.
[[nodiscard]] std::vector<std::string> blank_words(Origin origin);

/// True where `0` and `1` in this column are a checkbox.
[[nodiscard]] bool is_checkbox(Origin origin, std::string_view column);

}  // namespace coachd::file
