// The timing of every card of one object, over the records that a host hands in one by one. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/cards/required.hpp"
#include "rules/cards/timing.hpp"
#include "rules/engine/plan.hpp"

namespace coachd::rules {

struct FieldTiming {
  std::uint32_t rule = 0;  ///< index of the card into the rule set
  std::string field;       ///< as the file names it
  std::string label;
  std::string knowable;  ///< in words; "" where it is known from the beginning
  /// `timing.required-too-early`: the CRM requires it, for certain, before it can be known.
  bool required_too_early = false;
  std::vector<RequiredAt> required;          ///< in which ways the CRM requires it, as far as that was read
  std::vector<std::string> required_unread;  ///< "validation rule X was not read: it uses VLOOKUP"
  std::vector<std::string> required_untold;  ///< what the CRM does not tell at all
  TimingEvidence evidence;
};

class TimingStudy {
 public:
  /// Of one field, or of all where it is empty. The rules must outlive it.
  TimingStudy(const RuleSet& rules, const ObjectPlan& plan, std::string_view field);
  [[nodiscard]] bool empty() const noexcept { return cards_.empty(); }
  void add(const Case& c, const World& world, model::Instant now);
  [[nodiscard]] std::vector<FieldTiming> finish(const World& world, model::Instant now);

 private:
  struct OneCard {
    FieldTiming timing;
    const Card* card = nullptr;
    TimingTally tally;
  };
  const ObjectPlan& plan_;
  Facts unknown_;  // what other records hold is not known of the past
  std::vector<OneCard> cards_;
};

}  // namespace coachd::rules
