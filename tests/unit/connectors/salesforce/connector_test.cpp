// The connector against answers written down here, for what a whole simulated organisation does not do: moves, hidden
// fields, merges, history without values, time-outs of queries, limits.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/salesforce/session.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/unit/connectors/scripted.hpp"

namespace coachd::salesforce {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using model::Failure;
using model::Value;
using testing_net::Exchange;
using testing_net::ScriptedClient;

std::string token(const std::string& instance) {
  return R"({"access_token":"00Dx!AR8","instance_url":")" + instance +
         R"(","id":"https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU","token_type":"Bearer","issued_at":"1278448832702","signature":"s="})";
}

const std::string fields =
    R"({"name":"Id","type":"id","length":18,"nillable":false},{"name":"IsDeleted","type":"boolean","length":0,"nillable":false},)"
    R"({"name":"MasterRecordId","type":"reference","length":18,"nillable":true,"relationshipName":"MasterRecord","referenceTo":["Account"]},)"
    R"({"name":"CreatedDate","type":"datetime","length":0,"nillable":false},{"name":"SystemModstamp","type":"datetime","length":0,"nillable":false},)"
    R"({"name":"OwnerId","type":"reference","length":18,"nillable":false,"relationshipName":"Owner","referenceTo":["User"]},)"
    R"({"name":"BillingAddress","type":"address","length":0,"nillable":true},{"name":"Name","type":"string","length":255,"nillable":false})";
std::string described(const std::string& more = "") {
  return R"({"name":"Account","label":"Account","createable":true,"fields":[)" + fields + more + "]}";
}
const std::string notes = R"(,{"name":"Notes__c","type":"textarea","length":32000,"nillable":true,"custom":true})";
const std::string none = R"({"totalSize":0,"done":true,"records":[]})";

std::string records(const std::string& rows) {
  return R"({"totalSize":1,"done":true,"records":[)" + rows + "]}";
}
std::string account(const std::string& id, const std::string& more = "") {
  return R"({"attributes":{"type":"Account"},"Id":")" + id +
         R"(","SystemModstamp":"2026-03-01T10:00:00.000+0000","CreatedDate":"2026-01-01T10:00:00.000+0000","IsDeleted":false,"MasterRecordId":null,"Name":"A")" +
         more + "}";
}

class ConnectorTest : public testing::Test {
 protected:
  ScriptedClient client;
  asio::io_context io;
  std::unique_ptr<connectors::Connector> connector;

  void SetUp() override {
    Options options;
    options.login = "https://acme.my.salesforce.com/";
    options.client_id = "id";
    options.client_secret = "secret+/=";
    options.retry = {.attempts = 3, .first_wait = 1ms, .longest_wait = 1ms, .total = 1s};
    connector = make_salesforce(io.get_executor(), client, options);
    client.always.push_back({"Sforce-Limit-Info", "api-usage=18/15000"});
  }
  void TearDown() override { EXPECT_TRUE(client.script.empty()) << client.script.front().expect; }

  template <class T>
  connectors::Result<T> run(connectors::Task<T> task) {
    return testing_net::run(io, std::move(task));
  }
  void sign_in(const std::string& instance = "https://a1.my.salesforce.com") {
    client.script.push_back({"POST https://acme.my.salesforce.com/services/oauth2/token", 200, token(instance)});
  }
  void then(Exchange exchange) { client.script.push_back(std::move(exchange)); }
};

TEST_F(ConnectorTest, TheAddressIsReadAgainWithEveryToken) {
  sign_in("https://a1.my.salesforce.com");
  then({"GET https://a1.my.salesforce.com/services/data/v66.0/sobjects/Account/describe", 200, described()});
  then({"GET https://a1.my.salesforce.com/services/data/v66.0/queryAll", 401,
        R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])"});
  sign_in("https://a2.my.salesforce.com");
  then({"GET https://a2.my.salesforce.com/services/data/v66.0/queryAll", 200, none});
  EXPECT_TRUE(run(connector->read({"Account", {"Name"}, ""})));
}

