#include "connectors/hubspot/answers.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::hubspot {
namespace {

using namespace std::chrono_literals;
using model::Failure;

net::Response answer(int status, std::string body, std::string type = "application/json;charset=utf-8") {
  net::Response response;
  response.status = status;
  response.body = std::move(body);
  response.headers = {{"Content-Type", std::move(type)}};
  return response;
}
Refusal refusal(int status, std::string body, bool write = false) {
  return read_refusal(answer(status, std::move(body)), write, std::nullopt);
}

TEST(HubSpotAnswers, LimitsAreToldApart) {
  const auto burst = refusal(
      429,
      R"({"status":"error","message":"You have reached your ten_secondly_rolling limit.","errorType":"RATE_LIMIT","policyName":"TEN_SECONDLY_ROLLING"})");
  EXPECT_EQ(burst.error.failure, Failure::throttled);
  EXPECT_TRUE(burst.burst);
  EXPECT_EQ(burst.error.retry_after_us, 10'000'000);

  const auto search =
      refusal(429, R"({"status":"error","message":"You have reached your secondly limit.","category":"RATE_LIMITS"})");
  EXPECT_TRUE(search.search);
  EXPECT_EQ(search.error.retry_after_us, 1'000'000);

  const auto body = R"({"message":"You have reached your daily limit.","errorType":"RATE_LIMIT","policyName":"DAILY"})";
  const auto daily = read_refusal(answer(429, body), false, 3h);
  EXPECT_TRUE(daily.daily);
  EXPECT_EQ(daily.error.retry_after_us, std::chrono::microseconds(3h).count());

  EXPECT_EQ(refusal(500, R"({"status":"error","category":"RATE_LIMITS","message":"x"})", true).error.failure,
            Failure::throttled);
  EXPECT_FALSE(
      refusal(500, R"({"status":"error","category":"RATE_LIMITS","message":"x"})", true).error.may_have_happened);
}

TEST(HubSpotAnswers, TheTokenIsAPersonsBusiness) {
  const auto scopes = refusal(
      403,
      R"({"message":"This app hasn't been granted all required scopes to make this call.","category":"MISSING_SCOPES","errors":[{"message":"One or more of the following scopes are required.","context":{"requiredGranularScopes":["crm.objects.deals.read","<b>x</b>"]}}]})");
  EXPECT_EQ(scopes.error.failure, Failure::auth);
  EXPECT_EQ(scopes.error.what,
            "HubSpot refuses the token: one of these scopes is missing: crm.objects.deals.read (MISSING_SCOPES)");
  const auto ended = refusal(401, R"({"category":"EXPIRED_AUTHENTICATION","message":"The OAuth token ... expired"})");
  EXPECT_EQ(ended.error.failure, Failure::auth);
  EXPECT_NE(ended.error.what.find("EXPIRED_AUTHENTICATION"), std::string::npos);
  EXPECT_EQ(refusal(401, R"({"category":"INVALID_AUTHENTICATION"})").error.failure, Failure::auth);
}

TEST(HubSpotAnswers, PagesOfTheEdgeAreNeverParsed) {
  const auto refused = read_refusal(answer(502, R"({"category":"VALIDATION_ERROR"})", "text/html"), true, std::nullopt);
  EXPECT_EQ(refused.error.failure, Failure::transient);
  EXPECT_TRUE(refused.error.may_have_happened);
  EXPECT_EQ(refused.error.what, "HubSpot could not answer (HTTP 502)");
  EXPECT_EQ(refusal(524, "<html>").error.failure, Failure::transient);
}

TEST(HubSpotAnswers, LocksMovesAndMistakes) {
  const auto lock = refusal(423, "{}", true);
  EXPECT_EQ(lock.error.failure, Failure::throttled);
  EXPECT_EQ(lock.error.retry_after_us, 2'000'000);
  auto moving = answer(477, "");
  moving.headers.push_back({"Retry-After", "3600"});
  EXPECT_EQ(read_refusal(moving, false, std::nullopt).error.retry_after_us, 3'600'000'000);
  const auto bad = refusal(
      400,
      R"({"category":"VALIDATION_ERROR","message":"their words","errors":[{"message":"m","code":"INVALID_OPTION"}]})",
      true);
  EXPECT_EQ(bad.error.failure, Failure::permanent);
  EXPECT_EQ(bad.error.what, "HubSpot refused the request: VALIDATION_ERROR, INVALID_OPTION (HTTP 400)");
  EXPECT_EQ(bad.error.detail, "their words; m");
  EXPECT_FALSE(bad.error.may_have_happened);
}

TEST(HubSpotAnswers, ItemsOfABatch) {
  const auto entry = boost::json::parse(
      R"({"status":"error","category":"VALIDATION_ERROR","message":"not valid","context":{"objectWriteTraceId":["b"]}})");
  const auto error = read_item_error(entry.get_object());
  EXPECT_EQ(error.failure, Failure::permanent);
  EXPECT_EQ(error.what, "HubSpot refused the task: VALIDATION_ERROR");
  EXPECT_EQ(error.detail, "not valid");
  EXPECT_FALSE(is_not_found(entry.get_object()));
  EXPECT_TRUE(is_not_found(boost::json::parse(R"({"category":"OBJECT_NOT_FOUND"})").get_object()));
}

}  // namespace
}  // namespace coachd::hubspot
