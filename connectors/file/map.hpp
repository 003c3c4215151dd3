// The map of an export: which column is what, and how its texts are to be read. Read strictly, with
// every error at once. Plain values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/description.hpp"
#include "rules/model/error.hpp"

namespace coachd::file {

/// How numbers are written. `thousands` 0: not grouped.
struct Numbers {
  char decimal = '.';
  char thousands = 0;
};

/// A file of changes. Either one line is a change (`field`, `from`, `to`), or each line is what the record was then
/// (Salesforce's OpportunityHistory): columns are told apart by the names that the rules use.
struct HistoryMap {
  std::string file;             ///< beside the map, unless absolute
  std::string key;              ///< column that holds the record's id
  std::string at;               ///< column of the instant
  std::string field, from, to;  ///< all three or none
  std::string by;               ///< who; may be empty
};

struct ExportMap {
  std::string path;
  std::string object;                         ///< canonical
  std::vector<std::string> key;               ///< columns; empty: every line is a record
  std::map<std::string, std::string> fields;  ///< canonical -> column
  std::vector<model::Pipeline> pipelines;     ///< from `stages:`
  std::map<std::string, std::map<std::string, std::vector<std::string>>>
      milestones;  ///< pipeline ("" = any) -> name -> stages
  std::vector<std::string> dates;
  std::string zone;  ///< IANA; empty: UTC
  Numbers numbers;
  std::vector<std::string> blank;
  std::optional<HistoryMap> history;
  std::string as_of;  ///< a date or an instant as written; empty: now
};

struct ReadMap {
  std::optional<ExportMap> map;  ///< nothing when there is any error
  std::vector<model::Diagnostic> diagnostics;
};

[[nodiscard]] ReadMap read_map(const std::string& path, const std::string& text);

}  // namespace coachd::file
