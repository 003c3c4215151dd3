// Records of an answer as model rows, with the history that each brings along. Inner header of hubspot/.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::hubspot {

/// What is asked of each record, and how its answer becomes a row.
struct Selection {
  ObjectPtr object;
  PeoplePtr people;
  std::vector<std::string> columns;                    ///< as the caller asked
  std::vector<std::optional<model::FieldType>> types;  ///< parallel; nothing: the account has no such property
  std::vector<std::string> properties;                 ///< what is sent: our own, then the columns that exist
  std::vector<std::size_t> followed;                   ///< columns whose history is asked for
};
[[nodiscard]] Task<Selection> choose(Catalog& catalog, std::string object, std::vector<std::string> columns);

/// Every property is a text on the wire: as the field's type says; what is no date or number stays a text. Users become
/// owners.
[[nodiscard]] model::StoredValue value(std::string_view written, model::FieldType type);

/// Adds the record, the records that were merged into it (as deleted), and its history. False: it has no id or time.
[[nodiscard]] bool add_record(const boost::json::object& record, const Selection& selection, connectors::Page& page);
/// A record of the recycle bin, as deleted; without values. False: it has no id or time.
[[nodiscard]] bool add_deleted(const boost::json::object& record, const Selection& selection, connectors::Page& page);

/// From this many values on a property's list counts as full: what was before is not known.
inline constexpr std::size_t history_depth = 20;
/// A value dated that close to the record's creation was there from the beginning and is no change.
inline constexpr std::chrono::seconds created_with{5};

}  // namespace coachd::hubspot
