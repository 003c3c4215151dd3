// A validation rule held against one field: in which stages, and under which other conditions, does Salesforce refuse a
// save that leaves the field blank? The formula is worked out once with the field blank and once with it filled, for
// each stage of each pipeline; what differs is what the rule asks of that field. What is not understood is said to be
// not read. Pure. Inner header of salesforce/.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::salesforce {

/// Record type id -> its name for developers, as formulas may say it.
using DeveloperNames = std::map<std::string, std::string>;

struct RuleReading {
  model::ValidationRule rule;  ///< name and active are the caller's
  /// By the field's own name. A rule that could not be read is among those of every field that it names.
  std::map<std::string, std::vector<model::Requirement>> fields;
};

/// `object` with its fields and pipelines. The reading of a rule that names none of the fields is empty.
[[nodiscard]] RuleReading read_rule(const std::string& name, std::string_view formula,
                                    const model::ObjectDescription& object, const DeveloperNames& developer_names);

}  // namespace coachd::salesforce
