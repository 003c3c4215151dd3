#include "daemon/pipeline/meetings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/calendar/tz.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/description.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

model::Instant at(const char* text) {
  return *model::parse_instant(text);
}

MeetingPlan monday(std::string manager) {
  return {"review", std::chrono::Monday, std::chrono::minutes(570), std::move(manager), "Europe/Berlin"};
}

MeetingPeriod in_force(MeetingPlan plan, const char* from, std::optional<model::Instant> until = {}) {
  return {std::move(plan), calendar::load_zone("Europe/Berlin"), at(from), until};
}

TEST(Meetings, AreHeldSinceTheDaemonKnewThemAndByTheClockOfTheirZone) {
  rules::World world;
  const auto now = at("2026-04-01T12:00:00Z");
  schedule_meetings({in_force(monday("li@example.com"), "2026-03-23T08:31:00Z")}, now, world);
  const auto& times = world.meetings.at("review").at("").all();
  ASSERT_GE(times.size(), 8U);
  EXPECT_EQ(times[0], at("2026-03-30T07:30:00Z")) << "that of the 23rd was a minute before; the clocks went forward";
  EXPECT_EQ(times[1], at("2026-04-06T07:30:00Z"));
  EXPECT_LT(times.back(), now + std::chrono::days(60));
  const auto held = held_meetings({in_force(monday("li@example.com"), "2026-03-23T08:31:00Z")}, world, now);
  EXPECT_EQ(held.known_since, at("2026-03-23T08:31:00Z"));
  ASSERT_EQ(held.rows.size(), 1U);
  EXPECT_EQ(held.rows[0].at, times[0]);
}

TEST(Meetings, AChangedScheduleChangesNothingOfThePast) {
  rules::World world;
  auto tuesday = monday("li@example.com");
  tuesday.weekday = std::chrono::Tuesday;
  const auto moved = at("2026-03-11T12:00:00Z");
  schedule_meetings({in_force(tuesday, "2026-03-11T12:00:00Z"), in_force(monday(""), "2026-03-01T00:00:00Z", moved)},
                    at("2026-03-18T12:00:00Z"), world);
  const auto& times = world.meetings.at("review").at("").all();
  ASSERT_GE(times.size(), 3U);
  EXPECT_EQ(times[0], at("2026-03-02T08:30:00Z"));
  EXPECT_EQ(times[1], at("2026-03-09T08:30:00Z"));
  EXPECT_EQ(times[2], at("2026-03-17T08:30:00Z"));
  EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
}

TEST(Meetings, EachManagerHasOne) {
  rules::World world;
  model::Person ana;
  ana.id = model::PersonId("ana");
  ana.manager = model::PersonId("li");
  world.people.emplace("ana", ana);
  schedule_meetings({in_force(monday("each"), "2026-03-01T00:00:00Z")}, at("2026-03-03T00:00:00Z"), world);
  EXPECT_EQ(world.meetings.at("review").size(), 1U);
  EXPECT_EQ(world.meetings.at("review").at("li").last(at("2026-03-03T00:00:00Z")), at("2026-03-02T08:30:00Z"));
}

TEST(Meetings, AreKeptAsTheyWereWritten) {
  const std::vector<MeetingPlan> plans{monday("each"),
                                       {"forecast-call", std::chrono::Thursday, std::chrono::minutes(900), "", ""}};
  const auto again = decode_meetings(encode(plans));
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(encode(again), encode(plans));
  EXPECT_EQ(again[1].weekday, std::chrono::Thursday);
  EXPECT_EQ(again[0].zone, "Europe/Berlin");
}

}  // namespace
}  // namespace coachd::pipeline
