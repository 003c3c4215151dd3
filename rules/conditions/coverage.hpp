// Whether what people do shows in the CRM at all. Where most of it stays elsewhere, "no activity" says nothing about
// anybody's work: then nothing can be told from absence. Pure; hosts count once a day and keep the last answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "rules/model/time.hpp"

namespace coachd::rules {

/// How many days back won deals are counted.
inline constexpr int coverage_days = 90;

/// Deals that were won in the last `coverage_days` days.
struct WonDeals {
  std::int64_t won = 0;
  std::int64_t silent = 0;  ///< of these, without any activity of a person, whenever it was
  bool operator==(const WonDeals&) const = default;
};

/// Above 30 % silent deals it is poor, and stays so until they are below 20 %. Without a won deal it stays as it was.
[[nodiscard]] bool poor_coverage(const WonDeals& deals, bool was_poor) noexcept;

struct ActivityCoverage {
  WonDeals deals;
  std::optional<model::Day> day;  ///< on which they were counted; nothing: never
  bool poor = false;              ///< see poor_coverage

  /// That nothing happened can be told.
  [[nodiscard]] bool tells() const noexcept { return !poor; }
  /// REQUIRES: !tells(). "activities: 14 of 40 deals won in the 90 days before 2026-05-04 show none at all".
  [[nodiscard]] std::string why() const;
  /// The same counted anew.
  [[nodiscard]] ActivityCoverage counted(const WonDeals& deals, model::Day day) const;
  bool operator==(const ActivityCoverage&) const = default;
};

}  // namespace coachd::rules
