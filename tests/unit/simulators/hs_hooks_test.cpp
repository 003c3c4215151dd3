// Webhooks: signatures against the vendor's vectors, what becomes an event, how bodies are gathered and sent again.
#include "tests/simulators/hs_hooks.hpp"

#include <chrono>
#include <map>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>
#include <utility>

#include "tests/simulators/hs_writes.hpp"
#include "tests/unit/simulators/hs_support.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using steady = std::chrono::steady_clock;

constexpr auto secret = "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy";
constexpr auto body_a =
    R"([{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}])";

TEST(HsSignature, EqualsTheVendorsVectors) {
  EXPECT_EQ(signature_v1(secret, body_a), "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de");
  EXPECT_EQ(signature_v3(secret, "POST", "https://www.example.com/webhook_uri", R"({"example_field":"example_value"})",
                         "1700000000000"),
            "rQEKkaNUiu+1qGF//O/pw4BCzstSqO1PyUnGICmf+7o=");
  EXPECT_EQ(signature_v3(secret, "POST", "https://hooks.example.com/hubspot/target", body_a, "1700000000000"),
            "a1ohJyD2ii5XX5ke7AzBlc1abs48j9rpaB3x31zwFkw=");
  const auto uri = signed_uri("https://hooks.example.com/card?userEmail=a%40b.com&q=x%3Ay%2Fz%2C1%3B2&u=%20%26");
  EXPECT_EQ(uri, "https://hooks.example.com/card?userEmail=a@b.com&q=x:y/z,1;2&u=%20%26");
  EXPECT_EQ(signature_v3(secret, "GET", uri, "", "1700000000000"), "n3yOVK24edAt7gskSGkNCGWMU4APfJEEtTkz02J/2Tk=");
  EXPECT_EQ(signature_v3("secret-1", "POST", "https://hooks.example.com/hubspot/target",
                         R"([{"objectId":9007199254740993,"propertyValue":"Zoë – ü"}])", "1700000000000"),
            "lVOLr3luhRo6BneLleHsQ8PJeTAHEGVmFrytbXLcjz4=");
}

struct hooked_portal : bench_portal {
  hooked_portal() {
    hooks.aim("https://coach.example.com/v1/hooks/acme");
    writes.watch([this](const hs_written& w) { hooks.note(w); });
  }
  hs_hooks hooks{records, faults};
  steady::time_point at = steady::now();
};

TEST(HsHooks, TellChangesOfSubscribedPropertiesByPeopleAndByTheApi) {
  hooked_portal p;
  const auto id = p.deal();
  p.change(id, "hs_next_step", "Zoë – ü \"quoted\"");
  ASSERT_EQ(
      p.call("PATCH", "/crm/v3/objects/deals/" + id, R"({"properties":{"amount":"77","description":"x"}})").status,
      200);
  const auto bodies = p.hooks.take(p.at);
  ASSERT_EQ(bodies.size(), 1U);
  const auto r = p.hooks.request(bodies[0], std::chrono::system_clock::time_point{1700000000000ms});
  const auto events = boost::json::parse(r.body).as_array();
  ASSERT_EQ(events.size(), 2U);  // the description is not subscribed
  EXPECT_EQ(events[0].at("propertyName").as_string(), "hs_next_step");
  EXPECT_EQ(events[0].at("propertyValue").as_string(), "Zoë – ü \"quoted\"");
  EXPECT_EQ(events[0].at("changeSource").as_string(), "CRM_UI");
  EXPECT_EQ(std::to_string(events[0].at("objectId").as_int64()), id);
  EXPECT_EQ(events[0].at("occurredAt").as_int64(), 1772438400000);
  EXPECT_EQ(events[1].at("changeSource").as_string(), "INTEGRATION");
  EXPECT_EQ(events[1].at("propertyValue").as_string(), "77");
  std::map<std::string, std::string> headers{r.headers.begin(), r.headers.end()};
  EXPECT_EQ(headers["X-HubSpot-Request-Timestamp"], "1700000000000");
  EXPECT_EQ(headers["X-HubSpot-Signature"], signature_v1(hook_secret, r.body));
  EXPECT_EQ(headers["X-HubSpot-Signature-v3"],
            signature_v3(hook_secret, "POST", "https://coach.example.com/v1/hooks/acme", r.body, "1700000000000"));
}

TEST(HsHooks, TellCreationAndDeletionAndNothingOfATask) {
  hooked_portal p;
  const auto made =
      p.call("POST", "/crm/v3/objects/deals", R"({"properties":{"dealname":"New","dealstage":"closedwon"}})");
  const std::string id{made.body.at("id").as_string()};
  (void)p.call("POST", "/crm/v3/objects/tasks", R"({"properties":{"hs_timestamp":"1772553600000"}})");
  ASSERT_EQ(p.call("DELETE", "/crm/v3/objects/deals/" + id).status, 204);
  const auto bodies = p.hooks.take(p.at);
  ASSERT_EQ(bodies.size(), 1U);
  const auto text = p.hooks.request(bodies[0], {}).body;
  EXPECT_EQ(times(text, R"("subscriptionType":"deal.creation")"), 1U);
  EXPECT_EQ(times(text, R"("subscriptionType":"deal.deletion")"), 1U);
  EXPECT_EQ(times(text, "task"), 0U);
}

