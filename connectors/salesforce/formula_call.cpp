// The functions of the formula language that are no question of true and false (formula_value.hpp, `call`).
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/salesforce/condition.hpp"
#include "connectors/salesforce/formula.hpp"
#include "connectors/salesforce/formula_value.hpp"

namespace coachd::salesforce {
namespace {

using Kind = FormulaValue::Kind;
using Values = std::vector<FormulaValue>;

// Their result follows from their arguments alone.
constexpr std::string_view plain =
    " + - * / ^ & NEG ABS ADDMONTHS ASCII BEGINS BR CASESAFEID CEILING CHR CONTAINS CURRENCYRATE DATE DATETIMEVALUE "
    "DATEVALUE DAY DAYOFYEAR DISTANCE EXP FIND FLOOR FORMATDURATION FROMUNIXTIME GEOLOCATION HOUR HYPERLINK IMAGE "
    "INCLUDES INITCAP ISNUMBER ISOWEEK ISOYEAR LEFT LEN LN LOG LOWER LPAD MAX MCEILING MFLOOR MID MIN MINUTE MOD MONTH "
    "MSECOND REGEX RIGHT ROUND RPAD SECOND SQRT SUBSTITUTE TEXT TIMEVALUE TRIM UPPER VALUE WEEKDAY ";
// These go by the time of the save.
constexpr std::string_view clock = " NOW TODAY TIMENOW ";

[[nodiscard]] bool one_of(const std::string& name, std::string_view list) {
  return list.find(' ' + name + ' ') != std::string_view::npos;
}

[[nodiscard]] std::string in_case(std::string text, bool capitals) {
  for (char& c : text) {
    if (!capitals && c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    if (capitals && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  }
  return text;
}
[[nodiscard]] bool ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

[[nodiscard]] FormulaValue joined(const Values& parts) {
  std::string text;
  for (const FormulaValue& p : parts) text += p.text;
  return FormulaValue::of(std::move(text));
}

// Of constants; unread where Salesforce's documents leave it open.
[[nodiscard]] FormulaValue computed(const std::string& name, const Values& p) {
  const auto texts = std::all_of(p.begin(), p.end(), [](const FormulaValue& v) { return v.is(Kind::text); });
  const auto numbers = std::all_of(p.begin(), p.end(), [](const FormulaValue& v) { return v.is(Kind::number); });
  if (texts && p.size() == 1 && name == "LEN" && ascii(p[0].text))
    return FormulaValue::of(static_cast<double>(p[0].text.size()));
  if (texts && p.size() == 1 && (name == "LOWER" || name == "UPPER" || name == "TRIM") && p[0].text.empty())
    return p[0];
  if (texts && p.size() == 1 && (name == "LOWER" || name == "UPPER") && ascii(p[0].text) && p[0].also.empty())
    return FormulaValue::of(in_case(p[0].text, name == "UPPER"));
  if (texts && (name == "&" || name == "+")) return joined(p);
  if (texts && p.size() == 2 && name == "BEGINS" && !p[1].text.empty() && p[0].also.empty() && p[1].also.empty())
    return FormulaValue::of(Condition::of(p[0].text.starts_with(p[1].text)));
  if (texts && p.size() == 2 && name == "CONTAINS" && !p[1].text.empty()) {
    const bool by_name = p[0].text.find(p[1].text) != std::string::npos;
    // the value of a picklist and what it is called may differ: only where both say the same
    const bool by_label = (p[0].also.empty() ? p[0].text : p[0].also).find(p[1].also.empty() ? p[1].text : p[1].also) !=
                          std::string::npos;
    if (by_name == by_label) return FormulaValue::of(Condition::of(by_name));
  }
  if (texts && p.size() == 2 && name == "INCLUDES" && p[0].text.empty()) return FormulaValue::of(Condition::of(false));
  if (numbers && p.size() == 2) {
    if (name == "+") return FormulaValue::of(p[0].number + p[1].number);
    if (name == "-") return FormulaValue::of(p[0].number - p[1].number);
    if (name == "*") return FormulaValue::of(p[0].number * p[1].number);
  }
  if (numbers && p.size() == 1 && name == "NEG") return FormulaValue::of(-p[0].number);
  return FormulaValue::unread(fmt::format("what {} comes to here", name));
}

[[nodiscard]] FormulaValue unknown_of(const std::string& name, const Values& parts) {
  auto of = Condition::Of::moment;
  std::string list;
  for (const FormulaValue& p : parts) {
    if (p.is(Kind::unknown) && p.rests_on == Condition::Of::record) of = Condition::Of::record;
    list += (list.empty() ? "" : ", ") + shown(p);
  }
  const bool infix = name.size() == 1;
  auto v =
      FormulaValue::unknown(infix && parts.size() == 2 ? fmt::format("{} {} {}", shown(parts[0]), name, shown(parts[1]))
                                                       : fmt::format("{}({})", name == "NEG" ? "-" : name, list),
                            of);
  v.filled = parts.size() == 1 && parts[0].filled;
  if (name == "LEN" && parts.size() == 1) v.length_of = parts[0].words;
  v.words = shortened(v.words, 300);
  return v;
}

// The first argument that may be several values is taken apart.
[[nodiscard]] FormulaValue over_choices(const std::string& name, const Values& parts) {
  const auto at = static_cast<std::size_t>(
      std::find_if(parts.begin(), parts.end(), [](const FormulaValue& p) { return p.is(Kind::choice); }) -
      parts.begin());
  FormulaValue out = FormulaValue::unread("");
  bool first = true;
  for (std::size_t i = parts[at].cases.size(); i-- > 0;) {
    Values one = parts;
    one[at] = parts[at].results[i];
    FormulaValue value = call(name, one);
    out = first ? std::move(value) : either(parts[at].cases[i], std::move(value), std::move(out));
    first = false;
    if (out.is(Kind::unread)) break;
  }
  return out;
}

}  // namespace

FormulaValue call(const std::string& name, const Values& parts) {
  if (one_of(name, clock)) return FormulaValue::unknown(name == "NOW" ? "now" : "today", Condition::Of::moment);
  const bool text_again = name == "TEXT" || name == "TRIM" || name == "UPPER" || name == "LOWER";
  if (!one_of(name, plain))
    return FormulaValue::unread(name == "VLOOKUP" ? "it looks something up on other records (VLOOKUP)"
                                                  : fmt::format("it uses {}", shortened(name, 40)));
  for (const FormulaValue& p : parts)
    if (p.is(Kind::unread)) return p;
  if (std::any_of(parts.begin(), parts.end(), [](const FormulaValue& p) { return p.is(Kind::choice); }))
    return over_choices(name, parts);
  for (const FormulaValue& p : parts)
    if (p.is(Kind::blank))
      return FormulaValue::unread(fmt::format("what {} makes of a blank number, date or lookup", name));
  const bool unknown = std::any_of(parts.begin(), parts.end(), [](const FormulaValue& p) {
    return p.is(Kind::unknown) ||
           (p.is(Kind::truth) && !p.condition.is(Condition::Kind::yes) && !p.condition.is(Condition::Kind::no));
  });
  if (text_again && parts.size() == 1 && (unknown || (name == "TEXT" && parts[0].is(Kind::text)))) {
    FormulaValue same = parts[0];
    same.is_text = true;
    return same;
  }
  return unknown ? unknown_of(name, parts) : computed(name, parts);
}

}  // namespace coachd::salesforce
