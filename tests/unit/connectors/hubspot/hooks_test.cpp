#include "connectors/hubspot/hooks.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <cstring>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
constexpr const char* target = "https://hooks.example.com/hubspot/target";
constexpr const char* creation =
    R"([{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}])";
constexpr const char* creation_signature = "a1ohJyD2ii5XX5ke7AzBlc1abs48j9rpaB3x31zwFkw=";
const model::Instant sent{milliseconds(1700000000000)};

struct Delivery {
  std::string method = "POST", url = target, body = creation;
  std::map<std::string, std::string, std::less<>> headers{{"x-hubspot-signature-v3", creation_signature},
                                                          {"x-hubspot-request-timestamp", "1700000000000"}};

  [[nodiscard]] connectors::HookVerdict check(const connectors::Hooks& hooks, model::Instant now = sent) const {
    return hooks.check({method, url, body,
                        [this](std::string_view name) {
                          const auto found = headers.find(name);
                          return found == headers.end() ? std::string_view{} : std::string_view{found->second};
                        }},
                       now);
  }
};

Delivery signed_as(std::string url, std::string body, std::string signature, std::string method = "POST") {
  Delivery d;
  d.method = std::move(method);
  d.url = std::move(url);
  d.body = std::move(body);
  d.headers["x-hubspot-signature-v3"] = std::move(signature);
  return d;
}

// Signs anew, for bodies that no vector covers.
Delivery with_body(const std::string& body) {
  const std::string text = "POST" + std::string(target) + body + "1700000000000";
  std::array<unsigned char, 32> mac{};
  HMAC(EVP_sha256(), secret, static_cast<int>(std::strlen(secret)), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac.data(), nullptr);
  std::array<unsigned char, 64> base64{};
  const int length = EVP_EncodeBlock(base64.data(), mac.data(), 32);
  return signed_as(target, body, std::string(base64.begin(), base64.begin() + length));
}

std::string event(int id, int attempt, std::string_view more = "") {
  return fmt::format(
      R"({{"eventId":{},"subscriptionId":25,"portalId":33,"occurredAt":1462216307945,"subscriptionType":"deal.propertyChange","attemptNumber":{},"objectId":1246965,"propertyName":"dealstage","propertyValue":"x"{}}})",
      id, attempt, more);
}

class HubSpotHooksTest : public testing::Test {
 protected:
  std::unique_ptr<connectors::Hooks> hooks = make_hooks({secret, ""});

  [[nodiscard]] std::vector<std::string> split(const std::string& body) const {
    std::vector<std::string> out;
    for (const auto& h : hooks->split(body).value())
      out.push_back(h.object + "/" + h.record.get() + "@" + std::to_string(h.at.time_since_epoch().count()));
    return out;
  }
};

// The published vectors. A body that is no array of events, once its signature is right, answers 400 and not 401.
TEST_F(HubSpotHooksTest, VectorDIsSignedRightly) {
  const auto d = signed_as("https://www.example.com/webhook_uri", R"({"example_field":"example_value"})",
                           "rQEKkaNUiu+1qGF//O/pw4BCzstSqO1PyUnGICmf+7o=");
  EXPECT_EQ(d.check(*hooks).status, 400);
  EXPECT_EQ(d.check(*hooks).reason, "not an array of events");
}

TEST_F(HubSpotHooksTest, VectorEIsTaken) {
  const auto v = Delivery{}.check(*hooks);
  EXPECT_EQ(v.status, 200);
  EXPECT_EQ(v.events, 1U);
  EXPECT_EQ(v.at, model::Instant(milliseconds(1564113600000)));
  EXPECT_NE(v.key, 0U);
}

TEST_F(HubSpotHooksTest, VectorFDecodesOnlyWhatIsDecoded) {
  EXPECT_EQ(signed_uri("https://hooks.example.com/card?userEmail=a%40b.com&q=x%3Ay%2Fz%2C1%3B2&u=%20%26"),
            "https://hooks.example.com/card?userEmail=a@b.com&q=x:y/z,1;2&u=%20%26");
  EXPECT_EQ(signed_uri("%3a%2f%3f%40%21%24%27%28%29%2a%2c%3b"), ":/?@!$'()*,;");
  EXPECT_EQ(signed_uri("a+b%20%26%3D%25%2540%4"), "a+b%20%26%3D%25%2540%4");
  EXPECT_EQ(signed_uri("%4"), "%4");
  EXPECT_EQ(signed_uri("%zz%00"), "%zz%00");
  // Vector F is a GET, which is refused as such; the same URI of a POST, signed with an independent program.
  const auto get = signed_as("https://hooks.example.com/card?userEmail=a%40b.com&q=x%3Ay%2Fz%2C1%3B2&u=%20%26", "",
                             "n3yOVK24edAt7gskSGkNCGWMU4APfJEEtTkz02J/2Tk=", "GET");
  EXPECT_EQ(get.check(*hooks).status, 405);
  const auto post = signed_as("https://hooks.example.com/card?userEmail=a%40b.com&q=x%3Ay%2Fz%2C1%3B2&u=%20%26", "[]",
                              "IZUdWFRWLH+XTsQAPz42qid8EcKn4sr6PydKah/7vbc=");
  EXPECT_EQ(post.check(*hooks).reason, "no events");
}

