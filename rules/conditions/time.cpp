// Tests on dates: `before`, `after`, `on_or_before`, `on_or_after`, `older_than`, `newer_than`.
#include "rules/model/time.hpp"
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/date_leaf.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/literal.hpp"
#include "rules/conditions/past.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Day;
using model::Instant;
using model::Span;
using model::Value;

// The other side of a comparison: a date, `today` moved by a span, or another field.
struct Bound {
  enum class Kind : std::uint8_t { day, today, field };
  Kind kind = Kind::day;
  Day fixed{};
  Span span{Span::Unit::days, 0};
  int sign = 1;
  Slot other = no_slot;
  std::string text;  // as written, or the other field's label

  [[nodiscard]] Day of_today(const View& v, Day today) const {
    if (span.unit == Span::Unit::days) return today + std::chrono::days(sign * span.count);
    return v.world().calendar.shift(today, span, sign);
  }
};

enum class Side : std::uint8_t { before, after, on_or_before, on_or_after };
constexpr const char* side_words[] = {" is before ", " is after ", " is on or before ", " is on or after "};

template <class T>
bool on_side(Side side, T a, T b) {
  switch (side) {
    case Side::before: return a < b;
    case Side::after: return a > b;
    case Side::on_or_before: return a <= b;
    case Side::on_or_after: return a >= b;
  }
  return false;
}

class Compared final : public DateLeaf {
 public:
  Compared(const Field& f, Side side, Bound bound) : DateLeaf(f), side_(side), bound_(std::move(bound)) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.is_blank()) return Truth::no;
    const auto mine = day(v);
    if (!mine) return Truth::unknown;
    switch (bound_.kind) {
      case Bound::Kind::day: return truth(on_side(side_, *mine, bound_.fixed));
      case Bound::Kind::today: return truth(on_side(side_, *mine, bound_.of_today(v, v.today())));
      case Bound::Kind::field: break;
    }
    const auto other = v.value(bound_.other);
    if (other.is_unread()) return Truth::unknown;
    if (other.is_blank()) return Truth::no;
    if (value.kind() == Value::Kind::instant && other.kind() == Value::Kind::instant)
      return truth(on_side(side_, value.as_instant(), other.as_instant()));
    const auto theirs = as_day(other, v.world().calendar.zone());
    return theirs ? truth(on_side(side_, *mine, *theirs)) : Truth::unknown;
  }

  void instants(const View& v, std::vector<Instant>& out) const override {
    if (bound_.kind != Bound::Kind::today) return;
    if (const auto mine = day(v))
      if (const auto at = turn(v, *mine, v.today() - std::chrono::days(1))) add_instant(v, *at, out);
  }

  void slots(std::vector<Slot>& out) const override {
    DateLeaf::slots(out);
    if (bound_.kind == Bound::Kind::field) out.push_back(bound_.other);
  }
  [[nodiscard]] std::string words() const override {
    return label_ + side_words[static_cast<int>(side_)] + bound_.text;
  }
  [[nodiscard]] std::string told(const View& v) const override {
    if (side_ == Side::before && bound_.kind == Bound::Kind::today && bound_.span.count == 0)
      return label_ + " (" + model::to_string(day(v).value_or(v.today())) + ") is in the past";
    return words();
  }

 private:
  // The day on which the moving bound passes `mine`: from then on before/on_or_before hold, after/on_or_after fail.
  [[nodiscard]] std::optional<Instant> turn(const View& v, Day mine, Day after) const {
    const bool strict = side_ == Side::before || side_ == Side::on_or_after;  // turns when the bound is strictly later
    if (bound_.span.unit == Span::Unit::days)                                 // nearly always: no need to search
      return first_day(v, after, mine - std::chrono::days(bound_.sign * bound_.span.count - (strict ? 1 : 0)));
    return first_day(v, after, [&](Day today) {
      const Day bound = bound_.of_today(v, today);
      return strict ? bound > mine : bound >= mine;
    });
  }
  [[nodiscard]] std::optional<Instant> turned_at(const View& v) const override {
    if (bound_.kind == Bound::Kind::field)
      return value_since(v, bound_.other, [&](const Value& x) {
        return same_content(x, v.value(bound_.other), v.world().calendar.zone());
      });
    const auto mine = day(v);
    if (bound_.kind != Bound::Kind::today || !mine) return std::nullopt;
    const auto at = turn(v, *mine, *mine - std::chrono::days(36'525));
    return at && *at <= v.now() ? at : std::nullopt;
  }

  Side side_;
  Bound bound_;
};

// `older_than` (strictly more) and `newer_than` (the rest).
class Aged final : public DateLeaf {
 public:
  Aged(const Field& f, SpanLimit limit, bool older) : DateLeaf(f), limit_(std::move(limit)), older_(older) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.is_blank()) return Truth::no;
    const auto* limit = limit_.of(v);
    if (limit == nullptr) return Truth::unknown;
    if (value.kind() == Value::Kind::instant) return truth(passed(v, value.as_instant(), *limit) == older_);
    const auto mine = day(v);
    return mine ? truth(passed(v, *mine, *limit) == older_) : Truth::unknown;
  }
  void instants(const View& v, std::vector<Instant>& out) const override {
    if (const auto at = flips(v)) add_instant(v, *at, out);
  }
  [[nodiscard]] std::string missing(const View& v) const override {
    if (!v.value(slot_).is_unread() && limit_.of(v) == nullptr) return limit_.missing(v);
    return DateLeaf::missing(v);
  }
  [[nodiscard]] std::string words() const override {
    return label_ + (older_ ? " is older than " : " is not older than ") + limit_.words(nullptr);
  }
  [[nodiscard]] std::string told(const View& v) const override {
    return label_ + (older_ ? " is older than " : " is not older than ") + limit_.words(&v);
  }

 private:
  [[nodiscard]] std::optional<Instant> flips(const View& v) const {
    const auto* limit = limit_.of(v);
    const auto value = v.value(slot_);
    if (limit == nullptr) return std::nullopt;
    if (value.kind() == Value::Kind::instant) return passes_at(v, value.as_instant(), *limit);
    if (const auto mine = day(v)) return passes_at(v, *mine, *limit);
    return std::nullopt;
  }
  [[nodiscard]] std::optional<Instant> turned_at(const View& v) const override {
    const auto at = flips(v);
    return older_ && at && *at <= v.now() ? at : std::nullopt;
  }

  SpanLimit limit_;
  bool older_;
};

