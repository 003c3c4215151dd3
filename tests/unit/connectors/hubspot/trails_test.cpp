// What HubSpot writes down beside records, against answers written down here: orders that it does not promise, logs
// that do not reach back, tokens and scopes.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/trails.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"
#include "tests/unit/connectors/scripted.hpp"

namespace coachd::hubspot {
namespace {

using namespace std::chrono_literals;
using connectors::Trail;
using model::Failure;
using testing_net::Exchange;
using testing_net::ScriptedClient;

model::Instant at(const char* text) {
  return *model::parse_instant(text);
}

std::string sign_in(const char* when, bool good = true) {
  return std::string(R"({"id":"1","userId":9586504,"loginAt":")") + when + R"(","loginSucceeded":)" +
         (good ? "true" : "false") + R"(,"ipAddress":"198.51.100.7"})";
}
std::string security(const char* when, const char* type) {
  return std::string(R"({"id":"1","userId":9586504,"createdAt":")") + when + R"(","type":")" + type + R"("})";
}
std::string results(const std::string& rows, const std::string& after = "") {
  return R"({"results":[)" + rows + "]" + (after.empty() ? "" : R"(,"paging":{"next":{"after":")" + after + R"("}})") +
         "}";
}
constexpr const char* missing_scope =
    R"({"status":"error","message":"no","category":"MISSING_SCOPES","errors":[{"message":"m","context":{"requiredGranularScopes":["account-info.security.read"]}}]})";

class HubSpotTrails : public testing::Test {
 protected:
  ScriptedClient client;
  boost::asio::io_context io;
  std::unique_ptr<connectors::Connector> connector;
  const model::Instant since = at("2026-02-20T00:00:00Z");

  void SetUp() override {
    Options options;
    options.token = "pat-na1-x";
    options.budget.share = 1.0;
    options.retry = {.attempts = 1, .first_wait = 1ms, .longest_wait = 1ms, .total = 1s};
    connector = make_hubspot(io.get_executor(), client, std::move(options));
    then({"/account-info/2026-03/details", 200,
          R"({"portalId":62515,"accountType":"STANDARD","timeZone":"UTC","utcOffsetMilliseconds":0})"});
  }
  void TearDown() override { EXPECT_TRUE(client.script.empty()) << client.script.front().expect; }
  void then(Exchange exchange) { client.script.push_back(std::move(exchange)); }
  void people() {
    then({"/crm/owners/2026-03?limit=100&archived=false", 200,
          R"({"results":[{"id":"41629779","email":"ann@acme.example","type":"PERSON","userId":9586504}]})"});
    then({"/crm/owners/2026-03?limit=100&archived=true", 200, R"({"results":[]})"});
  }
  connectors::Result<connectors::TrailPage> tell(Trail trail, std::string cursor = {}) {
    return testing_net::run(io, connector->trail({trail, since, {"deals"}, std::move(cursor)}));
  }
};

TEST_F(HubSpotTrails, TheNewestFirstEndWhereTheOldOnesBegin) {
  people();
  then({"/account-info/2026-03/activity/login?limit=200", 200,
        results(sign_in("2026-03-01T10:00:00Z") + "," + sign_in("2026-02-25T10:00:00Z", false) + "," +
                    sign_in("2026-02-19T10:00:00Z"),
                "more")});
  const auto page = tell(Trail::logins);
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_FALSE(page->more);
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].person.get(), "41629779");
  EXPECT_EQ(page->rows[0].at, at("2026-03-01T10:00:00Z"));
  EXPECT_EQ(page->known_since, since);
  // The next one goes on an hour before this one began.
  then({"/activity/login?limit=200", 200,
        results(sign_in("2026-03-02T07:30:00Z") + "," + sign_in("2026-03-02T06:30:00Z"), "more")});
  const auto next = tell(Trail::logins, page->next);
  ASSERT_TRUE(next);
  EXPECT_FALSE(next->more);
  EXPECT_EQ(next->rows.size(), 1u);
  EXPECT_EQ(next->known_since, std::nullopt);
}

TEST_F(HubSpotTrails, InAnotherOrderAllPagesAreRead) {
  people();
  then({"/activity/login?limit=200", 200,
        results(sign_in("2026-01-01T10:00:00Z") + "," + sign_in("2026-01-02T10:00:00Z"), "p 2")});
  auto page = tell(Trail::logins);
  ASSERT_TRUE(page);
  ASSERT_TRUE(page->more) << "the old ones come first: the new ones follow";
  then({"/activity/login?limit=200&after=p 2", 200, results(sign_in("2026-03-01T10:00:00Z"))});
  page = tell(Trail::logins, page->next);
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->more);
  EXPECT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->known_since, since);
}