TEST_F(HubSpotHooksTest, VectorGKeepsLongIdsAndForeignLetters) {
  const auto other = make_hooks({"secret-1", ""});
  const std::string body = "[{\"objectId\":9007199254740993,\"propertyValue\":\"Zoë – ü\"}]";
  EXPECT_EQ(signed_as(target, body, "lVOLr3luhRo6BneLleHsQ8PJeTAHEGVmFrytbXLcjz4=").check(*other).status, 200);
  EXPECT_EQ(split(R"([{"subscriptionType":"deal.creation","objectId":9007199254740993,"occurredAt":1}])"),
            std::vector<std::string>{"deals/9007199254740993@1000"});
}

TEST_F(HubSpotHooksTest, ASignatureThatIsMissingOrWrongIsRefused) {
  for (const auto* name : {"x-hubspot-signature-v3", "x-hubspot-request-timestamp"}) {
    Delivery d;
    d.headers.erase(name);
    EXPECT_EQ(d.check(*hooks).status, 401) << name;
    EXPECT_EQ(d.check(*hooks).reason, "no signature");
  }
  for (const auto* wrong :
       {"A1ohJyD2ii5XX5ke7AzBlc1abs48j9rpaB3x31zwFkw=", "a1ohJyD2ii5XX5ke7AzBlc1abs48j9rpaB3x31zwFkw",
        "a1ohJyD2ii5XX5ke7AzBlc1abs48j9rpaB3x31zwFkw==", "=", "\xff"}) {
    const auto v = signed_as(target, creation, wrong).check(*hooks);
    EXPECT_EQ(v.status, 401) << wrong;
    EXPECT_EQ(v.reason, "wrong signature");
  }
  Delivery other_url, other_body, other_time;
  other_url.url += "?a=b";
  other_body.body += " ";
  other_time.headers["x-hubspot-request-timestamp"] = "1700000000001";
  for (const auto& d : {other_url, other_body, other_time}) EXPECT_EQ(d.check(*hooks).reason, "wrong signature");
}

TEST_F(HubSpotHooksTest, ManyAreCheckedOneAfterAnotherAndByManyThreads) {
  const auto check_some = [this](int from) {
    int taken = 0;
    for (int i = from; i < from + 200; ++i) {
      auto d = with_body("[" + event(i, 0) + "]");
      taken += d.check(*hooks).status == 200 ? 1 : 0;
      d.body.back() = ' ';
      EXPECT_EQ(d.check(*hooks).status, 401);
    }
    return taken;
  };
  EXPECT_EQ(check_some(0), 200);
  std::vector<std::future<int>> others;
  for (int t = 1; t <= 4; ++t) others.push_back(std::async(std::launch::async, check_some, t * 1000));
  for (auto& o : others) EXPECT_EQ(o.get(), 200);
}

