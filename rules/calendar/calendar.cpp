#include "rules/calendar/calendar.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>
#include "rules/model/time.hpp"

namespace coachd::calendar {
namespace {

namespace chr = std::chrono;

// `months` later or earlier, on the same day of the month or on its last one.
model::Day add_months(model::Day day, int months) noexcept {
  const chr::year_month_day ymd(day);
  const auto month = chr::year_month(ymd.year(), ymd.month()) + chr::months(months);
  const auto last = chr::year_month_day_last(month.year(), chr::month_day_last(month.month())).day();
  return model::Day(month / std::min(ymd.day(), last));
}

model::Day monday_of(model::Day day) noexcept {
  return day - (chr::weekday(day) - chr::Monday);
}

enum class Unit { week, month, quarter, year };
struct Name {
  int move = 0;
  bool fiscal = false;
  Unit unit = Unit::month;
};

std::optional<Name> parse(std::string_view name) noexcept {
  Name out;
  const auto take = [&](std::string_view prefix) {
    const bool has = name.starts_with(prefix);
    if (has) name.remove_prefix(prefix.size());
    return has;
  };
  if (take("last_"))
    out.move = -1;
  else if (take("next_"))
    out.move = 1;
  else if (!take("this_"))
    return std::nullopt;
  out.fiscal = take("fiscal_");
  if (name == "week" && !out.fiscal)
    out.unit = Unit::week;
  else if (name == "month")
    out.unit = Unit::month;
  else if (name == "quarter")
    out.unit = Unit::quarter;
  else if (name == "year")
    out.unit = Unit::year;
  else
    return std::nullopt;
  return out;
}

}  // namespace

Calendar::Calendar(Zone zone, std::vector<model::Day> holidays, int fiscal_month, int fiscal_day)
    : zone_(std::move(zone)), holidays_(std::move(holidays)), fiscal_month_(fiscal_month), fiscal_day_(fiscal_day) {
  std::sort(holidays_.begin(), holidays_.end());
  holidays_.erase(std::unique(holidays_.begin(), holidays_.end()), holidays_.end());
}

bool Calendar::is_business_day(model::Day day) const noexcept {
  const chr::weekday w(day);
  return w != chr::Saturday && w != chr::Sunday && !std::binary_search(holidays_.begin(), holidays_.end(), day);
}

model::Day Calendar::shift(model::Day day, model::Span span, int sign) const noexcept {
  const int n = sign * span.count;
  switch (span.unit) {
    case model::Span::Unit::days: return day + chr::days(n);
    case model::Span::Unit::months: return add_months(day, n);
    case model::Span::Unit::business_days: {
      const auto step = chr::days(n < 0 ? -1 : 1);
      for (int left = n < 0 ? -n : n; left > 0;) {
        day += step;
        if (is_business_day(day)) --left;
      }
      return day;
    }
    case model::Span::Unit::seconds: break;
  }
  return day;
}

model::Instant Calendar::shift(model::Instant at, model::Span span, int sign) const noexcept {
  if (span.count == 0) return at;  // also in the hour that comes twice
  if (span.by_clock()) return at + sign * chr::seconds(span.count);
  const auto fraction = at - chr::floor<chr::seconds>(at);
  return zone_.at(shift(zone_.day_of(at), span, sign), zone_.time_of_day(at)) + fraction;
}

bool Calendar::is_period(std::string_view name) noexcept {
  return parse(name).has_value();
}

Calendar::Period Calendar::period(std::string_view name, model::Day today) const {
  const auto wanted = parse(name);
  if (!wanted) return {model::Day::max(), model::Day::min()};
  if (wanted->unit == Unit::week) {
    const auto first = monday_of(today) + chr::weeks(wanted->move);
    return {first, first + chr::days(6)};
  }
  const int months = wanted->unit == Unit::month ? 1 : wanted->unit == Unit::quarter ? 3 : 12;
  const auto start_month = chr::month(static_cast<unsigned>(wanted->fiscal ? fiscal_month_ : 1));
  const auto start_day = chr::day(static_cast<unsigned>(wanted->fiscal ? fiscal_day_ : 1));
  // A period begins `index` steps after the beginning of a (fiscal) year; each beginning is counted from its own year,
  // so that a year that starts on 29 or 31 of a month does not drift.
  const auto begins = [&](int year, int index) {
    const int per_year = 12 / months;
    const int years = index >= 0 ? index / per_year : (index - per_year + 1) / per_year;
    const auto ym = chr::year(year + years) / start_month;
    const auto moved = ym + chr::months((index - years * per_year) * months);
    const auto last = chr::year_month_day_last(moved.year(), chr::month_day_last(moved.month())).day();
    return model::Day(moved / std::min(start_day, last));
  };
  int year = static_cast<int>(chr::year_month_day(today).year());
  if (today < begins(year, 0)) --year;
  int index = 0;
  while (begins(year, index + 1) <= today) ++index;
  index += wanted->move;
  return {begins(year, index), begins(year, index + 1) - chr::days(1)};
}

}  // namespace coachd::calendar
