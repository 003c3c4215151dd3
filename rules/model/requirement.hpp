// How a CRM insists on a value beside the mark of the field itself: on a page layout, or by a validation rule. What the
// CRM does not tell, or what could not be understood, is said as such and never guessed. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace coachd::model {

/// One way in which a field is required. A rule that asks for it differently in two pipelines has one for each.
struct Requirement {
  enum class By : std::uint8_t { layout, rule };
  By by = By::rule;
  std::string name;      ///< of the validation rule; of a layout, the record types that it is for ("" = all)
  std::string pipeline;  ///< as stored; "" = in every one
  std::vector<std::string>
      stages;              ///< as stored, in the CRM's order: there a save without it is refused; empty: in all
  std::string where;       ///< what else must be so, in words; "" = nothing
  bool of_record = false;  ///< `where` rests on the record's other data, and not only on who saves or that it moves on
  std::string unread;      ///< why it could not be read; "" = it was. Then only `by` and `name` count
  friend bool operator==(const Requirement&, const Requirement&) = default;
};

/// A validation rule as a whole, so that a change of it can be noticed.
struct ValidationRule {
  std::string name;
  bool active = true;
  std::string formula;  ///< fingerprint of its text; "" where it was not read (inactive, or not shown)
  std::string unread;   ///< why nothing is known of what it asks for; "" = it was read
  friend bool operator==(const ValidationRule&, const ValidationRule&) = default;
};

/// What an object insists on beside its fields' own marks.
struct Insistence {
  std::vector<ValidationRule> rules;  ///< by name
  std::vector<std::string> layouts;   ///< the record types that each layout is for; "" = all
  std::string rules_untold;           ///< why nothing is known of rules; "" = they were read
  std::string layouts_untold;
  friend bool operator==(const Insistence&, const Insistence&) = default;
};

}  // namespace coachd::model
