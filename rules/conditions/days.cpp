#include "rules/conditions/days.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "rules/conditions/view.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::rules {

using model::Day;
using model::Instant;
using model::Span;
using model::Value;

namespace {

Day shifted(const View& v, Day day, Span d) {
  if (d.unit == Span::Unit::days) return day + std::chrono::days(d.count);  // the common case, without a call
  return v.world().calendar.shift(day, d, 1);
}

// The last day that is not wholly after `known`.
Day last_unknown_day(const View& v, Instant known) {
  const auto& zone = v.world().calendar.zone();
  const Day day = zone.day_of(known);
  return known <= zone.start_of(day) ? day - std::chrono::days(1) : day;
}

}  // namespace

std::optional<Day> as_day(const Value& v, const calendar::Zone& zone) {
  switch (v.kind()) {
    case Value::Kind::day: return v.as_day();
    case Value::Kind::instant: return zone.day_of(v.as_instant());
    case Value::Kind::text: {
      const auto t = text::trim(v.as_text());
      if (const auto day = model::parse_day(t)) return day;
      if (const auto at = model::parse_instant(t)) return zone.day_of(*at);
      return std::nullopt;
    }
    default: return std::nullopt;
  }
}

std::optional<Instant> as_instant(const Value& v, const calendar::Zone& zone) {
  switch (v.kind()) {
    case Value::Kind::instant: return v.as_instant();
    case Value::Kind::day: return zone.start_of(v.as_day());
    case Value::Kind::text: {
      const auto t = text::trim(v.as_text());
      if (const auto day = model::parse_day(t)) return zone.start_of(*day);
      return model::parse_instant(t);
    }
    default: return std::nullopt;
  }
}

std::optional<double> as_number(const Value& v) {
  if (v.kind() == Value::Kind::number) return v.as_number();
  if (v.kind() != Value::Kind::text) return std::nullopt;
  const auto t = text::trim(v.as_text());
  double d = 0;
  const auto [end, ec] = std::from_chars(t.data(), t.data() + t.size(), d);
  if (ec != std::errc{} || end != t.data() + t.size() || t.empty()) return std::nullopt;
  return std::isfinite(d) ? std::optional(d) : std::nullopt;  // "nan" and "inf" are words
}

bool passed(const View& v, Day from, Span d) {
  if (d.by_clock()) return passed(v, v.world().calendar.zone().start_of(from), d);
  return shifted(v, from, d) < v.today();
}

bool passed(const View& v, Instant from, Span d) {
  if (d.by_clock()) return from + std::chrono::seconds(d.count) < v.now();
  return passed(v, v.world().calendar.zone().day_of(from), d);
}

Instant passes_at(const View& v, Day from, Span d) {
  const auto& zone = v.world().calendar.zone();
  if (d.by_clock()) return passes_at(v, zone.start_of(from), d);
  return zone.start_of(shifted(v, from, d) + std::chrono::days(1));
}

Instant passes_at(const View& v, Instant from, Span d) {
  if (d.by_clock()) return from + std::chrono::seconds(d.count) + std::chrono::microseconds(1);
  return passes_at(v, v.world().calendar.zone().day_of(from), d);
}

bool reaches_back(const View& v, Instant known, Span d) {
  if (d.by_clock()) return known + std::chrono::seconds(d.count) <= v.now();
  return shifted(v, last_unknown_day(v, known), d) < v.today();
}

Instant reaches_back_at(const View& v, Instant known, Span d) {
  if (d.by_clock()) return known + std::chrono::seconds(d.count);
  return passes_at(v, last_unknown_day(v, known), d);
}

void add_instant(const View& v, Instant at, std::vector<Instant>& out) {
  if (at > v.now() && at != Instant::max()) out.push_back(at);
}

namespace {
constexpr auto horizon = std::chrono::days(73'050);
}

std::optional<Instant> first_day(const View& v, Day after, Day from) {
  if (from > after + horizon) return std::nullopt;
  return v.world().calendar.zone().start_of(std::max(from, after + std::chrono::days(1)));
}

std::optional<Instant> first_day(const View& v, Day after, const std::function<bool(Day)>& holds) {
  Day low = after;  // does not hold, or is not asked
  Day high = after + horizon;
  if (!holds(high)) return std::nullopt;
  while (high - low > std::chrono::days(1)) {
    const Day middle = low + (high - low) / 2;
    if (holds(middle))
      high = middle;
    else
      low = middle;
  }
  return v.world().calendar.zone().start_of(high);
}

std::string in_words(Span s) {
  const auto of = [](std::int32_t n, const char* unit) { return std::to_string(n) + ' ' + unit + (n == 1 ? "" : "s"); };
  switch (s.unit) {
    case Span::Unit::days: return of(s.count, "day");
    case Span::Unit::business_days: return of(s.count, "business day");
    case Span::Unit::months: return s.count != 0 && s.count % 12 == 0 ? of(s.count / 12, "year") : of(s.count, "month");
    case Span::Unit::seconds: break;
  }
  if (s.count != 0 && s.count % 3600 == 0) return of(s.count / 3600, "hour");
  if (s.count != 0 && s.count % 60 == 0) return of(s.count / 60, "minute");
  return of(s.count, "second");
}

std::string day_in_words(const View& v, Instant at) {
  static constexpr const char* months[] = {"January", "February", "March",     "April",   "May",      "June",
                                           "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day day(v.world().calendar.zone().day_of(at));
  const std::chrono::year_month_day today(v.today());
  auto out = std::to_string(static_cast<unsigned>(day.day())) + ' ' + months[static_cast<unsigned>(day.month()) - 1];
  if (day.year() != today.year()) out += ' ' + std::to_string(static_cast<int>(day.year()));
  return out;
}

std::string days_since(const View& v, Instant then) {
  const auto days = (v.today() - v.world().calendar.zone().day_of(then)).count();
  if (days <= 0) return "less than a day";
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

}  // namespace coachd::rules
