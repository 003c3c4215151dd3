// What a part of a formula is worth where a record's stage and one blank field are known, and what functions make of
// such values. Only what Salesforce documents is computed; everything else stays unknown (with words for it) or unread
// (with the reason). Pure values. Inner header of salesforce/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/condition.hpp"

namespace coachd::salesforce {

struct FormulaValue {
  enum class Kind : std::uint8_t {
    truth,    ///< `condition`
    text,     ///< `text`, or as it is also called: a stage is compared by its name and by its label
    number,   ///< `number`
    blank,    ///< a number, date or reference that is blank
    unknown,  ///< `words` say what it is
    unread,   ///< `words` say why it cannot be known
    choice,   ///< one of `results`, by `cases` of which exactly one holds
  };
  Kind kind = Kind::unread;
  Condition condition;
  std::string text, also;
  double number = 0;
  std::string words;
  Condition::Of rests_on = Condition::Of::record;  ///< what an unknown one rests on
  bool filled = false;                             ///< unknown, but not blank
  bool is_text = false;                            ///< unknown: of a text field, which is never null
  std::string length_of;                           ///< unknown: the length of what is called so
  std::vector<Condition> cases;                    ///< of a choice
  std::vector<FormulaValue> results;
  static constexpr std::size_t most_choices = 32;

  [[nodiscard]] bool is(Kind k) const noexcept { return kind == k; }
  [[nodiscard]] static FormulaValue of(Condition c);
  [[nodiscard]] static FormulaValue of(std::string text, std::string also = {});
  [[nodiscard]] static FormulaValue of(double number);
  [[nodiscard]] static FormulaValue blank();
  [[nodiscard]] static FormulaValue unknown(std::string words, Condition::Of of);
  [[nodiscard]] static FormulaValue unread(std::string why);
};

/// Where a condition is wanted.
[[nodiscard]] Condition as_condition(const FormulaValue& v);
/// `op`: = <> < <= > >=
[[nodiscard]] Condition compare(std::string_view op, const FormulaValue& a, const FormulaValue& b);
/// ISBLANK; with `null_only` ISNULL, which is never true of a text.
[[nodiscard]] Condition is_blank(const FormulaValue& v, bool null_only);
/// `a` where the condition holds, else `b`.
[[nodiscard]] FormulaValue either(const Condition& c, FormulaValue a, FormulaValue b);
/// Any other function or operator, by its name in capitals.
[[nodiscard]] FormulaValue call(const std::string& name, const std::vector<FormulaValue>& parts);
/// As people read it.
[[nodiscard]] std::string shown(const FormulaValue& v);

}  // namespace coachd::salesforce
