// Tests that compare a value: `is`, `is_not`, `in`, `not_in`, and the numbers `above`, `at_least`, `below`, `at_most`.
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/field_leaf.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

// `is`, `in`; negated they hold for a blank, too.
class OneOf final : public DirectLeaf<OneOf> {
 public:
  OneOf(const Field& f, Literals literals, bool want) : DirectLeaf(f), literals_(std::move(literals)), want_(want) {}
  [[nodiscard]] Truth judge_value(const View& v, const model::Value& value) const override {
    return truth(literals_.contain(v, value) == want_);
  }
  [[nodiscard]] std::string words() const override { return label_ + is_or_not(want_) + literals_.words(); }
  [[nodiscard]] std::string denied() const override { return label_ + is_or_not(!want_) + literals_.words(); }
  [[nodiscard]] std::string told(const View& v) const override {
    return v.value(slot_).is_blank() ? label_ + " is blank"
                                     : label_ + " is \"" + model::to_string(v.value(slot_)) + '"';
  }

 private:
  Literals literals_;
  bool want_;
};

enum class Order : std::uint8_t { above, at_least, below, at_most };
constexpr const char* order_words[] = {" is above ", " is at least ", " is below ", " is at most "};

class Number final : public DirectLeaf<Number> {
 public:
  // `money_in`: the limit's currency; "" where the limit is a plain number.
  Number(const Field& f, Order order, NumberLimit limit, std::string money_in)
      : DirectLeaf(f),
        order_(order),
        limit_(std::move(limit)),
        money_in_(std::move(money_in)),
        is_money_(f.type == model::FieldType::currency) {}

  [[nodiscard]] Truth judge_value(const View& v, const model::Value& value) const override {
    if (value.is_blank()) return Truth::no;
    const auto number = as_number(value);
    const auto* limit = limit_.of(v);
    if (!number || limit == nullptr || no_rate(v)) return Truth::unknown;
    switch (order_) {
      case Order::above: return truth(*number > *limit);
      case Order::at_least: return truth(*number >= *limit);
      case Order::below: return truth(*number < *limit);
      case Order::at_most: return truth(*number <= *limit);
    }
    return Truth::unknown;
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (v.value(slot_).is_unread()) return ValueLeaf::missing(v);
    if (no_rate(v)) return "an exchange rate";
    if (limit_.of(v) == nullptr) return limit_.missing(v);
    return "`" + label_ + "` holds something that is no number";
  }
  [[nodiscard]] std::string words() const override {
    return label_ + order_words[static_cast<int>(order_)] + limit_.words(nullptr) +
           (money_in_.empty() ? "" : ' ' + money_in_);
  }
  [[nodiscard]] std::string told(const View& v) const override {
    return label_ + order_words[static_cast<int>(order_)] + limit_.words(&v) +
           (money_in_.empty() ? "" : ' ' + money_in_);
  }

 private:
  // Without rates only amounts in the company's own currency can be compared.
  [[nodiscard]] bool no_rate(const View& v) const {
    const auto& company = v.frame().company_currency;
    if (!money_in_.empty() && !text::same(money_in_, company)) return true;
    if (!is_money_ || v.frame().currency == no_slot) return false;
    const auto currency = v.value(v.frame().currency);
    return currency.kind() == model::Value::Kind::text && !text::same(currency.as_text(), company);
  }

  Order order_;
  NumberLimit limit_;
  std::string money_in_;
  bool is_money_;
};

template <bool want, bool list>
TestPtr parse_one_of(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  const bool nothing = n.text().empty() || (!n.quoted() && (n.text() == "null" || n.text() == "~"));
  if (!list && n.is_scalar() && nothing) {
    b.error("wrong-test",
            std::string(want ? "`is`" : "`is_not`") +
                " compares with a value, and a blank is none: write `filled: " + (want ? "false`" : "true`"),
            n.text().empty() ? key : n.place());
    return nullptr;
  }
  auto literals = parse_literals(f, n, want ? (list ? "in" : "is") : (list ? "not_in" : "is_not"), b);
  return literals ? std::make_unique<OneOf>(f, std::move(*literals), want) : nullptr;
}

template <Order order>
TestPtr parse_number(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  constexpr const char* words[] = {"above", "at_least", "below", "at_most"};
  const char* word = words[static_cast<int>(order)];
  if (!is_numeric(f.type) && f.type != model::FieldType::unknown) {
    b.error("wrong-test",
            '`' + std::string(word) + "` compares numbers, and `" + f.name + "` is none" +
                (is_date(f.type) ? ": for dates there are `before`, `after`, `older_than`" : ""),
            key);
    return nullptr;
  }
  if (n.is_map() && !n.find("by_stage") && !n.find("since_meeting")) {  // {EUR: 250000}
    const auto entries = n.entries();
    if (entries.size() != 1 || entries[0].first.size() != 3) {
      b.error("wrong-type", '`' + std::string(word) + "` takes a number, `{EUR: 250000}` or `{by_stage: {...}}`",
              n.place());
      return nullptr;
    }
    const auto amount = parse_number_at(entries[0].second, entries[0].first, b);
    return amount ? std::make_unique<Number>(f, order, NumberLimit(*amount), entries[0].first) : nullptr;
  }
  auto limit = parse_number_limit(n, word, b);
  return limit ? std::make_unique<Number>(f, order, std::move(*limit), std::string{}) : nullptr;
}

constexpr FieldTest tests[] = {{"is", parse_one_of<true, false>},     {"is_not", parse_one_of<false, false>},
                               {"in", parse_one_of<true, true>},      {"not_in", parse_one_of<false, true>},
                               {"above", parse_number<Order::above>}, {"at_least", parse_number<Order::at_least>},
                               {"below", parse_number<Order::below>}, {"at_most", parse_number<Order::at_most>}};

}  // namespace

std::span<const FieldTest> compare_tests() {
  return tests;
}

}  // namespace coachd::rules