TEST_F(ConnectorTest, AMergedRecordNamesItsSurvivor) {
  sign_in();
  then({"describe", 200, described()});
  then(
      {"SELECT Id, SystemModstamp, CreatedDate, IsDeleted, MasterRecordId, Name FROM Account ORDER BY Id ASC LIMIT "
       "2000",
       200,
       records(
           R"({"Id":"001x00000000001","SystemModstamp":"2026-03-01T10:00:00.000+0000","IsDeleted":true,"MasterRecordId":"001x00000000002","Name":"A"})")});
  const auto page = run(connector->read({"Account", {"Name", "BillingAddress"}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_TRUE(page->rows[0].deleted);
  EXPECT_EQ(page->rows[0].id.get().size(), 18u);
  EXPECT_EQ(page->rows[0].merged_into.get().substr(0, 15), "001x00000000002");
  EXPECT_TRUE(page->rows[0].values[1].view().is_unread()) << "a compound field is not read";
  EXPECT_FALSE(page->more);
}

TEST_F(ConnectorTest, AfterTheLoadChangesAreReadByTheirStamp) {
  sign_in();
  then({"describe", 200, described()});
  then({"Name FROM Account ORDER BY Id ASC LIMIT 2000", 200, records(account("001x00000000001AAA"))});
  const auto load = run(connector->read({"Account", {"Name"}, ""}));
  ASSERT_TRUE(load) << load.error().what;
  EXPECT_TRUE(load->first_load);
  then(
      {"FROM Account WHERE SystemModstamp >= 2026-03-02T07:49:59Z AND SystemModstamp <= 2026-03-02T07:59:59Z ORDER BY "
       "SystemModstamp ASC, Id ASC LIMIT 2000",
       200, none});
  const auto changes = run(connector->read({"Account", {"Name"}, load->next}));
  ASSERT_TRUE(changes) << changes.error().what;
  EXPECT_FALSE(changes->first_load);
}

TEST_F(ConnectorTest, AFieldHiddenMeanwhileIsReadNoMore) {
  sign_in();
  then({"describe", 200, described(notes)});
  then({"Notes__c, Name FROM", 400,
        R"([{"message":"No such column 'Notes__c' on entity 'Account'","errorCode":"INVALID_FIELD"}])"});
  then({"describe", 200, described()});
  then({"Name FROM", 200, records(account("001x00000000001AAA"))});
  const auto page = run(connector->read({"Account", {"Notes__c", "Name"}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_TRUE(page->rows[0].values[0].view().is_unread());
  EXPECT_EQ(page->rows[0].values[1].view(), Value::text("A"));
}

TEST_F(ConnectorTest, AQueryThatTakesTooLongAsksForLess) {
  sign_in();
  then({"describe", 200, described()});
  for (int i = 0; i < 3; ++i)
    then({"LIMIT 2000", 400,
          R"([{"message":"Your query request was running for too long.","errorCode":"QUERY_TIMEOUT"}])"});
  then({"LIMIT 500", 200, none});
  EXPECT_TRUE(run(connector->read({"Account", {"Name"}, ""})));
}

TEST_F(ConnectorTest, ManyFieldsAreRefusedBeforeTheLineIsTooLong) {
  std::string many;
  std::vector<std::string> columns;
  for (int i = 0; i < 600; ++i) {
    columns.push_back("A_Field_With_A_Long_Name_" + std::to_string(i) + "__c");
    many += R"(,{"name":")" + columns.back() + R"(","type":"string","length":10,"nillable":true})";
  }
  sign_in();
  then({"describe", 200, described(many)});
  const auto page = run(connector->read({"Account", columns, ""}));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::permanent);
}

TEST_F(ConnectorTest, HistoryWithoutValuesIsAChangeOfUnknownContent) {
  sign_in();
  then({"describe", 200, described(notes)});
  const auto row = [](const std::string& id, const std::string& field, const std::string& from, const std::string& to,
                      const std::string& type) {
    return R"({"Id":")" + id + R"(","AccountId":"001x00000000001AAA","Field":")" + field + R"(","OldValue":)" + from +
           R"(,"NewValue":)" + to + R"(,"DataType":")" + type +
           R"(","CreatedById":"005x00000012Q9PAAU","CreatedDate":"2026-02-01T10:00:00.000+0000"})";
  };
  then(
      {"SELECT Id, AccountId, Field, OldValue, NewValue, DataType, CreatedById, CreatedDate FROM AccountHistory WHERE "
       "CreatedDate <= ",
       200,
       records(row("017x00000000001AAA", "created", "null", "null", "Text") + "," +
               row("017x00000000002AAA", "Notes__c", "null", "null", "Text") + "," +
               row("017x00000000003AAA", "Owner", "\"Ann\"", "\"Ben\"", "Text") + "," +
               row("017x00000000004AAA", "Owner", "\"005x00000012Q9PAAU\"", "\"005x00000012Q9QAAU\"", "EntityId") +
               "," + row("017x00000000005AAA", "Name", "null", "\"B\"", "Text"))});
  then({"SELECT Id, CreatedDate FROM AccountHistory ORDER BY CreatedDate ASC, Id ASC LIMIT 1", 200,
        records(R"({"Id":"017x00000000001AAA","CreatedDate":"2025-02-01T10:00:00.000+0000"})")});
  const auto page = run(connector->history({"Account", {}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 3u);
  EXPECT_EQ(page->rows[0].field, "Notes__c");
  EXPECT_TRUE(page->rows[0].row.from.view().is_unread());
  EXPECT_TRUE(page->rows[0].row.to.view().is_unread());
  EXPECT_EQ(page->rows[1].field, "OwnerId");
  EXPECT_EQ(page->rows[1].row.to.view(), Value::text("005x00000012Q9QAAU"));
  EXPECT_EQ(page->rows[2].field, "Name");
  EXPECT_TRUE(page->rows[2].row.from.view().is_blank());
  EXPECT_EQ(page->complete_since, model::parse_instant("2025-02-01T10:00:00Z"));
}

TEST_F(ConnectorTest, TheShareOfTheApiIsKept) {
  sign_in();
  then({"describe",
        200,
        described(),
        {{"Sforce-Limit-Info",
          "api-usage=18/20; per-app-api-usage=17/250(appName=coachd)"}}});  // our share: 4 calls, 3 of them for reading
  for (int i = 0; i < 3; ++i) then({"queryAll", 200, none, {{"Sforce-Limit-Info", "api-usage=18/20"}}});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(run(connector->read({"Account", {"Name"}, ""}))) << i;
  const auto page = run(connector->read({"Account", {"Name"}, ""}));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::throttled);
  EXPECT_GT(page.error().retry_after_us, 0);
}

TEST_F(ConnectorTest, OptionalColumnsThatAnOrganisationLacksAreLeftOut) {
  sign_in();
  const auto lacks = [](const std::string& column) {
    return R"([{"message":"\nSELECT ..\n^\nERROR at Row:1:Column:20\nNo such column ')" + column +
           R"(' on entity 'Organization'.","errorCode":"INVALID_FIELD"}])";
  };
  then({"DefaultCurrencyIsoCode FROM Organization", 400, lacks("DefaultCurrencyIsoCode")});
  then(
      {"SELECT Id, Name, IsSandbox, TimeZoneSidKey, FiscalYearStartMonth FROM Organization", 200,
       records(
           R"({"Id":"00Dx0000000BV7zEAG","Name":"Acme","IsSandbox":true,"TimeZoneSidKey":"Europe/Berlin","FiscalYearStartMonth":2})")});
  then({"FROM User", 400,
        R"([{"message":"Didn't understand relationship 'Profile' in field path.","errorCode":"INVALID_FIELD"}])"});
  then(
      {"FROM User", 200,
       records(
           R"({"Id":"005x00000012Q9PAAU","Name":"coachd","Email":"c@acme.example","Username":"c","IsActive":true,"UserType":"Standard","LocaleSidKey":"de_DE"})")});
  const auto description = run(connector->describe({}));
  ASSERT_TRUE(description) << description.error().what;
  EXPECT_TRUE(description->sandbox);
  EXPECT_EQ(description->fiscal_year_start_month, 2);
  EXPECT_EQ(description->people.at(model::PersonId("005x00000012Q9PAAU")).language, "de");
  EXPECT_FALSE(description->people.at(model::PersonId("005x00000012Q9PAAU")).human) << "coachd's own user";
}

TEST_F(ConnectorTest, ATruncatedAnswerIsAskedForOnceMore) {
  sign_in();
  then({"describe", 200, described()});
  const std::string cut = R"({"totalSize":1,"done":true,"records":[{"Id":"00)";
  then({"queryAll", 200, cut});
  then({"queryAll", 200, none});
  EXPECT_TRUE(run(connector->read({"Account", {"Name"}, ""})));
  then({"queryAll", 200, cut});
  then({"queryAll", 200, cut});
  const auto page = run(connector->read({"Account", {"Name"}, ""}));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::corrupt);
}

