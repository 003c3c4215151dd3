// Short ways to write what a finding says. Pure.
#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "rules/detectors/detector.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

template <class Number>
[[nodiscard]] std::pair<std::string, model::StoredValue> fact(std::string name, Number n) {
  return {std::move(name), model::StoredValue(model::Value::number(static_cast<double>(n)))};
}
[[nodiscard]] inline std::pair<std::string, model::StoredValue> fact(std::string name, std::string text) {
  return {std::move(name), model::StoredValue::text(std::move(text))};
}
/// "1 record", "3 records".
[[nodiscard]] inline std::string counted(std::size_t n, const std::string& noun) {
  return std::to_string(n) + ' ' + noun + (n == 1 ? "" : "s");
}
/// Findings by key, so that the order of the records does not show.
inline void sort_by_key(Detection& d) {
  std::sort(d.findings.begin(), d.findings.end(), [](const Detected& a, const Detected& b) { return a.key < b.key; });
}
/// Counts what cannot be told under its reason.
inline void untold(Detection& d, const std::string& why, std::uint64_t count) {
  if (count > 0) d.untold.push_back({why, count});
}

}  // namespace coachd::rules
