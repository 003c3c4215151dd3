#include "daemon/scheduler/scheduler.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>

namespace coachd::scheduler {
namespace {

Instant second(std::int64_t s) {
  return Instant(std::chrono::seconds(s));
}

TEST(Scheduler, DoesWhatIsDueAndSaysSinceWhen) {
  Scheduler s;
  const Agenda agenda{.journal = second(100), .evaluate = second(40), .release = {}, .deliver = second(70)};
  EXPECT_EQ(s.next(agenda, second(50)), (Step{Job::evaluate, second(40)}));
}

TEST(Scheduler, WhatIsDueAtThisVeryInstantIsDue) {
  Scheduler s;
  EXPECT_EQ(s.next({.release = second(50)}, second(50)), (Step{Job::release, second(50)}));
}

TEST(Scheduler, SleepsUntilTheEarliest) {
  Scheduler s;
  const Agenda agenda{.journal = second(70), .evaluate = second(60), .release = second(80), .deliver = second(90)};
  EXPECT_EQ(s.next(agenda, second(50)), (Step{Job::sleep, second(60)}));
}

TEST(Scheduler, SleepsNoLongerThanTheLongestSleepAlsoWithAnEmptyAgenda) {
  Scheduler s({.longest_sleep = std::chrono::seconds(10)});
  EXPECT_EQ(s.next({}, second(50)), (Step{Job::sleep, second(60)}));
  EXPECT_EQ(s.next({.journal = second(1000)}, second(50)), (Step{Job::sleep, second(60)}));
  EXPECT_EQ(s.next({.journal = second(55)}, second(50)), (Step{Job::sleep, second(55)}));
}

TEST(Scheduler, GoesThroughTheHallInItsOrder) {
  Scheduler s;
  const Agenda all{.journal = second(4), .evaluate = second(3), .release = second(2), .deliver = second(1)};
  EXPECT_EQ(s.next(all, second(9)).job, Job::journal);
  EXPECT_EQ(s.next(all, second(9)).job, Job::evaluate);
  EXPECT_EQ(s.next(all, second(9)).job, Job::release);
  EXPECT_EQ(s.next(all, second(9)).job, Job::deliver);
  EXPECT_EQ(s.next(all, second(9)).job, Job::journal);
}

// A sweep makes everything due at once, and a CRM may change faster than it is evaluated.
TEST(Scheduler, ABacklogOfOneKindNeverKeepsAnotherWaitingForMoreThanThreeSteps) {
  Scheduler s;
  Agenda agenda{.journal = second(0), .evaluate = second(0), .release = {}, .deliver = {}};
  for (int i = 0; i < 5; ++i) static_cast<void>(s.next(agenda, second(100 + i)));
  for (int round = 0; round < 8; ++round) {
    agenda.deliver = second(110);
    int steps = 0;
    while (s.next(agenda, second(200)).job != Job::deliver) ASSERT_LE(++steps, 3);
    agenda.deliver.reset();
    for (int i = 0; i < round; ++i) static_cast<void>(s.next(agenda, second(200)));
  }
}

TEST(Scheduler, AnIdleKindCostsNoStep) {
  Scheduler s;
  std::map<Job, int> steps;
  for (int i = 0; i < 10; ++i) ++steps[s.next({.evaluate = second(0), .deliver = second(0)}, second(1)).job];
  EXPECT_EQ(steps, (std::map<Job, int>{{Job::evaluate, 5}, {Job::deliver, 5}}));
}

}  // namespace
}  // namespace coachd::scheduler
