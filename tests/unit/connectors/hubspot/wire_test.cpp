#include "connectors/hubspot/wire.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace coachd::hubspot {
namespace {

TEST(HubSpotWire, EveryWritingRouteIsAboutTasksOrARetiredField) {
  std::set<std::string> writing;
  for (const Route& route : routes()) {
    if (!route.writes) continue;
    writing.insert(std::string(route.method) + " " + std::string(route.dated));
    if (route.op == Op::property_show || route.op == Op::property_archive) continue;
    EXPECT_NE(route.v3.find("/tasks/"), std::string_view::npos);
    EXPECT_NE(route.dated.find("/tasks/"), std::string_view::npos);
  }
  EXPECT_EQ(writing, (std::set<std::string>{"POST /crm/objects/{v}/tasks/batch/create",
                                            "POST /crm/objects/{v}/tasks/batch/update",
                                            "POST /crm/objects/{v}/tasks/batch/archive",
                                            "PATCH /crm/properties/{v}/{}/{}", "DELETE /crm/properties/{v}/{}/{}"}));
  EXPECT_EQ(routes().size(), 17u) << "a new route is a decision";
}

TEST(HubSpotWire, PathsHaveTheVersionWhereEachVersionHasIt) {
  EXPECT_EQ(path_of(Op::list, "v3", {"deals"}), "/crm/v3/objects/deals");
  EXPECT_EQ(path_of(Op::list, "2026-03", {"deals"}), "/crm/objects/2026-03/deals");
  EXPECT_EQ(path_of(Op::account, "2026-09", {}), "/account-info/2026-09/details");
  EXPECT_EQ(path_of(Op::logins, "v3", {}), "/account-info/v3/activity/login");
  EXPECT_EQ(path_of(Op::security, "2026-09", {}), "/account-info/2026-09/activity/security");
  EXPECT_EQ(path_of(Op::associations_read, "v3", {"deals", "tasks"}), "/crm/v4/associations/deals/tasks/batch/read");
  for (const Route& route : routes())
    for (const char* const version : {"v3", "2026-03", "2026-09"})
      if (!route.writes) {
        EXPECT_EQ(permitted(route.method, path_of(route.op, version, {"deals", "tasks"}), ""), &route);
      }
}

TEST(HubSpotWire, CustomObjectsAreToldByTheirNames) {
  for (const char* const name : {"2-3453932", "p62515_car", "p_car"}) EXPECT_TRUE(is_custom_object(name)) << name;
  for (const char* const name : {"deals", "0-3", "2-", "products", "p", "partner_clients", "2-x"})
    EXPECT_FALSE(is_custom_object(name)) << name;
}

TEST(HubSpotWire, TasksMayBeWritten) {
  const std::string tasks = "/crm/objects/2026-03/tasks/batch/";
  EXPECT_TRUE(permitted(
      "POST", tasks + "create",
      R"({"inputs":[{"objectWriteTraceId":"k","properties":{"hs_task_subject":"s","hs_timestamp":"1"},"associations":[]}]})"));
  EXPECT_TRUE(permitted("POST", tasks + "update", R"({"inputs":[{"id":"7","properties":{"hs_task_body":"b"}}]})"));
  EXPECT_TRUE(permitted("POST", tasks + "create",
                        R"({"inputs":[{"objectWriteTraceId":"k","properties":{"coachd_key":"k"}}]})"));
  EXPECT_TRUE(permitted("POST", tasks + "archive", R"({"inputs":[{"id":"7"}]})"));
}

TEST(HubSpotWire, OfAFieldOnlyWhetherItIsShownMayBeWritten) {
  const std::string field = "/crm/v3/properties/deals/legacy_score";
  EXPECT_TRUE(permitted("PATCH", field, R"({"hidden":true})"));
  EXPECT_TRUE(permitted("PATCH", "/crm/properties/2026-09/deals/legacy_score", R"({"hidden":false})"));
  EXPECT_TRUE(permitted("DELETE", field, ""));
  const auto refused = [](const char* method, const std::string& target, const std::string& body) {
    EXPECT_EQ(permitted(method, target, body), nullptr) << method << ' ' << target << ' ' << body;
  };
  refused("PATCH", field, "");
  refused("PATCH", field, "{}");
  refused("PATCH", field, R"({"hidden":"true"})");
  refused("PATCH", field, R"({"hidden":true,"label":"Old"})");
  refused("PATCH", field, R"({"options":[]})");
  refused("PATCH", field + "?x=1", R"({"hidden":true})");
  refused("PATCH", "/crm/v3/properties/deals/groups/old", R"({"hidden":true})");
  refused("DELETE", field, R"({"hidden":true})");
  refused("DELETE", "/crm/v3/properties/deals", "");
  refused("POST", "/crm/v3/properties/deals/batch/archive", R"({"inputs":[{"name":"legacy_score"}]})");
  refused("PUT", field, R"({"hidden":true})");
}

TEST(HubSpotWire, NothingElseCanBeSent) {
  const auto refused = [](const char* method, const std::string& target, const std::string& body = "") {
    EXPECT_EQ(permitted(method, target, body), nullptr) << method << ' ' << target << ' ' << body;
  };
  const std::string deal = R"({"inputs":[{"id":"7","properties":{"amount":"1"}}]})";
  for (const char* const verb : {"create", "update", "upsert", "archive"}) {
    refused("POST", std::string("/crm/objects/2026-03/deals/batch/") + verb, deal);
    refused("POST", std::string("/crm/v3/objects/deals/batch/") + verb, deal);
    refused("POST", std::string("/crm/objects/2026-03/tasks/batch/") + verb, deal);  // no property of a task
    refused("POST", std::string("/crm/objects/2026-03/tasks/batch/") + verb);
    refused("POST", std::string("/crm/objects/2026-03/tasks/batch/") + verb, R"({"inputs":[]})");
  }
  refused("PATCH", "/crm/objects/2026-03/deals/7", R"({"properties":{"amount":"1"}})");
  refused("DELETE", "/crm/objects/2026-03/deals/7");
  refused("DELETE", "/crm/objects/2026-03/tasks/7");
  refused("POST", "/crm/objects/2026-03/deals", R"({"properties":{}})");
  refused("POST", "/crm/properties/2026-03/tasks", R"({"name":"coachd_key"})");
  refused("POST", "/crm/objects/2026-03/deals/merge", "{}");
  refused("PUT", "/crm/objects/2026-03/deals/7/associations/default/companies/9");
  refused("PUT", "/crm/objects/2026-03/tasks/7/associations/default/deals/9");
  refused("POST", "/crm/objects/2026-03/tasks/batch/upsert",
          R"({"inputs":[{"id":"k","idProperty":"coachd_key","properties":{"coachd_key":"k"}}]})");
  refused("GET", "/crm/objects/2026-04/deals");
  refused("GET", "/crm/objects/2026-03/deals/../tasks");
  refused("GET", "/crm/objects/2026-03/Deals%2F7");
  refused("GET", "/oauth/v1/access-tokens/secret");
  refused("POST", "/crm/objects/2026-03/tasks/batch/update", R"({"inputs":[{"properties":{"hs_task_body":"b"}}]})");
  refused("POST", "/crm/objects/2026-03/tasks/batch/archive", R"({"inputs":[{"id":"7","properties":{}}]})");
}

}  // namespace
}  // namespace coachd::hubspot
