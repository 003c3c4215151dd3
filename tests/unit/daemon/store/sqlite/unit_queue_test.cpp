#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "daemon/store/sqlite/unit_queue.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

using std::chrono::milliseconds;

WaitingUnit unit(UnitOfWork::Urgency urgency) {
  WaitingUnit out;
  out.unit.urgency = urgency;
  return out;
}

TEST(UnitQueue, TheHallCountsOnlyWhereItMay) {
  UnitQueue queue;
  auto hall = unit(UnitOfWork::Urgency::hall);
  ASSERT_TRUE(queue.put(hall));
  EXPECT_TRUE(queue.hall_waits());
  EXPECT_FALSE(queue.wait(milliseconds(0), false));
  EXPECT_FALSE(queue.take(false));
  EXPECT_TRUE(queue.wait(milliseconds(0), true));

  auto intake = unit(UnitOfWork::Urgency::intake);
  ASSERT_TRUE(queue.put(intake));
  EXPECT_TRUE(queue.wait(milliseconds(0), false));
  EXPECT_EQ(queue.take(true)->unit.urgency, UnitOfWork::Urgency::intake);
  EXPECT_EQ(queue.take(true)->unit.urgency, UnitOfWork::Urgency::hall);
  EXPECT_FALSE(queue.hall_waits());
}

TEST(UnitQueue, TellsHowLongNothingWasAnswered) {
  UnitQueue queue;
  EXPECT_EQ(queue.still(), std::chrono::nanoseconds(0)) << "nothing to do is no standstill";
  auto one = unit(UnitOfWork::Urgency::intake), two = unit(UnitOfWork::Urgency::hall);
  ASSERT_TRUE(queue.put(one));
  ASSERT_TRUE(queue.put(two));
  std::this_thread::sleep_for(milliseconds(30));
  EXPECT_GE(queue.still(), milliseconds(30)) << "also of what was taken and is not done";
  queue.answered(queue.take(true)->bytes);
  EXPECT_LT(queue.still(), milliseconds(30));
  queue.answered(queue.take(true)->bytes);
  EXPECT_EQ(queue.bytes(), 0U);
  EXPECT_EQ(queue.still(), std::chrono::nanoseconds(0));
}

TEST(UnitQueue, ClosedItWaitsForNothingAndTakesNothing) {
  UnitQueue queue;
  queue.close();
  EXPECT_FALSE(queue.wait(std::chrono::hours(1), true));
  auto late = unit(UnitOfWork::Urgency::intake);
  EXPECT_FALSE(queue.put(late));
}

}  // namespace
}  // namespace coachd::store::sqlite
