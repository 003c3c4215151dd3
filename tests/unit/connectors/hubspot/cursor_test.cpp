#include "connectors/hubspot/cursor.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

#include "rules/model/time.hpp"

namespace coachd::hubspot {
namespace {

using namespace std::chrono_literals;
using model::Instant;

const Instant start{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

Cursor stored(const Cursor& cursor) {
  const auto back = Cursor::parse(cursor.text("deals"), "deals");
  EXPECT_TRUE(back);
  return back.value_or(Cursor{});
}

TEST(HubSpotCursor, ALoadGoesOnWhereItWasAndEndsInASweepFromItsBeginning) {
  auto cursor = stored(Cursor::start(start));
  EXPECT_TRUE(cursor.loading());
  EXPECT_EQ(cursor.after(), "");
  cursor.loaded("512");
  cursor = stored(cursor);
  EXPECT_TRUE(cursor.loading());
  EXPECT_EQ(cursor.after(), "512");
  cursor.loaded("");
  cursor = stored(cursor);
  EXPECT_FALSE(cursor.loading());
  cursor.sweep().begin(start + 1h, 600s, 1s);
  EXPECT_EQ(cursor.sweep().at(), start - 600s) << "what changed while it was loaded is read again";
  EXPECT_EQ(cursor.sweep().upper(), start + 1h - 1s);
}

// The search index may stand still for longer than the overlap: once a day a poll looks back over a day and more.
TEST(HubSpotCursor, OnceInAWhileASweepLooksFarBack) {
  auto cursor = Cursor::start(start);
  cursor.loaded("");
  const auto sweep = [&](Instant now) {
    cursor = stored(cursor);
    cursor.begin_sweep(now, 600s, 26h, 24h, 1s);
    const auto from = cursor.sweep().at();
    cursor.begin_sweep(now + 48h, 600s, 26h, 24h, 1s);
    EXPECT_EQ(cursor.sweep().at(), from) << "one that is under way goes on";
    EXPECT_FALSE(cursor.sweep().advance(std::nullopt, "", false, now, 1s));
    return from;
  };
  EXPECT_EQ(sweep(start + 1h), start - 600s);
  EXPECT_EQ(sweep(start + 23h), start + 1h - 1s - 600s);
  EXPECT_EQ(sweep(start + 25h), start + 23h - 1s - 26h);
  EXPECT_EQ(sweep(start + 26h), start + 25h - 1s - 600s);
  EXPECT_EQ(sweep(start + 49h), start + 26h - 1s - 26h);
}

TEST(HubSpotCursor, TheRecycleBinIsLookedIntoAtTimesAndTheMoreRarelyTheMoreItCosts) {
  auto cursor = Cursor::start(start);
  cursor.loaded("");
  EXPECT_TRUE(cursor.bin_due(start, 600s)) << "deleted while it was loaded";
  cursor.begin_bin(start + 1h);
  cursor = stored(cursor);
  EXPECT_TRUE(cursor.in_bin());
  EXPECT_EQ(cursor.deleted_since(600s), start - 600s);
  for (int i = 1; i < 60; ++i) cursor.binned(std::to_string(i), start + 1h);
  cursor = stored(cursor);
  EXPECT_EQ(cursor.after(), "59");
  cursor.binned("", start + 2h);
  cursor = stored(cursor);
  EXPECT_FALSE(cursor.in_bin());
  EXPECT_EQ(cursor.deleted_since(0s), start + 1h) << "from the look's own beginning on";
  EXPECT_FALSE(cursor.bin_due(start + 2h + 600s, 600s)) << "60 calls: not before 20 minutes";
  EXPECT_TRUE(cursor.bin_due(start + 2h + 20min, 600s));
}

TEST(HubSpotCursor, WhatIsNotOursIsRefused) {
  const std::string good = Cursor::start(start).text("deals");
  EXPECT_TRUE(Cursor::parse(good, "deals"));
  EXPECT_FALSE(Cursor::parse(good, "contacts"));
  for (const char* const text :
       {"", "x", "{}", "[]", R"({"v":2,"of":"deals","bin":"2026-03-02T00:00:00Z"})",
        R"({"v":1,"of":"deals","bin":"2026-03-02T00:00:00Z"})",
        R"({"v":1,"of":"deals","bin":"2026-03-02T00:00:00Z","changes":"x"})", R"({"v":1,"of":"deals","mark":"today"})"})
    EXPECT_FALSE(Cursor::parse(text, "deals")) << text;
}

}  // namespace
}  // namespace coachd::hubspot
