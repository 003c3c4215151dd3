// Shares with an interval, so that few records prove nothing. Pure.
#pragma once

#include <cstdint>

namespace coachd::rules {

struct Interval {
  double low = 0;
  double high = 1;
};

/// Wilson's score interval of `hits` among `n` (E. B. Wilson, 1927): 0 to 1 where n is 0. `z`: how many standard
/// deviations wide on either side.
[[nodiscard]] Interval wilson(std::uint64_t hits, std::uint64_t n, double z);

/// The z of a two-sided certainty between 0.5 and 0.999999: 1.96 for 95 %. By Acklam's rational approximation (relative
/// error below 1.2e-9).
[[nodiscard]] double z_of(double certainty);

/// "23 %".
[[nodiscard]] int percent(double share);

}  // namespace coachd::rules
