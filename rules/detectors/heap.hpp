// Records of one person that are alike in one field, as detectors tell of them. Pure.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "rules/detectors/detector.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

/// The first few of the records, and since when there were `enough` of them; `set`: when each got its value, as far as
/// that is known, in any order. What the finding says is the caller's.
[[nodiscard]] inline Detected heap_of(const std::string& person, const ChosenField& field,
                                      std::vector<std::string> records, std::vector<model::Instant> set,
                                      std::size_t enough) {
  constexpr std::size_t shown = 10;
  Detected f;
  f.unit = Unit::person;
  f.person = person;
  f.field = field.crm_name;
  f.key = person + '|' + f.field;
  std::sort(records.begin(), records.end());
  if (records.size() > shown) records.resize(shown);
  f.records = std::move(records);
  std::sort(set.begin(), set.end());
  if (set.size() >= enough) f.since = set[enough - 1];
  return f;
}

}  // namespace coachd::rules
