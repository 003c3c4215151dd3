#include "rules/detectors/share.hpp"

#include <gtest/gtest.h>

namespace coachd::rules {
namespace {

// Published values of Wilson's interval at 95 %.
TEST(Share, WilsonsIntervalIsAsPublished) {
  const auto few = wilson(1, 10, 1.96);
  EXPECT_NEAR(few.low, 0.0179, 0.0005);
  EXPECT_NEAR(few.high, 0.4042, 0.0005);
  const auto many = wilson(200, 1000, 1.96);
  EXPECT_NEAR(many.low, 0.1764, 0.0005);
  EXPECT_NEAR(many.high, 0.2259, 0.0005);
  EXPECT_EQ(wilson(0, 0, 2).low, 0);
  EXPECT_EQ(wilson(0, 0, 2).high, 1);
  EXPECT_EQ(wilson(0, 30, 2).low, 0);
  EXPECT_LT(wilson(0, 30, 2).high, 0.13);
}

TEST(Share, CertaintyIsTurnedIntoDeviations) {
  EXPECT_NEAR(z_of(0.95), 1.959964, 1e-5);
  EXPECT_NEAR(z_of(0.99), 2.575829, 1e-5);
  EXPECT_NEAR(z_of(0.999), 3.290527, 1e-5);
  EXPECT_NEAR(z_of(0.9), 1.644854, 1e-5);
}

}  // namespace
}  // namespace coachd::rules
