#include "connectors/salesforce/answers.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <string>
#include <utility>
#include <vector>
#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {
namespace {

using model::Failure;

net::Response answer(int status, std::string body, std::vector<net::Header> headers = {}) {
  return {status, std::move(headers), std::move(body)};
}
std::string refusal(const std::string& code, const std::string& message) {
  return R"([{"message":")" + message + R"(","errorCode":")" + code + R"("}])";
}

struct Expected {
  int status;
  std::string body;
  Failure failure;
  bool doubt_of_a_write;
};

TEST(Answers, EachRefusalHasItsClass) {
  for (const Expected& e : std::vector<Expected>{
           {400, refusal("MALFORMED_QUERY", "unexpected token"), Failure::permanent, false},
           {400, refusal("INVALID_FIELD", "No such column 'x'"), Failure::permanent, false},
           {400, refusal("QUERY_TIMEOUT", "too long"), Failure::transient, false},
           {400, refusal("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access"), Failure::transient, false},
           {401, refusal("INVALID_SESSION_ID", "Session expired or invalid"), Failure::auth, false},
           {403, refusal("API_CURRENTLY_DISABLED", "API is disabled for this User"), Failure::auth, false},
           {403, refusal("INSUFFICIENT_ACCESS", "no"), Failure::permanent, false},
           {403, refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."), Failure::throttled, false},
           {403, refusal("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded."),
            Failure::throttled, false},
           {404, refusal("NOT_FOUND", "The requested resource does not exist"), Failure::permanent, false},
           {406, "", Failure::transient, false},
           {414, "<h1>Bad Message 414</h1><pre>reason: URI Too Long</pre>", Failure::permanent, false},
           {420, "", Failure::transient, true},
           {429, "", Failure::throttled, false},
           {500, refusal("UNKNOWN_EXCEPTION", "An unexpected error occurred"), Failure::transient, true},
           {502, "<html>Bad Gateway</html>", Failure::transient, true},
           {503, refusal("SERVER_UNAVAILABLE", "down"), Failure::transient, true},
           {302, "", Failure::permanent, false},
       }) {
    const auto read = read_refusal(answer(e.status, e.body), false);
    const auto written = read_refusal(answer(e.status, e.body), true);
    EXPECT_EQ(read.error.failure, e.failure) << e.status << e.body;
    EXPECT_FALSE(read.error.may_have_happened);
    EXPECT_EQ(written.error.may_have_happened, e.doubt_of_a_write) << e.status << e.body;
    EXPECT_FALSE(read.error.what.empty());
  }
}

TEST(Answers, OnlyTheDailyLimitEndsTheDay) {
  EXPECT_TRUE(read_refusal(answer(403, refusal("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")), false)
                  .limit_used_up);
  const auto concurrent = read_refusal(
      answer(403, refusal("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.")),
      false);
  EXPECT_FALSE(concurrent.limit_used_up);
  EXPECT_EQ(concurrent.error.retry_after_us, 5'000'000);
}

TEST(Answers, OnlyAnEndedSessionIsWorthANewSignIn) {
  EXPECT_TRUE(read_refusal(answer(401, refusal("INVALID_SESSION_ID", "Session expired or invalid")), false).expired);
  EXPECT_TRUE(read_refusal(answer(404, refusal("URL_NOT_RESET", "Destination URL not reset.")), false).expired);
  EXPECT_TRUE(read_refusal(answer(401, ""), false).expired);
  EXPECT_FALSE(
      read_refusal(answer(401, refusal("INVALID_SESSION_ID", "This session is not valid for use with the REST API")),
                   false)
          .expired);
}

TEST(Answers, TheirWordsAreNeverInOurSentence) {
  const auto read =
      read_refusal(answer(400, refusal("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Acme Ltd needs a champion")), true);
  EXPECT_EQ(read.error.what, "Salesforce refused the request: FIELD_CUSTOM_VALIDATION_EXCEPTION (HTTP 400)");
  EXPECT_EQ(read.error.detail, "Acme Ltd needs a champion");
  const auto odd = read_refusal(answer(400, refusal("Acme Ltd", "x")), true);
  EXPECT_EQ(odd.error.what, "Salesforce refused the request (HTTP 400)") << "a code that is none is not shown";
}

TEST(Answers, RetryAfterIsObeyed) {
  EXPECT_EQ(read_refusal(answer(429, "", {{"Retry-After", "7"}}), false).error.retry_after_us, 7'000'000);
  const auto busy = read_refusal(
      answer(503, "", {{"retry-after", "Sun, 22 Nov 2026 21:53:04 GMT"}, {"Date", "Sun, 22 Nov 2026 21:52:54 GMT"}}),
      true);
  EXPECT_EQ(busy.error.failure, Failure::throttled);
  EXPECT_EQ(busy.error.retry_after_us, 10'000'000);
}

TEST(Answers, SignInRefusalsSayWhatToDo) {
  const auto said = [](const char* body, int status = 400) { return read_sign_in_refusal(answer(status, body)); };
  EXPECT_EQ(said(R"({"error":"invalid_client","error_description":"invalid client credentials"})").what,
            "Salesforce refused the sign-in: client id or client secret is wrong");
  EXPECT_NE(said(R"({"error":"invalid_grant","error_description":"request not supported on this domain"})")
                .what.find("My Domain"),
            std::string::npos);
  EXPECT_NE(said(R"({"error":"invalid_grant","error_description":"no client credentials user enabled"})")
                .what.find("run-as user"),
            std::string::npos);
  EXPECT_EQ(said(R"({"error":"rate_limit_exceeded"})").failure, Failure::throttled);
  EXPECT_EQ(said(R"({"error":"invalid_app_access","error_description":"user Ann is not admin approved"})").what,
            "Salesforce refused the sign-in (invalid_app_access)");
  EXPECT_EQ(said("<html>", 404).failure, Failure::auth);
  EXPECT_EQ(said("<html>", 503).failure, Failure::transient);
}

TEST(Answers, ItemErrorsAreReadInBothSpellings) {
  const auto read = [](const char* text) {
    const auto document = boost::json::parse(text);
    return read_item_errors(document.get_array());
  };
  EXPECT_EQ(read(R"([{"statusCode":"UNABLE_TO_LOCK_ROW","message":"x","fields":[]}])").failure, Failure::transient);
  const auto two = read(
      R"([{"errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","message":"one"},{"statusCode":"REQUIRED_FIELD_MISSING","message":"two"}])");
  EXPECT_EQ(two.failure, Failure::permanent);
  EXPECT_EQ(two.what, "Salesforce refused the task: FIELD_CUSTOM_VALIDATION_EXCEPTION, REQUIRED_FIELD_MISSING");
  EXPECT_EQ(two.detail, "one; two");
  EXPECT_EQ(read("[]").failure, Failure::permanent);
}

TEST(Answers, TheNetworksFailuresHaveTheirClasses) {
  using net::errc;
  EXPECT_EQ(from_network({errc::cut, "cut", true}, true).failure, Failure::transient);
  EXPECT_TRUE(from_network({errc::cut, "cut", true}, true).may_have_happened);
  EXPECT_FALSE(from_network({errc::cut, "cut", true}, false).may_have_happened) << "a read has no doubt";
  EXPECT_EQ(from_network({errc::certificate, "bad", false}, true).failure, Failure::auth);
  EXPECT_EQ(from_network({errc::plain_http, "bad", false}, true).failure, Failure::auth);
  EXPECT_EQ(from_network({errc::not_resolved, "bad", false}, true).failure, Failure::transient);
  EXPECT_EQ(from_network({errc::corrupt, "bad", true}, false).failure, Failure::corrupt);
  EXPECT_TRUE(has_code(from_network({errc::too_large, "big", true}, false), too_large_code));
}

}  // namespace
}  // namespace coachd::salesforce