TEST_F(HubSpotTrails, AMissingScopeIsSaidAndAnEndedTokenIsNot) {
  people();
  then({"/activity/login", 403, missing_scope});
  const auto page = tell(Trail::logins);
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->why_not, "HubSpot shows sign-ins only with the scope account-info.security.read");
  then({"/activity/login", 401, R"({"status":"error","category":"INVALID_AUTHENTICATION","message":"no"})"});
  const auto refused = tell(Trail::logins);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, Failure::auth);
}

TEST_F(HubSpotTrails, ExportsAreKnownAsFarBackAsTheLogReaches) {
  people();
  then({"/activity/security?limit=1&toTimestamp=1771545600000", 200, results("")});
  then(
      {"/activity/security?limit=200&fromTimestamp=1771545600000", 200,
       results(security("2026-03-01T10:00:00Z", "EXPORT") + "," + security("2026-02-27T10:00:00Z", "ADD_USER"), "p2")});
  auto page = tell(Trail::exports);
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_TRUE(page->more);
  EXPECT_EQ(page->rows.size(), 1u);
  then({"&fromTimestamp=1771545600000&after=p2", 200, results(security("2026-02-28T10:00:00Z", "EXPORT_DOWNLOAD"))});
  page = tell(Trail::exports, page->next);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->known_since, at("2026-02-27T10:00:00Z")) << "nothing says that it reaches back further";
}

// The daemon was away for longer than the logs reach back.
TEST_F(HubSpotTrails, AHoleIsNotTakenForSilence) {
  people();
  const auto away = [](const std::string& trail) {
    return R"({"v":1,"of":")" + trail + R"(","mark":"2025-10-01T00:00:00Z"})";
  };
  then({"/activity/login", 200, results(sign_in("2026-03-01T10:00:00Z"))});
  auto page = tell(Trail::logins, away("logins"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->known_since, at("2025-12-02T08:00:00Z")) << "90 days";
  then({"/activity/security?limit=1&toTimestamp=", 200, results("")});
  then({"/activity/security?limit=200", 200, results(security("2026-02-27T10:00:00Z", "EXPORT"))});
  page = tell(Trail::exports, away("exports"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->known_since, at("2026-02-27T10:00:00Z"));
}

TEST_F(HubSpotTrails, PropertiesTellWhoMadeAndWhoChangedThem) {
  people();
  then({"/crm/properties/2026-03/deals?archived=false", 200,
        results(R"({"name":"champion","createdAt":"2026-02-21T10:00:00Z","createdUserId":"9586504",)"
                R"("updatedAt":"2026-02-22T10:00:00Z","updatedUserId":"9586504"},)"
                R"({"name":"risk","createdAt":"2026-01-01T10:00:00Z","createdUserId":"9586504",)"
                R"("updatedAt":"2026-02-23T10:00:00Z"})")});
  then({"/crm/properties/2026-03/deals?archived=true", 200, results("")});
  const auto page = tell(Trail::setup);
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 2u) << "who changed `risk` is not told";
  for (const auto& row : page->rows) {
    EXPECT_EQ(row.person.get(), "41629779");
    EXPECT_EQ(row.object, "deals");
    EXPECT_EQ(row.field, "champion");
  }
  EXPECT_TRUE(page->known_since);
}

TEST_F(HubSpotTrails, FilesHaveNoNames) {
  const auto page = tell(Trail::files);
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->why_not.empty());
}

}  // namespace
}  // namespace coachd::hubspot
