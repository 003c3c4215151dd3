// What search sees: the records as they were some seconds ago. Rows that changed inside of the lag are kept as they
// were until the index catches up. Not thread safe.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"

namespace coachd::sim {

class hs_index {
 public:
  explicit hs_index(const hs_records& records) : records_{records} {}

  // Notes one write: the row was `before` (none: it was not there) and is seen changed from `visible` on.
  void note(hs_object object, row_number n, const row* before, instant visible);
  // The record as the index has it; none when it is not there yet or was archived.
  [[nodiscard]] std::optional<hs_record> seen(hs_object object, row_number n, instant now) const;
  // Live records whose modified date lies between both, in the order of (modified, id).
  [[nodiscard]] std::vector<hs_record> modified_between(hs_object object, std::optional<instant> from,
                                                        std::optional<instant> to, instant now) const;
  void forget(instant now);  // what the index has caught up with

 private:
  struct version {
    instant until;
    std::optional<row> cells;
  };
  using behind = std::map<row_number, std::vector<version>>;

  const hs_records& records_;
  std::array<behind, all_hs_objects.size()> behind_;
};

}  // namespace coachd::sim
