// The search of the simulated portal: reads a request as the vendor does, refuses what the vendor refuses, and runs it
// over the index. Not thread safe.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

#include "tests/simulators/hs_index.hpp"
#include "tests/simulators/hs_problem.hpp"
#include "tests/simulators/hs_records.hpp"

namespace coachd::sim {

struct hs_filter {
  const hs_property* property = nullptr;
  std::string op;
  std::vector<std::string> values;  // two for BETWEEN
};

struct hs_search {
  std::vector<std::vector<hs_filter>> groups;
  const hs_property* sort = nullptr;
  bool descending = false;
  std::string words;  // the free text, in lower case
  std::size_t limit = 10;
  std::size_t after = 0;
  std::vector<std::string> properties;
};

struct hs_found {
  std::size_t total = 0;
  std::vector<hs_record> page;
};

[[nodiscard]] std::string hs_lower(std::string_view text);
[[nodiscard]] std::optional<double> hs_number(std::string_view text);
// Milliseconds of an epoch text or of an ISO instant or day.
[[nodiscard]] std::optional<double> hs_moment(std::string_view text);
// By which texts of such a property are put in order; none where the text itself is.
[[nodiscard]] std::optional<double> hs_ordered(const hs_property& property, std::string_view text);

// 400 VALIDATION_ERROR for limits, unknown properties or operators, a window past 10,000.
[[nodiscard]] boost::system::result<hs_search, hs_problem> parse_search(std::string_view body,
                                                                        const hs_object_def& object);
[[nodiscard]] hs_found run_search(const hs_search& search, const hs_object_def& object, const hs_records& records,
                                  const hs_index& index, instant now);

}  // namespace coachd::sim
