#include "connectors/salesforce/formula_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/salesforce/condition.hpp"
#include "connectors/salesforce/formula.hpp"

namespace coachd::salesforce {
namespace {

using Kind = FormulaValue::Kind;
using Of = Condition::Of;

// `f` of each value that `v` may have; its own conditions go with what comes of them.
template <class F>
Condition over(const FormulaValue& v, F f) {
  std::vector<Condition> any;
  any.reserve(v.cases.size());
  for (std::size_t i = 0; i < v.cases.size(); ++i) any.push_back(Condition::all({v.cases[i], f(v.results[i])}));
  return Condition::any(std::move(any));
}

[[nodiscard]] bool same_text(const FormulaValue& a, const FormulaValue& b) {
  return a.text == b.text || (!a.also.empty() && a.also == b.text) || (!b.also.empty() && b.also == a.text);
}

[[nodiscard]] bool by_order(std::string_view op, double a, double b) {
  if (op == "<") return a < b;
  if (op == "<=") return a <= b;
  return op == ">" ? a > b : a >= b;
}

// A blank number is neither above nor at most anything: one is not the other's contrary.
struct Wording {
  std::string_view op, yes, no;
};
constexpr Wording wordings[] = {{"=", "is", "is not"},
                                {"<>", "is not", "is"},
                                {"<", "is below", "is not below"},
                                {"<=", "is at most", "is not at most"},
                                {">", "is above", "is not above"},
                                {">=", "is at least", "is not at least"}};

[[nodiscard]] Condition compared(std::string_view op, const FormulaValue& a, const FormulaValue& b) {
  const auto* const w =
      std::find_if(std::begin(wordings), std::end(wordings), [&](const Wording& x) { return x.op == op; });
  const bool constant = !a.is(Kind::unknown);
  // "5 < Amount" reads as "Amount is above 5"
  if (constant && op != "=" && op != "<>") {
    const std::string_view turned = op == "<" ? ">" : op == "<=" ? ">=" : op == ">" ? "<" : "<=";
    return compared(turned, b, a);
  }
  const FormulaValue& left = constant ? b : a;
  const FormulaValue& right = constant ? a : b;
  const auto say = [&](std::string_view verb) { return fmt::format("{} {} {}", shown(left), verb, shown(right)); };
  const bool record =
      (a.is(Kind::unknown) && a.rests_on == Of::record) || (b.is(Kind::unknown) && b.rests_on == Of::record);
  return Condition::atom(say(w->yes), say(w->no), record ? Of::record : Of::moment);
}

[[nodiscard]] Condition blank_atom(const std::string& words, Of of) {
  return Condition::atom(words + " is blank", words + " is filled", of);
}

// LEN(x) = 0 and its like ask whether x is blank.
[[nodiscard]] bool asks_for_blank(std::string_view op, double n) {
  return ((op == "=" || op == "<=") && n == 0) || (op == "<" && n > 0 && n <= 1);
}
[[nodiscard]] bool asks_for_filled(std::string_view op, double n) {
  return ((op == "<>" || op == ">") && n == 0) || (op == ">=" && n > 0 && n <= 1);
}

}  // namespace

FormulaValue FormulaValue::of(Condition c) {
  FormulaValue v;
  if (c.is(Condition::Kind::unread)) return unread(c.why_unread());
  v.kind = Kind::truth;
  v.condition = std::move(c);
  return v;
}
FormulaValue FormulaValue::of(std::string text, std::string also) {
  FormulaValue v;
  v.kind = Kind::text;
  v.text = std::move(text);
  v.also = std::move(also);
  return v;
}
FormulaValue FormulaValue::of(double number) {
  FormulaValue v;
  v.kind = Kind::number;
  v.number = number;
  return v;
}
FormulaValue FormulaValue::blank() {
  FormulaValue v;
  v.kind = Kind::blank;
  return v;
}
FormulaValue FormulaValue::unknown(std::string words, Condition::Of of) {
  FormulaValue v;
  v.kind = Kind::unknown;
  v.words = std::move(words);
  v.rests_on = of;
  return v;
}
FormulaValue FormulaValue::unread(std::string why) {
  FormulaValue v;
  v.words = std::move(why);
  return v;
}

std::string shown(const FormulaValue& v) {
  switch (v.kind) {
    case Kind::truth:
      if (v.condition.is(Condition::Kind::yes)) return "true";
      return v.condition.is(Condition::Kind::no) ? "false" : v.condition.words();
    case Kind::text: return v.text.empty() ? "blank" : fmt::format("\"{}\"", shortened(v.text, 80));
    case Kind::number: return fmt::format("{}", v.number);
    case Kind::blank: return "blank";
    case Kind::choice: return "one of several values";
    default: return v.words;
  }
}

Condition as_condition(const FormulaValue& v) {
  switch (v.kind) {
    case Kind::truth: return v.condition;
    case Kind::unknown: return Condition::atom(v.words + " is true", v.words + " is not true", v.rests_on);
    case Kind::unread: return Condition::unread(v.words);
    case Kind::choice: return over(v, [](const FormulaValue& one) { return as_condition(one); });
    default: return Condition::unread(shown(v) + " stands where a condition should stand");
  }
}

Condition compare(std::string_view op, const FormulaValue& a, const FormulaValue& b) {
  if (a.is(Kind::unread)) return Condition::unread(a.words);
  if (b.is(Kind::unread)) return Condition::unread(b.words);
  if (a.is(Kind::choice)) return over(a, [&](const FormulaValue& one) { return compare(op, one, b); });
  if (b.is(Kind::choice)) return over(b, [&](const FormulaValue& one) { return compare(op, a, one); });
  const bool equality = op == "=" || op == "<>";
  if (a.is(Kind::blank) || b.is(Kind::blank))
    return Condition::unread("what a comparison with a blank number, date or lookup comes to");
  if (a.is(Kind::truth) || b.is(Kind::truth)) {
    if (!equality) return Condition::unread("an order of true and false");
    const Condition x = as_condition(a), y = as_condition(b);
    Condition same = Condition::any({Condition::all({x, y}), Condition::all({x.negated(), y.negated()})});
    return op == "=" ? same : same.negated();
  }
  if (a.is(Kind::text) && b.is(Kind::text)) {
    if (!equality) return Condition::unread("an order of texts");
    return Condition::of(same_text(a, b) == (op == "="));
  }
  if (a.is(Kind::number) && b.is(Kind::number))
    return Condition::of(equality ? (a.number == b.number) == (op == "=") : by_order(op, a.number, b.number));
  if (!a.is(Kind::unknown) && !b.is(Kind::unknown)) return Condition::unread("a text that is compared with a number");
  const FormulaValue& unknown = a.is(Kind::unknown) ? a : b;
  const FormulaValue& other = a.is(Kind::unknown) ? b : a;
  if (other.is(Kind::text) && other.text.empty() && equality) {
    const Condition blank = is_blank(unknown, false);
    return op == "=" ? blank : blank.negated();
  }
  if (a.is(Kind::unknown) && !a.length_of.empty() && b.is(Kind::number)) {
    const Condition blank = a.filled ? Condition::of(false) : blank_atom(a.length_of, a.rests_on);
    if (asks_for_blank(op, b.number)) return blank;
    if (asks_for_filled(op, b.number)) return blank.negated();
  }
  return compared(op, a, b);
}

Condition is_blank(const FormulaValue& v, bool null_only) {
  switch (v.kind) {
    case Kind::blank: return Condition::of(true);
    case Kind::text: return Condition::of(!null_only && v.text.empty());
    case Kind::number:
    case Kind::truth: return Condition::of(false);
    case Kind::unread: return Condition::unread(v.words);
    case Kind::choice: return over(v, [&](const FormulaValue& one) { return is_blank(one, null_only); });
    case Kind::unknown: break;
  }
  if (v.filled || (null_only && v.is_text)) return Condition::of(false);
  return blank_atom(v.words, v.rests_on);
}

FormulaValue either(const Condition& c, FormulaValue a, FormulaValue b) {
  using C = Condition::Kind;
  if (c.is(C::yes)) return a;
  if (c.is(C::no)) return b;
  const std::string why = c.why_unread();
  if (a.is(Kind::truth) && b.is(Kind::truth))
    return FormulaValue::of(
        Condition::any({Condition::all({c, a.condition}), Condition::all({c.negated(), b.condition})}));
  if (!why.empty()) return FormulaValue::unread(why);
  FormulaValue out;
  out.kind = Kind::choice;
  const auto add_one = [&](Condition when, FormulaValue value) {
    if (when.is(C::no)) return;
    out.cases.push_back(std::move(when));
    out.results.push_back(std::move(value));
  };
  const auto add = [&](const Condition& when, FormulaValue value) {
    if (!value.is(Kind::choice)) return add_one(when, std::move(value));
    for (std::size_t i = 0; i < value.cases.size(); ++i)
      add_one(Condition::all({when, value.cases[i]}), std::move(value.results[i]));
  };
  add(c, std::move(a));
  add(c.negated(), std::move(b));
  if (out.cases.size() > FormulaValue::most_choices) return FormulaValue::unread("it weighs too many cases at once");
  return out;
}

}  // namespace coachd::salesforce
