#include "connectors/net/token.hpp"

#include <gtest/gtest.h>
#include "connectors/net/retry.hpp"
#include "rules/model/error.hpp"

namespace coachd::net {
namespace {

using namespace std::chrono_literals;
using model::CrmError;
using model::Failure;

const SteadyTime start{1000s};

TokenKeeper signed_in_keeper() {
  TokenKeeper keeper({});
  EXPECT_EQ(keeper.need(start), TokenStep::sign_in);
  keeper.signed_in(start);
  return keeper;
}

TEST(TokenKeeper, OnlyOneSignsInAtATime) {
  TokenKeeper keeper({});
  EXPECT_EQ(keeper.need(start), TokenStep::sign_in);
  EXPECT_EQ(keeper.need(start), TokenStep::wait);
  keeper.signed_in(start);
  EXPECT_EQ(keeper.need(start), TokenStep::use);
}

TEST(TokenKeeper, A401GivesUpOnlyTheTokenThatFailed) {
  TokenKeeper keeper = signed_in_keeper();
  const auto old = keeper.generation();
  keeper.rejected(old);
  EXPECT_EQ(keeper.need(start), TokenStep::sign_in);
  keeper.signed_in(start);
  keeper.rejected(old);  // a slower call with the old token
  EXPECT_EQ(keeper.need(start), TokenStep::use);
}

TEST(TokenKeeper, AnOldTokenIsRenewedWithoutA401) {
  TokenKeeper keeper = signed_in_keeper();
  EXPECT_EQ(keeper.need(start + 89min), TokenStep::use);
  EXPECT_EQ(keeper.need(start + 90min), TokenStep::sign_in);
}

TEST(TokenKeeper, ARefusedSignInIsNotRepeatedInALoop) {
  TokenKeeper keeper({});
  const CrmError wrong_secret{Failure::auth, "the secret is wrong", "", 0, false};
  EXPECT_EQ(keeper.need(start), TokenStep::sign_in);
  keeper.refused(wrong_secret, start);
  EXPECT_EQ(keeper.need(start + 59s), TokenStep::refused);
  EXPECT_EQ(keeper.error().what, "the secret is wrong");
  EXPECT_EQ(keeper.need(start + 60s), TokenStep::sign_in);
  keeper.refused(wrong_secret, start + 60s);
  EXPECT_EQ(keeper.need(start + 179s), TokenStep::refused) << "the quiet doubles";
  EXPECT_EQ(keeper.need(start + 180s), TokenStep::sign_in);
}

TEST(TokenKeeper, ANetworkFailureMayBeTriedAgainAtOnce) {
  TokenKeeper keeper({});
  EXPECT_EQ(keeper.need(start), TokenStep::sign_in);
  keeper.refused({Failure::transient, "cut", "", 0, false}, start);
  EXPECT_EQ(keeper.need(start), TokenStep::sign_in);
}

}  // namespace
}  // namespace coachd::net
