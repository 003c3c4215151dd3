// Runs a SOQL query against the tables: checks it as the vendor does, picks an index, gives row numbers in order, and
// writes records as REST answers have them. Reads only; the caller holds the company's lock.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/soql.hpp"

namespace coachd::sim {

// Finds the table of an object by its exact name; null when there is none.
using table_finder = std::function<const table*(std::string_view)>;

// A column as SELECT names it: the lookups walked, then the field.
struct column_path {
  std::vector<std::pair<int, const table*>> steps;  // the lookup's column, the table that it leads to
  std::vector<std::string> names;                   // the relationships' names, then the field's
  const table* last = nullptr;
  int column = -1;
};

struct result_rows {
  const table* from = nullptr;
  std::vector<column_path> columns;
  std::vector<row_number> rows;
  bool count_only = false;
  std::uint64_t total = 0;
};

// Errors: MALFORMED_QUERY, INVALID_FIELD, INVALID_TYPE, INVALID_QUERY_FILTER_OPERATOR, NUMBER_OUTSIDE_VALID_RANGE.
// `deleted_too`: rows in the recycle bin are seen as well (queryAll).
[[nodiscard]] boost::system::result<result_rows, soql::problem> run_query(std::string_view text,
                                                                          const table_finder& tables, bool deleted_too,
                                                                          instant now);

// {"attributes":{...},"Id":...} appended to `out`.
void write_record(std::string& out, const result_rows& result, row_number row, std::string_view version);
// One value as REST writes it for a field of that type.
void write_value(std::string& out, const value& v, field_type type);

}  // namespace coachd::sim
