// What the connector can send, held against a list written down here a second time: a new way to write fails this test.
#include "connectors/salesforce/wire.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <tuple>

namespace coachd::salesforce {
namespace {

constexpr const char* collection = "/services/data/v66.0/composite/sobjects";

TEST(Wire, TheTableIsTheAllowList) {
  std::set<std::tuple<std::string, std::string, bool>> found;
  for (const Route& route : routes()) found.emplace(route.method, route.pattern, route.writes);
  const std::set<std::tuple<std::string, std::string, bool>> allowed{
      {"POST", "/services/oauth2/token", false},
      {"GET", "/services/data/v{v}/query", false},
      {"GET", "/services/data/v{v}/queryAll", false},
      {"GET", "/services/data/v{v}/sobjects/{object}/describe", false},
      {"GET", "/services/data/v{v}/sobjects/{object}/describe/layouts", false},
      {"GET", "/services/data/v{v}/sobjects/{object}/describe/layouts/{object}", false},
      {"GET", "/services/data/v{v}/tooling/query", false},
      {"GET", "/services/data/v{v}/sobjects/EventLogFile/{object}/LogFile", false},
      {"POST", "/services/data/v{v}/composite/sobjects", true},
      {"PATCH", "/services/data/v{v}/composite/sobjects", true},
      {"DELETE", "/services/data/v{v}/composite/sobjects", true},
  };
  EXPECT_EQ(found, allowed);
}

TEST(Wire, ReadsAndTasksPass) {
  EXPECT_TRUE(permitted("GET", "/services/data/v66.0/queryAll?q=SELECT%20Id", ""));
  EXPECT_TRUE(permitted("GET", "/services/data/v66.0/sobjects/Deal_Desk__c/describe", ""));
  EXPECT_TRUE(permitted("GET", "/services/data/v66.0/sobjects/Deal_Desk__c/describe/layouts", ""));
  EXPECT_TRUE(permitted("GET", "/services/data/v66.0/sobjects/Deal_Desk__c/describe/layouts/012000000000001AAA", ""));
  EXPECT_TRUE(permitted("GET", "/services/data/v66.0/tooling/query?q=SELECT%20Id", ""));
  EXPECT_TRUE(permitted("GET", "/services/data/v66.0/sobjects/EventLogFile/0AT000000000001AAA/LogFile", ""));
  EXPECT_TRUE(
      permitted("POST", collection, R"({"allOrNone":false,"records":[{"attributes":{"type":"Task"},"Subject":"x"}]})"));
  EXPECT_TRUE(
      permitted("PATCH", collection, R"({"records":[{"attributes":{"type":"Task"},"id":"00T000000000001AAA"}]})"));
  EXPECT_TRUE(permitted(
      "DELETE", "/services/data/v66.0/composite/sobjects?ids=00T000000000001AAA,00T000000000002AAA&allOrNone=false",
      ""));
}

TEST(Wire, NoBusinessObjectCanBeWritten) {
  const auto refused = [](const char* method, const std::string& target, const std::string& body = "") {
    EXPECT_EQ(permitted(method, target, body), nullptr) << method << ' ' << target << ' ' << body;
  };
  refused("PATCH", "/services/data/v66.0/sobjects/Opportunity/006000000000001AAA", R"({"Amount":1})");
  refused("POST", "/services/data/v66.0/sobjects/Task", "{}");
  refused("DELETE", "/services/data/v66.0/sobjects/Task/00T000000000001AAA");
  refused("POST", "/services/data/v66.0/composite", "{}");
  refused("POST", "/services/data/v66.0/jobs/ingest", "{}");
  refused("PUT", collection, R"({"records":[{"attributes":{"type":"Task"}}]})");
  refused("GET", "/services/data/v66.0/sobjects/Opportunity/describe/../../Account");
  refused("GET", "/services/apexrest/anything");
  refused("PATCH", "/services/data/v66.0/tooling/sobjects/ValidationRule/03d000000000001AAA", "{}");
  refused("POST", "/services/data/v66.0/tooling/executeAnonymous");
  refused("GET", "/services/data/v66.0/tooling/executeAnonymous");
  for (const char* body : {"", "{}", "[]", R"({"records":[]})",
                           R"({"records":[{"attributes":{"type":"Opportunity"}}]})", R"({"records":[{"Subject":"x"}]})",
                           R"({"records":[{"attributes":{"type":"Task"}},{"attributes":{"type":"Account"}}]})",
                           R"({"records":[{"attributes":{"type":"Task"},"id":"00T000000000001AAA"}]})"})
    refused("POST", collection, body);
  for (const char* body :
       {R"({"records":[{"attributes":{"type":"Task"}}]})",
        R"({"records":[{"attributes":{"type":"Task"},"id":"006000000000001AAA"}]})",
        R"({"records":[{"attributes":{"type":"Task"},"id":"00T000000000001AAA","Id":"006000000000001AAA"}]})"})
    refused("PATCH", collection, body);
  for (const char* query : {"", "?ids=", "?ids=006000000000001AAA", "?ids=00T000000000001AAA,006000000000001AAA",
                            "?ids=00T000000000001AAA&ids=006000000000001AAA",
                            "?ids=00T000000000001AAA%2C006000000000001AAA", "?allOrNone=false"})
    refused("DELETE", collection + std::string(query));
  refused("POST", std::string(collection) + "?x=1", R"({"records":[{"attributes":{"type":"Task"}}]})");
}

}  // namespace
}  // namespace coachd::salesforce
