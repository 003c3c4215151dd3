#include "connectors/file/dates.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::file {
namespace {

using Kind = ReadDate::Kind;

std::string read(const Dates& d, std::string_view text) {
  const ReadDate r = d.read(text);
  switch (r.kind) {
    case Kind::none: return "none";
    case Kind::day: return model::to_string(r.day);
    case Kind::instant: return model::to_string(r.instant);
    case Kind::ambiguous: return "ambiguous";
    case Kind::impossible: return "impossible";
  }
  return "";
}

TEST(Dates, ReadsIsoWithoutAnyFormat) {
  const Dates d;
  EXPECT_EQ(read(d, "2026-05-04"), "2026-05-04");
  EXPECT_EQ(read(d, "2018-10-13 17:16:45"), "2018-10-13T17:16:45Z");
  EXPECT_EQ(read(d, "2026-05-04T09:00:00.000+0200"), "2026-05-04T07:00:00Z");
  EXPECT_EQ(read(d, "2026-05-04T09:00Z"), "2026-05-04T09:00:00Z");
  EXPECT_EQ(read(d, "2026-02-30"), "impossible");
  EXPECT_EQ(read(d, "2026-05-04T25:00:00Z"), "impossible");
  EXPECT_EQ(read(d, "2026-05-04x"), "none");
  EXPECT_EQ(read(d, "Call on 2026-05-04"), "none");
  EXPECT_TRUE(d.read("2018-08-22 00:00:00").midnight);
  EXPECT_FALSE(d.read("2018-08-22T00:00:00Z").midnight);
}

TEST(Dates, KnowsEveryDayThereIs) {
  const Dates d;
  for (int year : {0, 1, 1600, 1899, 1900, 1901, 1970, 2000, 2024, 2026, 2100, 2119, 2120, 9999})
    for (int month = 0; month <= 13; ++month)
      for (int day = 0; day <= 32; ++day) {
        char text[16];
        (void)std::snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, day);
        const std::chrono::year_month_day date(std::chrono::year(year),
                                               std::chrono::month(static_cast<unsigned>(month)),
                                               std::chrono::day(static_cast<unsigned>(day)));
        const ReadDate r = d.read(text);
        ASSERT_EQ(r.kind, date.ok() ? Kind::day : Kind::impossible) << text;
        if (date.ok()) {
          ASSERT_EQ(r.day, std::chrono::sys_days(date)) << text;
        }
      }
}

TEST(Dates, InstantsOfSalesforceToTheEdgeOfADay) {
  const Dates d;
  EXPECT_EQ(read(d, "2025-12-31T23:59:59.000Z"), "2025-12-31T23:59:59Z");
  EXPECT_EQ(read(d, "2025-12-31T23:59:60.000Z"), "2026-01-01T00:00:00Z");
  EXPECT_EQ(read(d, "2025-12-31T23:59:59.250Z"), "2025-12-31T23:59:59.25Z");
  EXPECT_EQ(read(d, "2025-12-31T24:00:00.000Z"), "impossible");
  EXPECT_EQ(read(d, "2025-12-31T23:60:00.000Z"), "impossible");
  EXPECT_EQ(read(d, "2025-12-31T23:59:61.000Z"), "impossible");
  EXPECT_EQ(read(d, "2025-12-31T23:59:59,000Z"), "ambiguous");
}

TEST(Dates, NeverGuessesWhichNumberIsTheMonth) {
  const Dates none;
  EXPECT_EQ(read(none, "3/4/2017"), "ambiguous");
  EXPECT_EQ(read(none, "10/20/2016"), "ambiguous");  // only one reading is a day, but nobody said so
  const Dates us({"%m/%d/%Y"});
  EXPECT_EQ(read(us, "3/1/2017"), "2017-03-01");
  EXPECT_EQ(read(us, "10/20/2016"), "2016-10-20");
  EXPECT_EQ(read(us, "20/10/2016"), "impossible");
  const Dates both({"%m/%d/%Y", "%d/%m/%Y"});
  EXPECT_EQ(read(both, "3/4/2017"), "ambiguous");
  EXPECT_EQ(read(both, "4/4/2017"), "2017-04-04");
  EXPECT_EQ(read(both, "20/10/2016"), "2016-10-20");
  EXPECT_EQ(read(both, "31/31/2016"), "impossible");
}

TEST(Dates, TriesFormatsInOrder) {
  const Dates d({"%Y-%m-%d", "%m/%d/%Y", "%d.%m.%y", "%B %d, %Y", "%m/%d/%Y %I:%M %p"});
  EXPECT_EQ(read(d, "2017-03-01"), "2017-03-01");
  EXPECT_EQ(read(d, "3/1/2017"), "2017-03-01");
  EXPECT_EQ(read(d, "01.03.17"), "2017-03-01");
  EXPECT_EQ(read(d, "March 1, 2017"), "2017-03-01");
  EXPECT_EQ(read(d, "Mar 1, 2017"), "2017-03-01");
  EXPECT_EQ(read(d, "3/1/2017 1:05 PM"), "2017-03-01T13:05:00Z");
  EXPECT_EQ(read(d, "3/1/2017 12:05 AM"), "2017-03-01T00:05:00Z");
  EXPECT_EQ(read(d, "3/1/2017 13:05 PM"), "impossible");
}

TEST(Dates, TimesAreOfTheZone) {
  calendar::Zone berlin{"Europe/Berlin", {{model::Instant{}, std::chrono::hours(1)}}};
  const Dates d({}, berlin);
  EXPECT_EQ(read(d, "2026-01-04 00:30:00"), "2026-01-03T23:30:00Z");
  EXPECT_EQ(read(d, "2026-01-04T00:30:00Z"), "2026-01-04T00:30:00Z");
}

TEST(Dates, NumbersAndWordsAreNone) {
  const Dates d({"%m/%d/%Y"});
  for (const char* s :
       {"", "2017", "20170301", "1.5", "111", "1.234.567", "12:30", "1/2", "a/b/c", "555-123-4567", "10.0.0.1"})
    EXPECT_EQ(read(d, s), "none") << s;
}

TEST(Dates, SaysWhatIsWrongWithAFormat) {
  EXPECT_EQ(Dates::check("%Y-%m-%d"), "");
  EXPECT_NE(Dates::check("%Y-%q-%d"), "");
  EXPECT_NE(Dates::check("%m/%d"), "");
  EXPECT_NE(Dates::check("%Y-%m-%d%"), "");
}

}  // namespace
}  // namespace coachd::file
