#include "connectors/salesforce/cursor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "rules/model/time.hpp"

namespace coachd::salesforce {
namespace {

using namespace std::chrono_literals;
using model::Instant;

const Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

Cursor stored(const Cursor& cursor) {
  const auto read = Cursor::parse(cursor.text("Account"), "Account");
  EXPECT_TRUE(read);
  return read.value_or(Cursor{});
}

TEST(SalesforceCursor, ALoadGoesOnAfterTheLastIdAlsoWhenStored) {
  auto cursor = Cursor::start(start);
  EXPECT_TRUE(cursor.loading());
  EXPECT_EQ(cursor.after(), "");
  EXPECT_TRUE(cursor.loaded("001A", true, start + 1s));
  cursor = stored(cursor);
  EXPECT_TRUE(cursor.loading());
  EXPECT_EQ(cursor.after(), "001A");
}

TEST(SalesforceCursor, WhatChangedSinceTheLoadBeganIsSweptAfterIt) {
  auto cursor = Cursor::start(start);
  ASSERT_TRUE(cursor.loaded("001A", true, start + 10s));
  EXPECT_FALSE(stored(cursor).loaded("001B", false, start + 20s)) << "a short load: the next poll does";
  EXPECT_TRUE(cursor.loaded("001B", false, start + 1h)) << "a long one: at once";
  cursor = stored(cursor);
  ASSERT_FALSE(cursor.loading());
  cursor.sweep().begin(start + 1h, 600s, 1s);
  EXPECT_EQ(cursor.sweep().at(), start - 600s);
}

TEST(SalesforceCursor, AnEmptyObjectEndsItsLoad) {
  auto cursor = Cursor::start(start);
  EXPECT_FALSE(cursor.loaded("", true, start));
  EXPECT_FALSE(cursor.loading());
}

TEST(SalesforceCursor, WhatIsNotOursIsRefused) {
  const auto text = Cursor::start(start).text("Account");
  EXPECT_TRUE(Cursor::parse(text, "Account"));
  EXPECT_FALSE(Cursor::parse(text, "Contact"));
  EXPECT_FALSE(Cursor::parse(R"({"v":2,"of":"Account","load":"2026-03-02T00:00:00Z","after":""})", "Account"));
  EXPECT_FALSE(Cursor::parse(R"({"v":1,"of":"Account","load":"soon","after":""})", "Account"));
  EXPECT_FALSE(Cursor::parse("x", "Account"));
}

TEST(SalesforceCursor, ASweepStoredByAnOlderProgramGoesOn) {
  auto cursor = Cursor::parse(R"({"v":1,"of":"Account","upper":"2026-03-02T00:00:00Z"})", "Account");
  ASSERT_TRUE(cursor);
  EXPECT_FALSE(cursor->loading());
  EXPECT_TRUE(cursor->sweep().under_way());
}

}  // namespace
}  // namespace coachd::salesforce
