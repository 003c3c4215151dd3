// Answers of describe/layouts: which record types have which layout, and what a layout wants filled. Pure functions
// over the vendor's JSON. Inner header of salesforce/.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "rules/model/description.hpp"

namespace coachd::salesforce {

/// One page layout, as coachd's own user is shown it.
struct LayoutReading {
  std::string id;
  std::vector<std::string> record_types;       ///< ids; empty: the object has no record types
  std::vector<std::string> record_type_names;  ///< parallel
  std::vector<std::string> required;           ///< fields that it wants filled
};

/// The layouts that coachd's user is given, by the answer without a record type. Where the object has record types the
/// answer names the layouts only, and `required` is still to be read (`complete` false).
struct LayoutList {
  std::vector<LayoutReading> layouts;
  bool complete = true;
};
[[nodiscard]] LayoutList read_layout_list(const boost::json::object& answer);
/// The fields that one layout marks as required and that can be filled in on it.
[[nodiscard]] std::vector<std::string> required_on(const boost::json::object& layout);

/// Puts them into the description: one requirement per record type, or one for all.
void describe_layouts(const std::vector<LayoutReading>& layouts, model::ObjectDescription& into);

}  // namespace coachd::salesforce