TEST_F(ConnectorTest, WhatIsNotInTheTableIsNotSent) {
  Options options;
  options.login = "https://acme.my.salesforce.com";
  Session session(io.get_executor(), client, options);
  for (const Call& call : {Call{"PATCH", "/services/data/v66.0/sobjects/Opportunity/006000000000001AAA", "{}"},
                           Call{"POST", "/services/data/v66.0/composite/sobjects",
                                R"({"records":[{"attributes":{"type":"Opportunity"},"Amount":1}]})"},
                           Call{"DELETE", "/services/data/v66.0/composite/sobjects?ids=006000000000001AAA"}}) {
    const auto answer = run(session.call(call));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::permanent);
  }
  EXPECT_TRUE(client.seen.empty());
}

/// Never answers: its caller is left suspended.
class SilentClient final : public net::Client {
 public:
  explicit SilentClient(asio::io_context& io) : timer_(io, asio::steady_timer::time_point::max()) {}
  asio::awaitable<net::Result<net::Response>> send(net::Request) override {
    co_await timer_.async_wait(asio::use_awaitable);
    co_return net::Error{net::errc::cancelled, "given up", false};
  }

 private:
  asio::steady_timer timer_;
};

TEST(ConnectorEnd, TheConnectorMayGoBeforeACallerThatStillWaits) {
  asio::io_context loop;  // destroys the suspended frames, last of all
  SilentClient silent(loop);
  Options options;
  options.login = "https://acme.my.salesforce.com";
  auto connector = make_salesforce(loop.get_executor(), silent, options);
  bool called = false;
  for (int i = 0; i < 2; ++i)
    asio::co_spawn(loop, connector->own_prompts("", {}),
                   [&](const std::exception_ptr&, const connectors::Result<connectors::FoundPage>&) { called = true; });
  loop.poll();
  connector.reset();
  EXPECT_FALSE(called);
}

TEST_F(ConnectorTest, FormFieldsOfTheSignInAreEncoded) {
  then({"POST", 400, R"({"error":"invalid_client","error_description":"invalid client credentials"})"});
  EXPECT_FALSE(run(connector->read({"Account", {"Name"}, ""})));
  EXPECT_EQ(client.bodies.at(0), "grant_type=client_credentials&client_id=id&client_secret=secret%2B%2F%3D");
}

}  // namespace
}  // namespace coachd::salesforce
