// `in_period: [this_quarter]` (plain or fiscal), and the windows of field cards that count from a date.
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>
#include "rules/conditions/builder.hpp"
#include "rules/conditions/date_leaf.hpp"
#include "rules/conditions/dates.hpp"
#include "rules/conditions/days.hpp"
#include "rules/conditions/limit.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using model::Day;
using model::Instant;
using model::Span;
using model::Value;

// `before: {field: D, by: 45d}` of a card's window: from the day D - 45d on.
class DaysBefore final : public DateLeaf {
 public:
  DaysBefore(const Field& f, Span by) : DateLeaf(f), by_(by) {}
  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.is_blank()) return Truth::no;
    const auto mine = day(v);
    return mine ? truth(v.today() >= v.world().calendar.shift(*mine, by_, -1)) : Truth::unknown;
  }
  void instants(const View& v, std::vector<Instant>& out) const override {
    if (const auto mine = day(v)) add_instant(v, from(v, *mine), out);
  }
  [[nodiscard]] std::string words() const override { return label_ + " is at most " + in_words(by_) + " away"; }
  [[nodiscard]] std::string told(const View& v) const override {
    return label_ + " is " + model::to_string(day(v).value_or(v.today()));
  }

 private:
  [[nodiscard]] Instant from(const View& v, Day mine) const {
    return v.world().calendar.zone().start_of(v.world().calendar.shift(mine, by_, -1));
  }
  [[nodiscard]] std::optional<Instant> turned_at(const View& v) const override {
    const auto mine = day(v);
    return mine && from(v, *mine) <= v.now() ? std::optional(from(v, *mine)) : std::nullopt;
  }
  Span by_;
};

class InPeriod final : public DateLeaf {
 public:
  InPeriod(const Field& f, std::vector<std::string> periods) : DateLeaf(f), periods_(std::move(periods)) {}

  [[nodiscard]] Truth judge(const View& v) const override {
    const auto value = v.value(slot_);
    if (value.is_unread()) return Truth::unknown;
    if (value.is_blank()) return Truth::no;
    const auto mine = day(v);
    if (!mine) return Truth::unknown;
    for (const auto& name : periods_) {
      const auto p = v.world().calendar.period(name, v.today());
      if (*mine >= p.first && *mine <= p.last) return Truth::yes;
    }
    return Truth::no;
  }
  void instants(const View& v, std::vector<Instant>& out) const override {
    const auto mine = day(v);
    if (!mine) return;
    for (const auto& name : periods_)
      for (const auto& at : {enters(v, name, *mine, v.today() - std::chrono::days(1)),
                             leaves(v, name, *mine, v.today() - std::chrono::days(1))})
        if (at) add_instant(v, *at, out);
  }
  [[nodiscard]] std::string words() const override {
    std::string out = label_ + " is in ";
    for (std::size_t i = 0; i < periods_.size(); ++i) {
      auto name = periods_[i];
      for (char& c : name)
        if (c == '_') c = ' ';
      out += (i > 0 ? " or " : "") + name;
    }
    return out;
  }

 private:
  // Periods move on with today: a date enters when the period's last day reaches it, leaves when its first has passed
  // it.
  [[nodiscard]] std::optional<Instant> enters(const View& v, const std::string& name, Day mine, Day after) const {
    return first_day(v, after, [&](Day today) { return v.world().calendar.period(name, today).last >= mine; });
  }
  [[nodiscard]] std::optional<Instant> leaves(const View& v, const std::string& name, Day mine, Day after) const {
    return first_day(v, after, [&](Day today) { return v.world().calendar.period(name, today).first > mine; });
  }
  [[nodiscard]] std::optional<Instant> turned_at(const View& v) const override {
    const auto mine = day(v);
    if (!mine) return std::nullopt;
    std::optional<Instant> out;
    for (const auto& name : periods_)
      for (const auto& at : {enters(v, name, *mine, *mine - std::chrono::days(1500)),
                             leaves(v, name, *mine, *mine - std::chrono::days(1500))})
        if (at && *at <= v.now() && (!out || *at > *out)) out = at;
    return out;
  }

  std::vector<std::string> periods_;
};

TestPtr parse_period(const Field& f, yaml::Node n, const model::Place& key, Builder& b) {
  bool good = holds_dates(f, "in_period", key, b);
  auto names = parse_words_at(n, "in_period", b);
  if (!names) return nullptr;
  for (const auto& name : *names) {
    if (calendar::Calendar::is_period(name)) continue;
    static const std::vector<std::string> known{
        "last_week",        "this_week",        "next_week",           "last_month",          "this_month",
        "next_month",       "last_quarter",     "this_quarter",        "next_quarter",        "last_year",
        "this_year",        "next_year",        "last_fiscal_quarter", "this_fiscal_quarter", "next_fiscal_quarter",
        "last_fiscal_year", "this_fiscal_year", "next_fiscal_year"};
    const auto near = yaml::nearest(name, known);
    b.error("unknown-period",
            '`' + name + "` is no period" + (near ? ": did you mean `" + *near + "`?" : " such as `this_quarter`"),
            n.place());
    good = false;
  }
  return good ? std::make_unique<InPeriod>(f, std::move(*names)) : nullptr;
}

constexpr FieldTest tests[] = {{"in_period", parse_period}};

}  // namespace

std::span<const FieldTest> period_tests() {
  return tests;
}

TestPtr days_before_test(const Field& f, Span by, const model::Place& at, Builder& b) {
  return holds_dates(f, "before", at, b) ? std::make_unique<DaysBefore>(f, by) : nullptr;
}

}  // namespace coachd::rules
