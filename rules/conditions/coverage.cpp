#include "rules/conditions/coverage.hpp"

#include <string>

#include "rules/model/time.hpp"

namespace coachd::rules {

bool poor_coverage(const WonDeals& deals, bool was_poor) noexcept {
  if (deals.won <= 0) return was_poor;
  return was_poor ? deals.silent * 100 >= deals.won * 20 : deals.silent * 100 > deals.won * 30;
}

std::string ActivityCoverage::why() const {
  std::string out = "activities: " + std::to_string(deals.silent) + " of " + std::to_string(deals.won) +
                    " deals won in the " + std::to_string(coverage_days) + " days";
  if (day) out += " before " + model::to_string(*day);
  return out + " show none at all, so that much of what people do is not in the CRM";
}

ActivityCoverage ActivityCoverage::counted(const WonDeals& won, model::Day on) const {
  ActivityCoverage out = *this;
  out.deals = won;
  out.day = on;
  out.poor = poor_coverage(won, poor);
  return out;
}

}  // namespace coachd::rules
