#include "tests/simulators/hs_index.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_table.hpp"

namespace coachd::sim {

void hs_index::note(hs_object object, row_number n, const row* before, instant visible) {
  auto& versions = behind_[static_cast<std::size_t>(object)][n];
  // The index takes changes of one record in turn.
  if (!versions.empty()) visible = std::max(visible, versions.back().until);
  versions.push_back({visible, before == nullptr ? std::nullopt : std::optional<row>{*before}});
}

std::optional<hs_record> hs_index::seen(hs_object object, row_number n, instant now) const {
  const auto& late = behind_[static_cast<std::size_t>(object)];
  auto record = records_.at(object, n);
  if (const auto found = late.find(n); found != late.end()) {
    for (const auto& v : found->second) {
      if (v.until <= now) continue;
      if (!v.cells) return std::nullopt;
      record.cells = &*v.cells;
      break;
    }
  }
  if (records_.archived(record)) return std::nullopt;
  return record;
}

std::vector<hs_record> hs_index::modified_between(hs_object object, std::optional<instant> from,
                                                  std::optional<instant> to, instant now) const {
  std::vector<hs_record> found;
  const auto& late = behind_[static_cast<std::size_t>(object)];
  const auto inside = [&](const hs_record& r) {
    const auto at = records_.modified(r);
    return (!from || at >= *from) && (!to || at <= *to);
  };
  const auto& index = records_.rows(object).by_stamp();
  const auto first = from ? from->time_since_epoch().count() : std::numeric_limits<std::int64_t>::min();
  const auto last = to ? to->time_since_epoch().count() : std::numeric_limits<std::int64_t>::max();
  for (auto i = index.lower_bound({first, 0}); i != index.end() && i->first <= last; ++i) {
    if (late.contains(i->second)) continue;
    const auto record = records_.at(object, i->second);
    if (!records_.archived(record)) found.push_back(record);
  }
  const auto sorted = static_cast<std::ptrdiff_t>(found.size());
  for (const auto& [n, versions] : late) {
    if (const auto record = seen(object, n, now); record && inside(*record)) found.push_back(*record);
  }
  const auto less = [&](const hs_record& a, const hs_record& b) {
    return std::pair{records_.modified(a), a.n} < std::pair{records_.modified(b), b.n};
  };
  if (sorted == static_cast<std::ptrdiff_t>(found.size())) return found;
  std::sort(found.begin() + sorted, found.end(), less);
  std::vector<hs_record> merged;
  merged.reserve(found.size());
  std::merge(found.begin(), found.begin() + sorted, found.begin() + sorted, found.end(), std::back_inserter(merged),
             less);
  return merged;
}

void hs_index::forget(instant now) {
  for (auto& late : behind_) {
    for (auto i = late.begin(); i != late.end();) {
      std::erase_if(i->second, [&](const version& v) { return v.until <= now; });
      i = i->second.empty() ? late.erase(i) : std::next(i);
    }
  }
}

}  // namespace coachd::sim
