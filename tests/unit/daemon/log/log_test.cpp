#include "daemon/log/log.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "daemon/log/lines.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::log {
namespace {

model::Instant nine() {
  return *model::parse_instant("2026-05-04T09:00:00Z");
}

// What must not compile: a text that is known only when the program runs.
static_assert(!std::is_constructible_v<Value, std::string>);
static_assert(!std::is_constructible_v<Value, std::string_view>);
static_assert(!std::is_constructible_v<Value, const char*>);
static_assert(!std::is_constructible_v<Value, char>);
static_assert(!std::is_constructible_v<Literal, const char*>);
static_assert(!std::is_constructible_v<Literal, std::string>);

class Log : public testing::Test {
 protected:
  Logger logger(Level level, Format format) {
    return Logger({.level = level, .format = format, .now = nine, .sink = [this](std::string_view line) {
                     lines_.emplace_back(line);
                   }});
  }
  std::vector<std::string> lines_;
};

TEST_F(Log, WritesOneJsonObjectPerLine) {
  auto log = logger(Level::info, Format::json);
  log.info("poll done", {{"connection", model::ConnectionName("sf")},
                         {"changes", 12},
                         {"took_ms", std::chrono::milliseconds(1500)},
                         {"full", true},
                         {"share", 0.25},
                         {"until", nine()},
                         {"why", Literal("window closed")}});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(
      lines_[0],
      R"({"time":"2026-05-04T09:00:00Z","level":"info","message":"poll done","connection":"sf","changes":12,"took_ms":1500,"full":true,)"
      R"("share":0.25,"until":"2026-05-04T09:00:00Z","why":"window closed"})");
}

TEST_F(Log, WritesKeysAndValuesForATerminal) {
  auto log = logger(Level::info, Format::text);
  log.warning("disk full", {{"code", 13}, {"why", Literal("no room left")}});
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_EQ(lines_[0], "2026-05-04T09:00:00Z warning disk full code=13 why=\"no room left\"");
}

TEST_F(Log, WritesNothingBelowItsLevel) {
  auto log = logger(Level::warning, Format::json);
  log.debug("a");
  log.info("b");
  log.warning("c");
  log.error("d");
  EXPECT_EQ(lines_.size(), 2U);
  EXPECT_FALSE(log.enabled(Level::info));
  EXPECT_TRUE(log.enabled(Level::warning));
}

TEST_F(Log, AnIdThatIsATextIsNotShown) {
  EXPECT_EQ(Id("005xx:0/a_b.c@d+e-f").get(), "005xx:0/a_b.c@d+e-f");
  EXPECT_EQ(Id("Call Ann about the renewal").get(), "(not an id)");
  EXPECT_EQ(Id("a\nb").get(), "(not an id)");
  EXPECT_EQ(Id("näher").get(), "(not an id)");
  EXPECT_EQ(Id(std::string(65, 'x')).get(), "(not an id)");
  auto log = logger(Level::info, Format::json);
  log.info("read", {{"record", model::RecordId("next step: \"buy\"")}});
  EXPECT_NE(lines_.at(0).find(R"x("record":"(not an id)")x"), std::string::npos);
}

TEST(LogLines, JsonHasNoNumbersThatJsonHasNot) {
  EXPECT_NE(json_line({Level::info, "m", {{"x", std::numeric_limits<double>::infinity()}}, nine()}).find("\"x\":null"),
            std::string::npos);
}

TEST(LogLines, NumbersKeepTheirSignAndSize) {
  const auto line =
      json_line({Level::error, "m", {{"x", std::numeric_limits<std::int64_t>::min()}, {"y", 7U}}, nine()});
  EXPECT_NE(line.find("\"x\":-9223372036854775808,\"y\":7"), std::string::npos);
}

TEST(LogLines, TheJournalGetsFieldsAndAReadableMessage) {
  EXPECT_EQ(journal_fields({Level::error, "disk full", {{"error_code", 13}, {"why", Literal("no room")}}, nine()}),
            (std::vector<std::string>{"MESSAGE=disk full error_code=13 why=\"no room\"", "PRIORITY=3",
                                      "SYSLOG_IDENTIFIER=coachd", "COACHD_ERROR_CODE=13", "COACHD_WHY=no room"}));
}

// The real stream: what the process writes to standard error.
TEST(LogToStderr, IsOneLinePerEntry) {
  Logger log({.level = Level::info, .format = Format::json, .now = nine, .sink = {}});
  testing::internal::CaptureStderr();
  log.info("started", {{"port", 8080}});
  log.info("100 %v {} %d");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "{\"time\":\"2026-05-04T09:00:00Z\",\"level\":\"info\",\"message\":\"started\",\"port\":8080}\n"
            "{\"time\":\"2026-05-04T09:00:00Z\",\"level\":\"info\",\"message\":\"100 %v {} %d\"}\n");
}

}  // namespace
}  // namespace coachd::log
