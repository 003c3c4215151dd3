// Days, zones and business days, from tables handed in: pure, no tz database, no clock. A day is a calendar day of
// the connection's zone across daylight saving; months clamp to their last day (31 January + 1mo = 28 or 29 February).
// Immutable after construction, safe to share between threads.
#pragma once

#include <string>
#include <vector>

#include "rules/model/time.hpp"

namespace coachd::calendar {

/// The offsets of one zone: valid from `from` on; the first entry's `from` is the earliest instant there is.
struct Zone {
  struct Change {
    model::Instant from;
    std::chrono::seconds offset;
  };
  std::string name = "UTC";
  std::vector<Change> changes;  ///< ascending; empty: UTC

  [[nodiscard]] std::chrono::seconds offset_at(model::Instant at) const noexcept;
  [[nodiscard]] model::Day day_of(model::Instant at) const noexcept;
  /// Seconds since local midnight.
  [[nodiscard]] std::chrono::seconds time_of_day(model::Instant at) const noexcept;
  /// The first instant of that local day (the one after a gap where midnight does not exist).
  [[nodiscard]] model::Instant start_of(model::Day day) const noexcept;
  /// The instant of a local wall time; in a gap the instant after it, in an overlap the first.
  [[nodiscard]] model::Instant at(model::Day day, std::chrono::seconds time_of_day) const noexcept;
};

class Calendar {
 public:
  Calendar() = default;
  Calendar(Zone zone, std::vector<model::Day> holidays, int fiscal_month, int fiscal_day);

  [[nodiscard]] const Zone& zone() const noexcept { return zone_; }
  [[nodiscard]] model::Day today(model::Instant now) const noexcept { return zone_.day_of(now); }
  [[nodiscard]] bool is_business_day(model::Day day) const noexcept;
  /// `day` moved by a calendar span, forward (sign 1) or back (sign -1). REQUIRES: !span.by_clock().
  [[nodiscard]] model::Day shift(model::Day day, model::Span span, int sign) const noexcept;
  /// An instant moved by any span: by the clock for seconds, else the same local time on the shifted day.
  [[nodiscard]] model::Instant shift(model::Instant at, model::Span span, int sign) const noexcept;

  struct Period {
    model::Day first;
    model::Day last;  ///< inclusive
  };
  /// `this_quarter`, `last_week`, `next_fiscal_year`...: this, last or next, then week, month, quarter, year, or
  /// fiscal_month, fiscal_quarter, fiscal_year. Weeks begin on Monday.
  [[nodiscard]] static bool is_period(std::string_view name) noexcept;
  /// The days of a period around `today`. An unknown name gives a period that holds no day.
  [[nodiscard]] Period period(std::string_view name, model::Day today) const;

 private:
  Zone zone_;
  std::vector<model::Day> holidays_;  // sorted
  int fiscal_month_ = 1;
  int fiscal_day_ = 1;
};

}  // namespace coachd::calendar
