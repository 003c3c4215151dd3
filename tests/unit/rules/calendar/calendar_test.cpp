#include "rules/calendar/calendar.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace coachd::calendar {
namespace {

using namespace std::chrono_literals;
using model::Day;
using model::Instant;

Day day(const char* text) {
  return model::parse_day(text).value();
}
Instant instant(const char* text) {
  return model::parse_instant(text).value();
}
model::Span span(const char* text) {
  return model::parse_span(text).value();
}

// Berlin's changes of 2025 and 2026, as a table: +1 in winter, +2 in summer.
Zone berlin() {
  return {"Europe/Berlin",
          {{instant("2024-10-27T01:00:00Z"), 1h},
           {instant("2025-03-30T01:00:00Z"), 2h},
           {instant("2025-10-26T01:00:00Z"), 1h},
           {instant("2026-03-29T01:00:00Z"), 2h},
           {instant("2026-10-25T01:00:00Z"), 1h}}};
}
// Midnight itself does not exist on the day of the change.
Zone no_midnight() {
  return {"America/Asuncion", {{instant("2020-01-01T00:00:00Z"), -4h}, {instant("2023-10-01T04:00:00Z"), -3h}}};
}
// 30 December 2011 was left out.
Zone samoa() {
  return {"Pacific/Apia", {{instant("2011-01-01T00:00:00Z"), -10h}, {instant("2011-12-30T10:00:00Z"), 14h}}};
}

rc::Gen<Day> any_day() {
  return rc::gen::map(rc::gen::inRange(18'500, 22'500), [](int n) { return Day(std::chrono::days(n)); });
}

// A zone with random changes, at least two days apart, offsets -12h to +14h in quarter hours.
rc::Gen<Zone> any_zone() {
  return rc::gen::map(rc::gen::container<std::vector<std::pair<int, int>>>(
                          rc::gen::pair(rc::gen::inRange(3, 300), rc::gen::inRange(-48, 57))),
                      [](const std::vector<std::pair<int, int>>& steps) {
                        Zone z;
                        z.name = "random";
                        Instant at = instant("2020-01-01T00:00:00Z");
                        for (const auto& [gap, quarter] : steps) {
                          z.changes.push_back({at, quarter * 15min});
                          at += std::chrono::days(gap) + 5h;
                        }
                        return z;
                      });
}

TEST(Zone, EmptyIsUtc) {
  const Zone z;
  EXPECT_EQ(z.offset_at(instant("2026-05-04T09:00:00Z")), 0s);
  EXPECT_EQ(z.day_of(instant("2026-05-04T23:59:59Z")), day("2026-05-04"));
  EXPECT_EQ(z.start_of(day("2026-05-04")), instant("2026-05-04T00:00:00Z"));
}

TEST(Zone, DayBeginsAtLocalMidnight) {
  const auto z = berlin();
  EXPECT_EQ(z.day_of(instant("2026-05-03T22:00:00Z")), day("2026-05-04"));
  EXPECT_EQ(z.day_of(instant("2026-05-03T21:59:59Z")), day("2026-05-03"));
  EXPECT_EQ(z.start_of(day("2026-05-04")), instant("2026-05-03T22:00:00Z"));
  EXPECT_EQ(z.time_of_day(instant("2026-05-04T09:00:00.5Z")), 11h);
}

TEST(Zone, DaysOfChangeHave23And25Hours) {
  const auto z = berlin();
  EXPECT_EQ(z.start_of(day("2026-03-30")) - z.start_of(day("2026-03-29")), 23h);
  EXPECT_EQ(z.start_of(day("2026-10-26")) - z.start_of(day("2026-10-25")), 25h);
}

TEST(Zone, GapIsTheInstantAfterItOverlapTheFirst) {
  const auto z = berlin();
  EXPECT_EQ(z.at(day("2026-03-29"), 2h + 30min), instant("2026-03-29T01:00:00Z"));
  EXPECT_EQ(z.at(day("2026-10-25"), 2h + 30min), instant("2026-10-25T00:30:00Z"));
  EXPECT_EQ(z.at(day("2026-10-25"), 3h), instant("2026-10-25T02:00:00Z"));
}

TEST(Zone, MidnightThatDoesNotExist) {
  const auto z = no_midnight();
  EXPECT_EQ(z.start_of(day("2023-10-01")), instant("2023-10-01T04:00:00Z"));
  EXPECT_EQ(z.day_of(instant("2023-10-01T03:59:59Z")), day("2023-09-30"));
}

TEST(Zone, DayThatDoesNotExist) {
  const auto z = samoa();
  EXPECT_EQ(z.start_of(day("2011-12-30")), instant("2011-12-30T10:00:00Z"));
  EXPECT_EQ(z.start_of(day("2011-12-31")), instant("2011-12-30T10:00:00Z"));
  EXPECT_EQ(z.start_of(day("2011-12-29")), instant("2011-12-29T10:00:00Z"));
}

RC_GTEST_PROP(ZoneProperty, StartOfIsTheFirstInstantOfItsDay, ()) {
  const Zone z = *any_zone();
  const Day d = *any_day();
  const auto start = z.start_of(d);
  RC_ASSERT(z.day_of(start) >= d);  // later only where the day was left out
  if (z.day_of(start) != d) RC_DISCARD("a day that does not exist");
  // In the instant before, it is another day: the one before, unless a clock set back past midnight repeats this one.
  const bool set_back_at_start = z.offset_at(start) < z.offset_at(start - 1us);
  if (!set_back_at_start) RC_ASSERT(z.day_of(start - 1us) < d);
}

RC_GTEST_PROP(ZoneProperty, AtAndTimeOfDayAgreeOutsideGaps, ()) {
  const Zone z = *any_zone();
  const Day d = *any_day();
  const auto t = std::chrono::seconds(*rc::gen::inRange(0, 86'400));
  const auto at = z.at(d, t);
  const bool in_gap = z.day_of(at) != d || z.time_of_day(at) != t;
  if (in_gap) {
    // then that instant is a change forward
    RC_ASSERT(z.offset_at(at) > z.offset_at(at - 1us));
  } else {
    RC_ASSERT(Instant(d) + t - at == z.offset_at(at));
  }
}

TEST(Shift, MonthsClampToTheLastDay) {
  const Calendar c;
  EXPECT_EQ(c.shift(day("2026-01-31"), span("1mo"), 1), day("2026-02-28"));
  EXPECT_EQ(c.shift(day("2028-01-31"), span("1mo"), 1), day("2028-02-29"));
  EXPECT_EQ(c.shift(day("2028-02-29"), span("1y"), 1), day("2029-02-28"));
  EXPECT_EQ(c.shift(day("2026-03-31"), span("1mo"), -1), day("2026-02-28"));
  EXPECT_EQ(c.shift(day("2026-05-15"), span("2w"), -1), day("2026-05-01"));
}

TEST(Shift, BusinessDaysSkipWeekendsAndHolidays) {
  const Calendar c({}, {day("2026-12-25")}, 1, 1);
  EXPECT_EQ(c.shift(day("2026-12-24"), span("1bd"), 1), day("2026-12-28"));
  EXPECT_EQ(c.shift(day("2026-12-28"), span("1bd"), -1), day("2026-12-24"));
  EXPECT_EQ(c.shift(day("2026-05-16"), span("1bd"), 1), day("2026-05-18"));  // from a Saturday
  EXPECT_EQ(c.shift(day("2026-05-16"), span("0bd"), 1), day("2026-05-16"));
  EXPECT_FALSE(c.is_business_day(day("2026-12-25")));
}

TEST(Shift, InstantKeepsItsLocalTimeAcrossTheChange) {
  const Calendar c(berlin(), {}, 1, 1);
  EXPECT_EQ(c.shift(instant("2026-03-28T08:00:00Z"), span("1d"), 1), instant("2026-03-29T07:00:00Z"));
  EXPECT_EQ(c.shift(instant("2026-03-28T08:00:00.25Z"), span("24h"), 1), instant("2026-03-29T08:00:00.25Z"));
  EXPECT_EQ(c.shift(instant("2026-03-28T08:00:00.25Z"), span("1d"), 1), instant("2026-03-29T07:00:00.25Z"));
}

RC_GTEST_PROP(ShiftProperty, NeverRunsBackwards, ()) {
  const Calendar c({}, *rc::gen::container<std::vector<Day>>(any_day()), 1, 1);
  const Day d = *any_day();
  const auto unit =
      *rc::gen::element(model::Span::Unit::days, model::Span::Unit::months, model::Span::Unit::business_days);
  const int n = *rc::gen::inRange(0, 60);
  const int sign = *rc::gen::element(-1, 1);
  const auto one = c.shift(d, {unit, n}, sign);
  // a later day never lands before the place of an earlier one, a longer way never ends before a shorter one
  RC_ASSERT(c.shift(d + std::chrono::days(1), {unit, n}, sign) >= one);
  RC_ASSERT((c.shift(d, {unit, n + 1}, sign) - one).count() * sign > 0);
}

RC_GTEST_PROP(ShiftProperty, BusinessDaysThereAndBack, ()) {
  const Calendar c({}, *rc::gen::container<std::vector<Day>>(any_day()), 1, 1);
  const Day d = *any_day();
  const int n = *rc::gen::inRange(1, 40);
  RC_PRE(c.is_business_day(d));
  const auto there = c.shift(d, {model::Span::Unit::business_days, n}, 1);
  RC_ASSERT(c.is_business_day(there));
  RC_ASSERT(c.shift(there, {model::Span::Unit::business_days, n}, -1) == d);
  int between = 0;
  for (auto x = d + std::chrono::days(1); x <= there; x += std::chrono::days(1))
    between += c.is_business_day(x) ? 1 : 0;
  RC_ASSERT(between == n);
}

struct PeriodCase {
  const char* name;
  const char* first;
  const char* last;
};
class Periods : public testing::TestWithParam<PeriodCase> {};
TEST_P(Periods, AreInclusive) {
  const Calendar c({}, {}, 2, 1);  // the fiscal year begins on 1 February
  const auto p = c.period(GetParam().name, day("2026-01-15"));
  EXPECT_EQ(model::to_string(p.first), GetParam().first);
  EXPECT_EQ(model::to_string(p.last), GetParam().last);
  EXPECT_TRUE(Calendar::is_period(GetParam().name));
}
INSTANTIATE_TEST_SUITE_P(All, Periods,
                         testing::Values(PeriodCase{"this_week", "2026-01-12", "2026-01-18"},
                                         PeriodCase{"last_week", "2026-01-05", "2026-01-11"},
                                         PeriodCase{"next_month", "2026-02-01", "2026-02-28"},
                                         PeriodCase{"last_month", "2025-12-01", "2025-12-31"},
                                         PeriodCase{"this_quarter", "2026-01-01", "2026-03-31"},
                                         PeriodCase{"last_quarter", "2025-10-01", "2025-12-31"},
                                         PeriodCase{"next_year", "2027-01-01", "2027-12-31"},
                                         PeriodCase{"this_fiscal_quarter", "2025-11-01", "2026-01-31"},
                                         PeriodCase{"next_fiscal_quarter", "2026-02-01", "2026-04-30"},
                                         PeriodCase{"last_fiscal_quarter", "2025-08-01", "2025-10-31"},
                                         PeriodCase{"this_fiscal_year", "2025-02-01", "2026-01-31"},
                                         PeriodCase{"last_fiscal_year", "2024-02-01", "2025-01-31"},
                                         PeriodCase{"this_fiscal_month", "2026-01-01", "2026-01-31"}));

TEST(Period, UnknownNamesHoldNoDay) {
  EXPECT_FALSE(Calendar::is_period("this_fiscal_week"));
  EXPECT_FALSE(Calendar::is_period("quarter"));
  EXPECT_FALSE(Calendar::is_period("this_quarters"));
  const auto p = Calendar().period("someday", day("2026-01-15"));
  EXPECT_GT(p.first, p.last);
}

RC_GTEST_PROP(PeriodProperty, FollowEachOtherWithoutGap, ()) {
  const Calendar c({}, {}, *rc::gen::inRange(1, 13), *rc::gen::inRange(1, 32));
  const Day d = *any_day();
  const std::string unit = *rc::gen::element<std::string>("week", "month", "quarter", "year", "fiscal_month",
                                                          "fiscal_quarter", "fiscal_year");
  const auto now = c.period("this_" + unit, d);
  RC_ASSERT(now.first <= d);
  RC_ASSERT(d <= now.last);
  RC_ASSERT(c.period("last_" + unit, d).last + std::chrono::days(1) == now.first);
  RC_ASSERT(now.last + std::chrono::days(1) == c.period("next_" + unit, d).first);
  const auto same = c.period("this_" + unit, now.last);
  RC_ASSERT(same.first == now.first);
  RC_ASSERT(same.last == now.last);
}

}  // namespace
}  // namespace coachd::calendar
