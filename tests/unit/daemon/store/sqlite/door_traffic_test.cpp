#include "daemon/store/sqlite/door_traffic.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace coachd::store::sqlite {
namespace {

using std::chrono::milliseconds;

const DoorTraffic::Time start{std::chrono::hours(1)};

TEST(DoorTraffic, AFewDeliveriesASecondAreNotMany) {
  DoorTraffic door;
  EXPECT_FALSE(door.busy(start));
  for (int i = 0; i < 100; ++i) {
    door.delivered(1, start + milliseconds(50) * i);  // 20 a second
    EXPECT_FALSE(door.busy(start + milliseconds(50) * i));
  }
}

TEST(DoorTraffic, ManyAreAndForHalfASecondLonger) {
  DoorTraffic door;
  for (int i = 0; i < 100; ++i) door.delivered(1, start + milliseconds(10) * i);  // 100 a second
  const auto last = start + milliseconds(990);
  EXPECT_TRUE(door.busy(last));
  EXPECT_TRUE(door.busy(last + milliseconds(499)));
  EXPECT_FALSE(door.busy(last + milliseconds(500)));
}

TEST(DoorTraffic, OneUnitOfManyIsEnough) {
  DoorTraffic door;
  door.delivered(DoorTraffic::many, start);
  EXPECT_TRUE(door.busy(start));
}

TEST(DoorTraffic, StaysBusyAcrossItsWindows) {
  DoorTraffic door;
  for (int i = 0; i < 300; ++i) {
    const auto now = start + milliseconds(10) * i;
    door.delivered(1, now);
    if (i >= 25) {
      EXPECT_TRUE(door.busy(now)) << i;
    }
  }
}

}  // namespace
}  // namespace coachd::store::sqlite
