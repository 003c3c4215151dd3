#include "rules/calendar/tz.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coachd::calendar {
namespace {

using namespace std::chrono_literals;

model::Instant instant(const char* text) {
  return model::parse_instant(text).value();
}

TEST(LoadZone, FillsTheTable) {
  const auto z = load_zone("Europe/Berlin");
  EXPECT_EQ(z.name, "Europe/Berlin");
  EXPECT_EQ(z.offset_at(instant("2026-01-15T00:00:00Z")), 1h);
  EXPECT_EQ(z.offset_at(instant("2026-03-29T00:59:59Z")), 1h);
  EXPECT_EQ(z.offset_at(instant("2026-03-29T01:00:00Z")), 2h);
  EXPECT_EQ(z.offset_at(instant("2036-07-01T00:00:00Z")), 2h);
  for (std::size_t i = 1; i < z.changes.size(); ++i) EXPECT_LT(z.changes[i - 1].from, z.changes[i].from);
}

TEST(LoadZone, UtcHasNoTable) {
  EXPECT_TRUE(load_zone("UTC").changes.empty());
}

TEST(LoadZone, UnknownNameIsOneSentence) {
  EXPECT_FALSE(is_zone("Europe/Berlinn"));
  EXPECT_FALSE(is_zone(""));
  try {
    static_cast<void>(load_zone("Europe/Berlinn"));
    FAIL() << "must throw";
  } catch (const std::runtime_error& e) {
    EXPECT_THAT(e.what(), testing::HasSubstr("unknown time zone `Europe/Berlinn`"));
  }
}

}  // namespace
}  // namespace coachd::calendar
