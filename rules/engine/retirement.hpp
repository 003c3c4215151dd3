// Whether the governed fields of one object are still used, over the records that a host hands in one by one. One
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/cards/retirement.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::rules {

struct FieldRetirement {
  std::uint32_t rule = 0;  ///< index of the card into the rule set
  std::string field;       ///< as the file names it
  std::string label;
  bool wanted = false;  ///< the card has `retire:` and no `keep:`: an unused field is a candidate
  bool kept = false;
  FieldUse use;
  [[nodiscard]] bool candidate() const noexcept {
    return wanted && (use.verdict == FieldUse::Verdict::never_filled || use.verdict == FieldUse::Verdict::abandoned);
  }
};

class RetirementStudy {
 public:
  /// Of one field, or of all where it is empty. The rules must outlive it.
  RetirementStudy(const RuleSet& rules, const ObjectPlan& plan, std::string_view field);
  [[nodiscard]] bool empty() const noexcept { return cards_.empty(); }
  void add(const Case& c, const World& world, model::Instant now);
  [[nodiscard]] std::vector<FieldRetirement> finish(const World& world, model::Instant now);

 private:
  struct OneCard {
    FieldRetirement field;
    UseTally tally;
  };
  const ObjectPlan& plan_;
  Facts unknown_;
  std::vector<OneCard> cards_;
};

}  // namespace coachd::rules
