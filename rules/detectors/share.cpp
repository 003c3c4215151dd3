#include "rules/detectors/share.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace coachd::rules {

Interval wilson(std::uint64_t hits, std::uint64_t n, double z) {
  if (n == 0) return {};
  const auto count = static_cast<double>(n);
  const double p = static_cast<double>(hits) / count;
  const double zz = z * z / count;
  const double middle = (p + zz / 2) / (1 + zz);
  const double half = z / (1 + zz) * std::sqrt(p * (1 - p) / count + zz / (4 * count));
  return {std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

double z_of(double certainty) {
  const double p = 1 - (1 - std::clamp(certainty, 0.5, 0.999999)) / 2;  // from 0.75 on
  constexpr std::array<double, 6> a{-3.969683028665376e+01, 2.209460984245205e+02,  -2.759285104469687e+02,
                                    1.383577518672690e+02,  -3.066479806614716e+01, 2.506628277459239e+00};
  constexpr std::array<double, 5> b{-5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
                                    6.680131188771972e+01, -1.328068155288572e+01};
  constexpr std::array<double, 6> c{-7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
                                    -2.549732539343734e+00, 4.374664141464968e+00,  2.938163982698783e+00};
  constexpr std::array<double, 4> d{7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00,
                                    3.754408661907416e+00};
  if (p <= 1 - 0.02425) {
    const double q = p - 0.5;
    const double r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q /
           (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
  }
  const double q = std::sqrt(-2 * std::log(1 - p));
  return -(((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5]) /
         ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
}

int percent(double share) {
  return static_cast<int>(std::lround(share * 100));
}

}  // namespace coachd::rules