TEST(HsHooks, TellAMergeWhoseOldIdLeadsToThePrimaryRecord) {
  hooked_portal p;
  const auto kept = p.deal(0);
  const auto other = p.deal(1);
  ASSERT_EQ(p.call("POST", "/crm/v3/objects/deals/merge",
                   fmt::format(R"({{"primaryObjectId":"{}","objectIdToMerge":"{}"}})", kept, other))
                .status,
            200);
  EXPECT_EQ(p.property("deals", kept, "hs_merged_object_ids"), other);
  EXPECT_EQ(p.call("GET", "/crm/v3/objects/deals/" + other).body.at("id").as_string(), kept);
  EXPECT_EQ(
      p.call("POST", "/crm/v3/objects/deals/batch/read", fmt::format(R"({{"inputs":[{{"id":"{}"}}]}})", other)).status,
      207);
  const auto text = p.hooks.request(p.hooks.take(p.at).at(0), {}).body;
  EXPECT_THAT(text, HasSubstr(fmt::format(R"("primaryObjectId":{},"mergedObjectIds":[{}])", kept, other)));
}

TEST(HsHooks, GatherUpToAHundredKeepTenInFlightAndSendAgainUntilGivenUp) {
  hooked_portal p;
  const auto id = p.deal();
  for (int i = 0; i < 1250; ++i) p.change(id, "amount", std::to_string(i + 1));
  auto out = p.hooks.take(p.at);
  ASSERT_EQ(out.size(), 10U);
  for (const auto& b : out) EXPECT_EQ(b.events.size(), 100U);
  EXPECT_TRUE(p.hooks.take(p.at).empty());
  for (auto& b : out) p.hooks.done(std::move(b), true, p.at);
  out = p.hooks.take(p.at);
  ASSERT_EQ(out.size(), 3U);
  EXPECT_EQ(out[2].events.size(), 50U);
  p.hooks.done(std::move(out[0]), true, p.at);
  p.hooks.done(std::move(out[1]), true, p.at);
  auto last = std::move(out[2]);
  for (int attempt = 1; attempt <= 10; ++attempt) {
    p.hooks.done(std::move(last), false, p.at);
    EXPECT_TRUE(p.hooks.take(p.at).empty());
    p.at += 10s;
    auto again = p.hooks.take(p.at);
    ASSERT_EQ(again.size(), 1U);
    last = std::move(again[0]);
    EXPECT_THAT(p.hooks.request(last, {}).body, HasSubstr(R"("attemptNumber":)" + std::to_string(attempt)));
  }
  p.hooks.done(std::move(last), false, p.at);
  const auto c = p.hooks.counts();
  EXPECT_EQ(c.events, 1250U);
  EXPECT_EQ(c.accepted, 12U);
  EXPECT_EQ(c.refused, 11U);
  EXPECT_EQ(c.retried, 10U);
  EXPECT_EQ(c.given_up, 1U);
  EXPECT_EQ(c.waiting, 0U);
}

TEST(HsHooks, FaultsOfTheWay) {
  hooked_portal p;
  const auto id = p.deal();
  int n = 0;
  const auto next = [&](const char* fault) {
    EXPECT_TRUE(p.faults.set(fault, {1, 1, {}})) << fault;
    p.change(id, "amount", std::to_string(100000 + n++));
    p.change(id, "champion", "Zoe " + std::to_string(n));
    return p.hooks.take(p.at);
  };
  EXPECT_TRUE(next("hook-drop").empty());
  EXPECT_EQ(p.hooks.counts().dropped, 1U);
  EXPECT_EQ(next("hook-double").size(), 2U);
  const auto shuffled = next("hook-shuffle");
  EXPECT_THAT(shuffled.at(0).events.at(0), HasSubstr("champion"));
  EXPECT_TRUE(next("hook-late").empty());
  p.at += 6s;
  EXPECT_EQ(p.hooks.take(p.at).size(), 1U);
  const std::chrono::system_clock::time_point now{1700000000000ms};
  const auto stamp = [&](const hook_body& b) {
    const auto r = p.hooks.request(b, now);
    const std::map<std::string, std::string> h{r.headers.begin(), r.headers.end()};
    return h.at("X-HubSpot-Request-Timestamp");
  };
  EXPECT_EQ(stamp(next("hook-old").at(0)), "1699999400000");
  EXPECT_EQ(stamp(next("hook-future").at(0)), "1700000600000");
  const auto wrong = p.hooks.request(next("hook-bad-signature").at(0), now);
  EXPECT_NE(wrong.headers[3].second,
            signature_v3(hook_secret, "POST", "https://coach.example.com/v1/hooks/acme", wrong.body, "1700000000000"));
}

}  // namespace
}  // namespace coachd::sim