std::optional<Bound> parse_bound(yaml::Node n, std::string_view word, Builder& b) {
  Bound bound;
  if (n.is_map()) {
    yaml::MapReader map(b.document(), n, "the other side of a comparison");
    const auto other = map.required("field");
    map.finish();
    if (!other) return std::nullopt;
    const auto* field = b.field(other.text(), other.place());
    if (field == nullptr || !holds_dates(*field, word, other.place(), b)) return std::nullopt;
    bound.kind = Bound::Kind::field;
    bound.other = field->slot;
    bound.text = field->label;
    return bound;
  }
  auto t = n.text();
  bound.text = std::string(t);
  if (const auto day = model::parse_day(t); day && n.is_scalar()) {
    bound.fixed = *day;
    return bound;
  }
  if (n.is_scalar() && t.substr(0, 5) == "today") {
    bound.kind = Bound::Kind::today;
    t.remove_prefix(5);
    if (t.empty()) return bound;
    if (t[0] == '+' || t[0] == '-') {
      bound.sign = t[0] == '+' ? 1 : -1;
      const auto span = model::parse_span(t.substr(1));
      if (span && !span->by_clock() && is_sensible(*span)) {
        bound.span = *span;
        return bound;
      }
    }
  }
  b.error("wrong-type",
          '`' + std::string(word) + "` takes a date (2026-01-31), `today`, `today+30d`, `today-2w` or `{field: OTHER}`",
          n.place());
  return std::nullopt;
}

template <Side side>
TestPtr parse_compared(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  constexpr const char* words[] = {"before", "after", "on_or_before", "on_or_after"};
  const char* word = words[static_cast<int>(side)];
  const bool good = holds_dates(f, word, key, b);
  auto bound = parse_bound(n, word, b);
  return good && bound ? std::make_unique<Compared>(f, side, std::move(*bound)) : nullptr;
}

template <bool older>
TestPtr parse_aged(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  const char* word = older ? "older_than" : "newer_than";
  const bool good = holds_dates(f, word, key, b);
  auto limit = parse_span_limit(n, word, b);
  return good && limit ? std::make_unique<Aged>(f, std::move(*limit), older) : nullptr;
}

constexpr FieldTest tests[] = {{"before", parse_compared<Side::before>},
                               {"after", parse_compared<Side::after>},
                               {"on_or_before", parse_compared<Side::on_or_before>},
                               {"on_or_after", parse_compared<Side::on_or_after>},
                               {"older_than", parse_aged<true>},
                               {"newer_than", parse_aged<false>}};

}  // namespace

std::span<const FieldTest> time_tests() {
  return tests;
}

bool holds_dates(const Field& f, std::string_view word, const model::Place& key, Builder& b) {
  if (is_date(f.type) || f.type == model::FieldType::unknown) return true;
  b.error("wrong-test",
          '`' + std::string(word) + "` compares dates, and `" + f.name + "` is none" +
              (is_numeric(f.type) ? ": for numbers there are `above`, `at_least`, `below`, `at_most`" : ""),
          key);
  return false;
}

}  // namespace coachd::rules
