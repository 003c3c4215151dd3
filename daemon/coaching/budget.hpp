// The noise budget: how many prompts one person gets in a day and in a week, whatever the rules find. A pure decision.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::coaching {

struct NoiseBudget {
  int per_day = 2;
  int per_week = 6;  ///< weeks begin on Monday, in the person's zone
};

/// The day and week of a person that an instant lies in.
struct BudgetPeriods {
  model::Instant day_from, day_to, week_from, week_to;  ///< [from, to)
};
[[nodiscard]] BudgetPeriods budget_periods(const calendar::Zone& zone, model::Instant now);

struct BudgetAnswer {
  bool allowed = true;
  std::string_view reason;      ///< "budget of the day used", "budget of the week used"
  model::Instant look_again{};  ///< where not allowed: when the period that is used up ends
};
[[nodiscard]] BudgetAnswer within_budget(const NoiseBudget& budget, const BudgetPeriods& periods,
                                         std::int64_t sent_today, std::int64_t sent_this_week);

}  // namespace coachd::coaching