TEST_F(HubSpotHooksTest, TheAgeIsBoundedBothWays) {
  EXPECT_EQ(Delivery{}.check(*hooks, sent + seconds(300)).status, 200);
  EXPECT_EQ(Delivery{}.check(*hooks, sent + milliseconds(300'001)).reason, "signature too old");
  EXPECT_EQ(Delivery{}.check(*hooks, sent - seconds(60)).status, 200);
  EXPECT_EQ(Delivery{}.check(*hooks, sent - milliseconds(60'001)).reason, "signature of the future");
  for (const auto* bad : {"-1700000000000", "1.7e12", " 1700000000000", "17000000000000000000000", "x"}) {
    Delivery d;
    d.headers["x-hubspot-request-timestamp"] = bad;
    EXPECT_EQ(d.check(*hooks).reason, "unreadable timestamp") << bad;
  }
}

TEST_F(HubSpotHooksTest, AnotherPortalIsRefused) {
  EXPECT_EQ(Delivery{}.check(*make_hooks({secret, "62515"})).status, 200);
  EXPECT_EQ(Delivery{}.check(*make_hooks({secret, "6251"})).status, 403);
}

TEST(HubSpotHooks, NeedASecret) {
  EXPECT_THROW((void)make_hooks({"", ""}), std::invalid_argument);
}

TEST_F(HubSpotHooksTest, EveryAttemptOfADeliveryHasTheSameKeyAndNothingElseHasIt) {
  const auto key = [&](const std::string& body) {
    const auto v = with_body(body).check(*hooks);
    EXPECT_EQ(v.status, 200) << body;
    return v.key;
  };
  const auto first = key("[" + event(1, 0) + "," + event(2, 0) + "]");
  EXPECT_EQ(key("[" + event(1, 3) + ", " + event(2, 3) + "]"), first);
  EXPECT_NE(key("[" + event(1, 0) + "]"), first);
  EXPECT_NE(key("[" + event(1, 0) + "," + event(3, 0) + "]"), first);
  EXPECT_NE(key("[" + event(1, 0, R"(,"fromObjectId":1)") + "," + event(2, 0) + "]"), first);
}

TEST_F(HubSpotHooksTest, ABodyIsAnArrayOfOneToAHundredEvents) {
  const auto many = [](int n) {
    std::string body = "[" + event(0, 0);
    for (int i = 1; i < n; ++i) body += "," + event(i, 0);
    return body + "]";
  };
  EXPECT_EQ(with_body(many(100)).check(*hooks).events, 100U);
  EXPECT_EQ(with_body(many(101)).check(*hooks).reason, "too many events");
  for (const auto* bad : {"", "{}", "[1]", "[{}", "[{}]]", "[{\"a\":tru}]", "null", "[[]]", "[{\"a\":\"\xff\"}]"}) {
    EXPECT_EQ(with_body(bad).check(*hooks).status, 400) << bad;
    EXPECT_EQ(with_body(bad).check(*hooks).reason, "not an array of events") << bad;
  }
  EXPECT_EQ(with_body(std::string(100'000, '[')).check(*hooks).status, 400);
  EXPECT_EQ(with_body("[{}]").check(*hooks).status, 200);  // nothing known in it: taken, and no hint comes of it
}

TEST_F(HubSpotHooksTest, HintsNameRecordsAsTheApiDoes) {
  EXPECT_EQ(split(creation), std::vector<std::string>{"contacts/123@1564113600000000"});
  EXPECT_EQ(split(R"([{"eventType":"company.propertyChange","objectId":"7","occurredAt":2},
                      {"subscriptionType":"object.propertyChange","objectTypeId":"0-3","objectId":8,"occurredAt":3},
                      {"subscriptionType":"object.deletion","objectTypeId":"2-99","objectId":9,"occurredAt":4}])"),
            (std::vector<std::string>{"companies/7@2000", "deals/8@3000", "2-99/9@4000"}));
}

TEST_F(HubSpotHooksTest, AMergeNamesAllItsRecords) {
  EXPECT_EQ(split(R"([{"subscriptionType":"deal.merge","objectId":1,"primaryObjectId":1,"mergedObjectIds":[2, 3],
                       "newObjectId":4,"numberOfPropertiesMoved":0,"occurredAt":5}])"),
            (std::vector<std::string>{"deals/1@5000", "deals/4@5000", "deals/2@5000", "deals/3@5000"}));
}

TEST_F(HubSpotHooksTest, AnAssociationNamesBothEnds) {
  EXPECT_EQ(
      split(R"([{"subscriptionType":"deal.associationChange","associationType":"DEAL_TO_LINE_ITEM","fromObjectId":1,
                       "toObjectId":2,"associationRemoved":false,"occurredAt":6}])"),
      (std::vector<std::string>{"deals/1@6000", "line_items/2@6000"}));
}

TEST_F(HubSpotHooksTest, WhatIsNotKnownIsLeftOut) {
  EXPECT_EQ(split(R"([{"subscriptionType":"conversation.creation","objectId":1},{"objectId":2},{},
                      {"subscriptionType":"deal.creation","objectId":"x"},{"subscriptionType":"deal.creation","objectId":null},
                      {"subscriptionType":"deal.creation","objectId":-4},{"subscriptionType":"deal.creation"}])"),
            std::vector<std::string>{});
  EXPECT_TRUE(hooks->split("nonsense").has_error());
  EXPECT_TRUE(hooks->split(R"([{"a":1})").has_error());
  EXPECT_TRUE(hooks->split(R"([1])").has_error());
  EXPECT_TRUE(hooks->split("").has_error());
}

}  // namespace
}  // namespace coachd::hubspot
