#include "tests/simulators/sf_rest.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/http_server.hpp"
#include "tests/simulators/ledger.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using testing::HasSubstr;

std::string header_of(const http_reply& r, std::string_view name) {
  for (const auto& [key, v] : r.headers) {
    if (key == name) return v;
  }
  return {};
}

http_reply sign_in(bench_org& b, const std::string& body, const std::string& basic = "") {
  http_request r{"POST", "/services/oauth2/token", {{"host", "sim"}}, body};
  if (!basic.empty()) r.headers["authorization"] = "Basic " + basic;
  return b.rest.handle(r);
}

TEST(SfSignIn, TakesTheFixedCredentialsAndRefusesOthersInTheVendorsWords) {
  bench_org b;
  const auto good = sign_in(b, "grant_type=client_credentials&client_id=coachd-sim&client_secret=coachd-sim-secret");
  EXPECT_EQ(good.status, 200);
  EXPECT_THAT(good.body, HasSubstr(R"("instance_url":"http://sim")"));
  EXPECT_EQ(good.body.find("expires_in"), std::string::npos);
  // base64 of coachd-sim:coachd-sim-secret
  EXPECT_EQ(sign_in(b, "grant_type=client_credentials", "Y29hY2hkLXNpbTpjb2FjaGQtc2ltLXNlY3JldA==").status, 200);
  const auto secret = sign_in(b, "grant_type=client_credentials&client_id=coachd-sim&client_secret=wrong");
  EXPECT_EQ(secret.status, 400);
  EXPECT_EQ(secret.body, R"({"error":"invalid_client","error_description":"invalid client credentials"})");
  EXPECT_THAT(sign_in(b, "grant_type=client_credentials&client_id=x&client_secret=coachd-sim-secret").body,
              HasSubstr("invalid_client_id"));
  EXPECT_THAT(sign_in(b, "grant_type=password").body, HasSubstr("unsupported_grant_type"));
}

TEST(SfRest, AnswersCarryTheSimulatedTimeAndTheLimits) {
  bench_org b;
  const auto r = b.query("SELECT Id FROM User LIMIT 1");
  EXPECT_EQ(header_of(r, "Date"), "Mon, 02 Mar 2026 08:00:00 GMT");
  EXPECT_EQ(header_of(r, "Content-Type"), "application/json;charset=UTF-8");
  EXPECT_EQ(header_of(r, "Sforce-Limit-Info"), "api-usage=1/1000000");
}

TEST(SfRest, RefusesForeignAndEndedSessions) {
  bench_org b;
  const auto good = b.token;
  b.token = "nobody";
  const auto r = b.query("SELECT Id FROM User");
  EXPECT_EQ(r.status, 401);
  EXPECT_EQ(r.body, R"([{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}])");
  b.token = good;
  EXPECT_EQ(b.query("SELECT Id FROM User").status, 200);
  b.rest.end_sessions();
  EXPECT_EQ(b.query("SELECT Id FROM User").status, 401);
}

TEST(SfRest, CompressesWhenAsked) {
  bench_org b;
  const auto r = b.query("SELECT Id, Name FROM User", {{"accept-encoding", "gzip, deflate"}});
  EXPECT_EQ(header_of(r, "Content-Encoding"), "gzip");
  ASSERT_GT(r.body.size(), 2U);
  EXPECT_EQ(r.body.substr(0, 2), "\x1f\x8b");
}

TEST(SfQuery, ErrorsHaveTheVendorsCodes) {
  bench_org b;
  const auto code = [&](std::string_view q) { return between(b.query(q).body, R"("errorCode":")"); };
  EXPECT_EQ(code("SELECT Nonsense__c FROM Opportunity"), "INVALID_FIELD");
  EXPECT_EQ(code("SELECT Id FROM Nonsense"), "INVALID_TYPE");
  EXPECT_EQ(code("SELECT Id FROM Opportunity WHERE SystemModstamp > '2026-01-01T00:00:00Z'"), "MALFORMED_QUERY");
  EXPECT_EQ(code("SELECT Id FROM Opportunity WHERE IsClosed > true"), "INVALID_QUERY_FILTER_OPERATOR");
  EXPECT_EQ(code("SELECT Id FROM OpportunityFieldHistory WHERE NewValue = 'x'"), "INVALID_FIELD");
  EXPECT_EQ(code("SELECT Id FROM Opportunity WHERE Id = 'short'"), "INVALID_QUERY_FILTER_OPERATOR");
  EXPECT_EQ(code("SELECT Owner.Nonsense FROM Opportunity"), "INVALID_FIELD");
  EXPECT_EQ(between(b.call("GET", "/query/01gSm0000000009IAA-2000").body, R"("errorCode":")"), "INVALID_QUERY_LOCATOR");
  EXPECT_EQ(b.query("SELECT Id FROM Opportunity WHERE Name = '" + std::string(3999, '/') + "' OR Name = '" +
                    std::string(3999, '/') + "'")
                .status,
            414);
}

TEST(SfQuery, ComparesAsTheVendorDoes) {
  bench_org b;
  const auto id = b.plain_opportunity();
  const auto count = [&](const std::string& where) {
    return b.query("SELECT Id FROM Opportunity WHERE Id = '" + id + "' AND " + where).body.find(R"("totalSize":1)") !=
           std::string::npos;
  };
  const auto name = b.cell(id, "Name");
  std::string upper = name;
  std::ranges::transform(upper, upper.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  EXPECT_TRUE(count("Name = '" + upper + "'"));
  EXPECT_TRUE(count("Name LIKE '" + name.substr(0, 4) + "%'"));
  EXPECT_TRUE(count("Name LIKE '_" + name.substr(1) + "'"));
  EXPECT_FALSE(count("Name LIKE '" + name.substr(0, 4) + "'"));
  EXPECT_TRUE(count("Loss_Reason__c = null"));
  EXPECT_TRUE(count("Loss_Reason__c != 'Price'"));
  EXPECT_TRUE(count("NOT (IsClosed = true OR Amount < 1)"));
  EXPECT_TRUE(count("CloseDate >= 2000-01-01"));
  EXPECT_TRUE(count("Owner.IsActive = true"));
  EXPECT_TRUE(b.query("SELECT Id FROM Opportunity WHERE Id = '" + id.substr(0, 15) + "'").body.find(id) !=
              std::string::npos);
  EXPECT_THAT(b.query("SELECT Id, Owner.Name, Owner.Manager.Name FROM Opportunity WHERE Id = '" + id + "'").body,
              HasSubstr(R"("Owner":{"attributes":{"type":"User")"));
}

// Reads everything by (SystemModstamp, Id), as an incremental reader does.
std::vector<std::string> read_all(bench_org& b, int page) {
  std::vector<std::string> ids;
  std::string stamp = "1970-01-01T00:00:00Z";
  std::string last = "000000000000000AAA";
  for (int guard = 0; guard < 10'000; ++guard) {
    const auto r = b.query(
        fmt::format("SELECT Id, SystemModstamp FROM Opportunity WHERE ((SystemModstamp = {0} AND Id > '{1}') OR "
                    "SystemModstamp > {0}) AND SystemModstamp <= 2030-01-01T00:00:00Z ORDER BY SystemModstamp ASC, Id "
                    "ASC LIMIT {2}",
                    stamp, last, page));
    EXPECT_EQ(r.status, 200);
    std::string_view rest = r.body;
    std::size_t n = 0;
    for (auto at = rest.find(R"("Id":")"); at != std::string_view::npos; at = rest.find(R"("Id":")")) {
      rest.remove_prefix(at);
      last = between(rest, R"("Id":")");
      stamp = between(rest, R"("SystemModstamp":")").substr(0, 19) + "Z";
      ids.push_back(last);
      rest.remove_prefix(6);
      ++n;
    }
    if (n == 0) break;
  }
  return ids;
}

TEST(SfQuery, PagingByIdSeesEveryRowInItsPlace) {
  bench_org b;
  const auto& o = b.crm.opportunities();
  std::string last = "000000000000000AAA";  // no row's
  for (row_number n = 0; n < o.size(); n += 40) {
    const auto r = b.query("SELECT Id FROM Opportunity WHERE Id > '" + last + "' ORDER BY Id ASC LIMIT 40");
    ASSERT_EQ(r.status, 200);
    std::string_view rest = r.body;
    for (row_number i = n; i < std::min<row_number>(n + 40, static_cast<row_number>(o.size())); ++i) {
      const auto at = rest.find(R"("Id":")");
      ASSERT_NE(at, std::string_view::npos) << i;
      rest.remove_prefix(at);
      last = between(rest, R"("Id":")");
      EXPECT_EQ(last, o.cell(i, 0).text());
      rest.remove_prefix(6);
    }
    EXPECT_EQ(rest.find(R"("Id":")"), std::string_view::npos);
  }
}

TEST(SfQuery, KeyPagingSeesEveryRowOnceThoughStampsAreEqual) {
  bench_org b;
  // One mass update: eighty rows with one stamp.
  const auto& o = b.crm.opportunities();
  for (row_number n = 10; n < 90; ++n) {
    ASSERT_TRUE(
        b.crm.update(o.cell(n, 0).text(), {{"LeadSource", std::string{"Web"}}}, b.made.people[0].id, b.clock.now()));
  }
  for (const int page : {1, 7, 500}) {
    const auto ids = read_all(b, page);
    EXPECT_EQ(ids.size(), o.size()) << page;
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), o.size()) << page;
  }
}

TEST(SfQuery, PagesByLocatorAndShowsValuesOfNow) {
  bench_org b;
  const auto total = b.crm.get("OpportunityFieldHistory").size();
  ASSERT_GT(total, 600U);
  auto r = b.query("SELECT Id FROM OpportunityFieldHistory", {{"sforce-query-options", "batchSize=10"}});
  EXPECT_EQ(times(r.body, R"("Id":)"), 200U);  // never less than 200
  std::size_t seen = 200;
  while (r.body.find(R"("done":false)") != std::string::npos) {
    const auto next = between(r.body, R"("nextRecordsUrl":")");
    ASSERT_TRUE(next.starts_with("/services/data/v63.0/query/01g")) << next;
    r = b.call("GET", next.substr(std::string_view{"/services/data/v63.0"}.size()), "",
               {{"sforce-query-options", "batchSize=200"}});
    ASSERT_EQ(r.status, 200);
    seen += times(r.body, R"("Id":)");
  }
  EXPECT_EQ(seen, total);
  EXPECT_EQ(r.body.find("nextRecordsUrl"), std::string::npos);
}

TEST(SfQuery, DeletedRowsAreSeenByQueryAllOnly) {
  bench_org b;
  const auto id = b.plain_opportunity();
  b.clock.advance(std::chrono::seconds{60});
  ASSERT_TRUE(b.crm.remove(id, b.owner_of(id), b.clock.now()));
  const auto q = url_encode("SELECT Id, IsDeleted, SystemModstamp FROM Opportunity WHERE Id IN ('" + id + "')");
  EXPECT_THAT(b.call("GET", "/query?q=" + q).body, HasSubstr(R"("totalSize":0)"));
  const auto all = b.call("GET", "/queryAll?q=" + q).body;
  EXPECT_THAT(all, HasSubstr(R"("IsDeleted":true)"));
  EXPECT_THAT(all, HasSubstr(R"("SystemModstamp":"2026-03-02T08:01:00.000+0000")"));
}

TEST(SfWrites, TasksAreMadeChangedAndDeletedAndStandInTheLedger) {
  bench_org b;
  const auto what = b.plain_opportunity();
  const auto owner = b.owner_of(what);
  const auto made = b.call(
      "POST", "/sobjects/Task",
      fmt::format(R"({{"Subject":"Check","WhatId":"{}","OwnerId":"{}","ActivityDate":"2026-03-04"}})", what, owner));
  EXPECT_EQ(made.status, 201);
  const auto id = between(made.body, R"("id":")");
  EXPECT_EQ(b.cell(id, "CreatedById"), b.made.integration_user);
  EXPECT_EQ(b.cell(id, "Status"), "Not Started");
  EXPECT_EQ(b.cell(id, "AccountId"), b.cell(what, "AccountId"));
  EXPECT_EQ(b.call("PATCH", "/sobjects/Task/" + id, R"({"Subject":"Check again","Description":null})").status, 204);
  EXPECT_EQ(b.cell(id, "Subject"), "Check again");
  EXPECT_EQ(b.call("DELETE", "/sobjects/Task/" + id).status, 204);
  const auto gone = b.call("GET", "/sobjects/Task/" + id);
  EXPECT_EQ(gone.status, 404);
  EXPECT_EQ(between(gone.body, R"("errorCode":")"), "ENTITY_IS_DELETED");
  const auto rows = b.written.rows();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].outcome, "ok");
  EXPECT_EQ(rows[0].id, id);
  EXPECT_THAT(to_json(rows[0]), HasSubstr(R"("fields":{"Subject":"Check",)"));
  EXPECT_EQ(rows[2].method, "DELETE");
}

TEST(SfWrites, NothingButTasksCanBeWritten) {
  bench_org b;
  const auto id = b.plain_opportunity();
  const auto before = b.cell(id, "NextStep");
  const auto r = b.call("PATCH", "/sobjects/Opportunity/" + id, R"({"NextStep":"written by a machine"})");
  EXPECT_EQ(r.status, 403);
  EXPECT_EQ(between(r.body, R"("errorCode":")"), "INSUFFICIENT_ACCESS_OR_READONLY");
  EXPECT_EQ(b.cell(id, "NextStep"), before);
  ASSERT_EQ(b.written.rows().size(), 1U);
  EXPECT_EQ(b.written.rows()[0].object, "Opportunity");
  EXPECT_EQ(b.written.rows()[0].outcome, "refused");
}

TEST(SfWrites, RefusalsHaveTheVendorsCodes) {
  bench_org b;
  const auto what = b.plain_opportunity();
  const auto code = [&](const std::string& body) {
    return between(b.call("POST", "/sobjects/Task", body).body, R"("errorCode":")");
  };
  EXPECT_EQ(code(R"({"Subject":")" + std::string(256, 'a') + R"("})"), "STRING_TOO_LONG");
  EXPECT_EQ(code(R"({"Subject":"a","OwnerId":")" + b.made.people.back().id + R"("})"), "INACTIVE_OWNER_OR_USER");
  EXPECT_EQ(code(R"({"Subject":"a","WhatId":")" + make_id("006", 99'999) + R"("})"), "INVALID_CROSS_REFERENCE_KEY");
  EXPECT_EQ(code(R"({"Subject":"a","WhatId":"nonsense"})"), "MALFORMED_ID");
  EXPECT_EQ(code(R"({"Subject":"a","Nonsense__c":"b"})"), "INVALID_FIELD");
  EXPECT_EQ(code(R"({"Subject":"a","CreatedDate":"2026-01-01T00:00:00Z"})"), "INVALID_FIELD_FOR_INSERT_UPDATE");
  EXPECT_EQ(code(R"({"Subject":"a","ActivityDate":"soon"})"), "JSON_PARSER_ERROR");
  EXPECT_EQ(code("{"), "JSON_PARSER_ERROR");
  ASSERT_TRUE(b.crm.remove(what, b.owner_of(what), b.clock.now()));
  EXPECT_EQ(code(R"({"Subject":"a","WhatId":")" + what + R"("})"), "ENTITY_IS_DELETED");
  EXPECT_EQ(b.call("DELETE", "/sobjects/Task/" + make_id("00T", 99'999)).status, 404);
}

std::string three(const std::string& what, bool all_or_none) {
  return fmt::format(
      R"({{"allOrNone":{0},"records":[{{"attributes":{{"type":"Task"}},"Subject":"one","WhatId":"{1}"}},)"
      R"({{"attributes":{{"type":"Task"}},"Subject":"two","WhatId":"{2}"}},)"
      R"({{"attributes":{{"type":"Task"}},"Subject":"three","WhatId":"{1}"}}]}})",
      all_or_none, what, make_id("006", 99'999));
}

TEST(SfCollections, KeepTheOrderAndTellEachItem) {
  bench_org b;
  const auto what = b.plain_opportunity();
  const auto tasks = b.crm.get("Task").size();
  const auto r = b.call("POST", "/composite/sobjects", three(what, false));
  EXPECT_EQ(r.status, 200);
  const auto bad = r.body.find(R"({"success":false,"errors":[{"statusCode":"INVALID_CROSS_REFERENCE_KEY")");
  ASSERT_NE(bad, std::string::npos) << r.body;
  EXPECT_LT(r.body.find(R"("success":true)"), bad);
  EXPECT_GT(r.body.rfind(R"("success":true)"), bad);
  EXPECT_EQ(b.crm.get("Task").size(), tasks + 2);
  EXPECT_EQ(b.written.rows().size(), 3U);
  const auto ids = between(r.body, R"("id":")") + "," + between(r.body.substr(bad), R"("id":")");
  const auto gone = b.call("DELETE", "/composite/sobjects?ids=" + ids + ",bad&allOrNone=false");
  EXPECT_EQ(times(gone.body, R"("success":true)"), 2U);
  EXPECT_THAT(gone.body, HasSubstr("MALFORMED_ID"));
}

TEST(SfCollections, AllOrNoneWritesNothingWhenOneFails) {
  bench_org b;
  const auto tasks = b.crm.get("Task").size();
  const auto r = b.call("POST", "/composite/sobjects", three(b.plain_opportunity(), true));
  EXPECT_EQ(times(r.body, "ALL_OR_NONE_OPERATION_ROLLED_BACK"), 2U);
  EXPECT_EQ(b.crm.get("Task").size(), tasks);
}

TEST(SfCollections, RefuseMoreThanTwoHundred) {
  bench_org b;
  std::string body = R"({"records":[)";
  for (int i = 0; i < 201; ++i)
    body += std::string{i > 0 ? "," : ""} + R"({"attributes":{"type":"Task"},"Subject":"a"})";
  EXPECT_EQ(b.call("POST", "/composite/sobjects", body + "]}").status, 400);
}

TEST(SfDescribe, TellsFieldsOptionsAndRecordTypes) {
  bench_org b;
  const auto r = b.call("GET", "/sobjects/Opportunity/describe").body;
  EXPECT_THAT(r, HasSubstr(R"("name":"Champion__c")"));
  EXPECT_THAT(r, HasSubstr(R"("label":"Closed Won","validFor":null,"value":"Closed Won")"));
  EXPECT_THAT(r, HasSubstr(R"("developerName":"Renewal")"));
  EXPECT_EQ(b.call("GET", "/sobjects/Nonsense/describe").status, 404);
  EXPECT_THAT(b.call("GET", "/sobjects").body, HasSubstr(R"("keyPrefix":"006")"));
}

TEST(SfDescribe, FieldDefinitionTellsWhatIsTracked) {
  bench_org b;
  const auto r = b.query(
                      "SELECT QualifiedApiName, IsFieldHistoryTracked FROM FieldDefinition WHERE "
                      "EntityDefinition.QualifiedApiName = 'Opportunity'")
                     .body;
  EXPECT_THAT(r, HasSubstr(R"("QualifiedApiName":"NextStep","IsFieldHistoryTracked":true)"));
  EXPECT_THAT(r, HasSubstr(R"("QualifiedApiName":"Owner","IsFieldHistoryTracked":true)"));
  EXPECT_THAT(r, HasSubstr(R"("QualifiedApiName":"LeadSource","IsFieldHistoryTracked":false)"));
  EXPECT_EQ(r.find("TimeZoneSidKey"), std::string::npos);
  EXPECT_THAT(b.query("SELECT Profile.UserLicense.Name FROM User WHERE Id = '" + b.made.integration_user + "'").body,
              HasSubstr(R"("Name":"Salesforce Integration")"));
}

struct struck {
  const char* name;
  int status;
  const char* says;
};

class SfFaults : public testing::TestWithParam<struck> {};

TEST_P(SfFaults, StrikeOnceAndAreGone) {
  bench_org b;
  ASSERT_TRUE(b.faults.set(GetParam().name, {1, 1, {}}));
  const auto r = b.query("SELECT Id FROM User LIMIT 1");
  EXPECT_EQ(r.status, GetParam().status);
  EXPECT_THAT(r.body, HasSubstr(GetParam().says));
  const bool session = std::string_view{GetParam().name} == "expired-session";
  EXPECT_EQ(b.query("SELECT Id FROM User LIMIT 1").status, session ? 401 : 200);
}

INSTANTIATE_TEST_SUITE_P(All, SfFaults,
                         testing::Values(struck{"401", 401, "INVALID_SESSION_ID"},
                                         struck{"expired-session", 401, "INVALID_SESSION_ID"},
                                         struck{"429", 429, "REQUEST_LIMIT_EXCEEDED"},
                                         struck{"daily-limit", 403, "TotalRequests"},
                                         struck{"500-once", 500, "UNKNOWN_EXCEPTION"}, struck{"502", 502, "<html>"}));

TEST(SfFaults, RetryAfterIsToldInSeconds) {
  bench_org b;
  ASSERT_TRUE(b.faults.set("429-retry-after=7s"));
  EXPECT_EQ(header_of(b.query("SELECT Id FROM User LIMIT 1"), "Retry-After"), "7");
}

TEST(SfFaults, ALostAnswerIsAWriteThatWasDone) {
  bench_org b;
  const auto tasks = b.crm.get("Task").size();
  ASSERT_TRUE(b.faults.set("answer-lost", {1, 1, {}}));
  EXPECT_EQ(b.query("SELECT Id FROM User LIMIT 1").how, delivery::normal);  // reads are not struck
  const auto r = b.call("POST", "/sobjects/Task", R"({"Subject":"a"})");
  EXPECT_EQ(r.how, delivery::none);
  EXPECT_EQ(b.crm.get("Task").size(), tasks + 1);
  ASSERT_EQ(b.written.rows().size(), 1U);
  EXPECT_FALSE(b.written.rows()[0].answered);
  EXPECT_EQ(b.written.rows()[0].outcome, "ok");
}

TEST(SfFaults, LocksWholeCallsAndPartsOfBatches) {
  bench_org b;
  ASSERT_TRUE(b.faults.set("row-lock", {1, 1, {}}));
  EXPECT_THAT(b.call("POST", "/sobjects/Task", R"({"Subject":"a"})").body, HasSubstr("UNABLE_TO_LOCK_ROW"));
  ASSERT_TRUE(b.faults.set("partial-batch", {1, 1, {}}));
  const std::string one = R"({"attributes":{"type":"Task"},"Subject":"a"})";
  const auto r = b.call("POST", "/composite/sobjects", R"({"records":[)" + one + "," + one + "," + one + "]}");
  EXPECT_EQ(times(r.body, R"("success":true)"), 2U);
  EXPECT_EQ(times(r.body, R"("statusCode":"UNABLE_TO_LOCK_ROW")"), 1U);
}

TEST(SfFaults, PagesMayRepeatARow) {
  bench_org b;
  const auto r = b.query("SELECT Id FROM OpportunityFieldHistory", {{"sforce-query-options", "batchSize=200"}});
  const auto last = r.body.substr(r.body.rfind(R"("Id":")") + 6, 18);
  ASSERT_TRUE(b.faults.set("duplicate-rows"));
  const auto next = b.call("GET", between(r.body, R"("nextRecordsUrl":"/services/data/v63.0)"));
  EXPECT_EQ(between(next.body, R"("Id":")"), last);
}

TEST(SfFaults, AimedAtOneKindOfCallLeaveTheOthersAlone) {
  bench_org b;
  ASSERT_TRUE(b.faults.set("502", {1, 1, {}, "FROM Task"}));
  ASSERT_TRUE(b.faults.set("502", {1, 2, {}, "POST "}));
  EXPECT_EQ(b.query("SELECT Id FROM User LIMIT 1").status, 200);
  EXPECT_EQ(b.query("SELECT Id FROM Task LIMIT 1").status, 502);
  EXPECT_EQ(b.query("SELECT Id FROM Task LIMIT 1").status, 200);
  EXPECT_EQ(b.call("POST", "/composite/sobjects", "{}").status, 502);
  EXPECT_EQ(b.faults.struck(),
            (std::map<std::string, std::int64_t, std::less<>>{{"502@FROM Task", 1}, {"502@POST ", 1}}));
  EXPECT_TRUE(b.faults.set("502", {0, -1, {}, "POST "}));
  EXPECT_TRUE(b.faults.settings().empty());
}

TEST(SfFaults, UnknownNamesAndWrongSharesAreRefused) {
  fault_switch f{1};
  EXPECT_FALSE(f.set("earthquake"));
  EXPECT_FALSE(f.set("429=1.5"));
  EXPECT_FALSE(f.set("429=often"));
  EXPECT_TRUE(f.set("429=0.25"));
  int struck = 0;
  for (int i = 0; i < 4000; ++i) struck += f.strikes("429") ? 1 : 0;
  EXPECT_NEAR(struck, 1000, 150);
  EXPECT_TRUE(f.set("429=0"));
  EXPECT_FALSE(f.strikes("429"));
}

}  // namespace
}  // namespace coachd::sim
