#include "tests/simulators/people_react.hpp"

#include <gtest/gtest.h>

#include "tests/simulators/company_check.hpp"
#include "tests/simulators/zones.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;

// A prompt for every record with a planted fault.
std::vector<std::string> prompt_all(bench_org& b) {
  std::vector<std::string> tasks;
  std::set<std::string> done;
  for (const auto& t : b.made.truth) {
    if (!t.look_alike && t.fault != "set-with-stage-change" && done.insert(t.record).second)
      tasks.push_back(b.task(t.record, t.owner));
  }
  return tasks;
}

TEST(PeopleReact, MendWhatTruthSaysAndLeaveTheTask) {
  bench_org b{7, 400};
  people_react people{b.crm, b.made, {1, 0}, 1};
  const auto tasks = prompt_all(b);
  const auto before = restated_findings(b.crm, b.clock.now());
  for (int i = 0; i < 48 * 4; ++i) {
    b.clock.advance(15min);
    people.step(b.clock.now());
  }
  EXPECT_EQ(people.counts().mended, tasks.size());
  EXPECT_EQ(people.counts().waiting, 0U);
  for (const auto& id : tasks) EXPECT_EQ(b.cell(id, "IsDeleted") + b.cell(id, "IsClosed"), "falsefalse");
  const auto after = restated_findings(b.crm, b.clock.now());
  for (const auto& f : after) {
    EXPECT_EQ(std::get<1>(f), "pushed-close-date") << std::get<0>(f);  // what moved cannot be unmoved
    EXPECT_TRUE(before.contains(f));
  }
}

TEST(PeopleReact, DeleteOrIgnore) {
  bench_org b{7, 400};
  people_react removers{b.crm, b.made, {0, 1}, 1};
  const auto tasks = prompt_all(b);
  const auto before = restated_findings(b.crm, b.clock.now());
  b.clock.advance(48h);
  removers.step(b.clock.now());
  b.clock.advance(48h);
  removers.step(b.clock.now());
  EXPECT_EQ(removers.counts().removed, tasks.size());
  for (const auto& id : tasks) EXPECT_EQ(b.cell(id, "IsDeleted"), "true");
  EXPECT_EQ(restated_findings(b.crm, *parse_instant(test_start)), before);
}

TEST(PeopleReact, ActInWorkingHoursOnly) {
  bench_org b{7, 400};
  b.clock.set(*parse_instant("2026-03-06T22:00:00Z"));  // a Friday night everywhere
  people_react people{b.crm, b.made, {0.5, 0.5}, 1};
  (void)prompt_all(b);
  for (int hour = 0; hour < 58; ++hour) {  // until Monday 08:00 UTC, 09:00 in Berlin
    people.step(b.clock.now());
    if (b.clock.now() < *parse_instant("2026-03-09T08:00:00Z"))
      EXPECT_EQ(people.counts().mended + people.counts().removed, 0U) << iso_instant(b.clock.now());
    b.clock.advance(1h);
  }
  b.clock.advance(12h);
  people.step(b.clock.now());
  EXPECT_GT(people.counts().mended, 0U);
  EXPECT_GT(people.counts().removed, 0U);
}

TEST(PeopleReact, LeaveAloneWhatOthersMadeAndWhatIsNotTheirs) {
  bench_org b{7, 400};
  people_react people{b.crm, b.made, {1, 0}, 1};
  const auto id = b.plain_opportunity();
  ASSERT_TRUE(b.crm.create("Task", {{"Subject", std::string{"own"}}, {"WhatId", id}}, b.owner_of(id), b.clock.now()));
  (void)b.task(id, b.owner_of(id));  // a prompt about a record without a fault
  const auto before = b.cell(id, "SystemModstamp");
  b.clock.advance(72h);
  people.step(b.clock.now());
  b.clock.advance(72h);
  people.step(b.clock.now());
  EXPECT_EQ(people.counts().mended, 0U);
  EXPECT_EQ(people.counts().ignored, 1U);
  EXPECT_EQ(b.cell(id, "SystemModstamp"), before);
}

TEST(Zones, KnowSummerTimeAndTheWeekend) {
  EXPECT_EQ(at_wall(*parse_day("2026-03-27"), 9h, "Europe/Berlin"), *parse_instant("2026-03-27T08:00:00Z"));
  EXPECT_EQ(at_wall(*parse_day("2026-03-30"), 9h, "Europe/Berlin"), *parse_instant("2026-03-30T07:00:00Z"));
  EXPECT_EQ(into_working_hours(*parse_instant("2026-03-27T18:00:00Z"), "Europe/Berlin"),
            *parse_instant("2026-03-30T07:00:00Z"));
  const auto noon = *parse_instant("2026-03-27T11:00:00Z");
  EXPECT_EQ(into_working_hours(noon, "Europe/Berlin"), noon);
}

TEST(React, SharesAreReadStrictly) {
  const auto s = parse_react("mend=0.5,ignore=0.3,delete=0.2");
  ASSERT_TRUE(s);
  EXPECT_EQ(s->mend, 0.5);
  EXPECT_EQ(s->remove, 0.2);
  EXPECT_FALSE(parse_react("mend=0.9,delete=0.2"));
  EXPECT_FALSE(parse_react("mend"));
  EXPECT_FALSE(parse_react("praise=0.1"));
}

}  // namespace
}  // namespace coachd::sim
