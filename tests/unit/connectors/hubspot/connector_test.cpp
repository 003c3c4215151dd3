// The connector against answers written down here, for what a whole simulated account does rarely or not at all:
// instants that fill pages, full lists of history, merges, long lists of fields, batches that half succeed.
#include "connectors/connector.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connectors/hubspot/hubspot.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/unit/connectors/scripted.hpp"

namespace coachd::hubspot {
namespace {

using namespace std::chrono_literals;
using model::Failure;
using model::Value;
using testing_net::Exchange;
using testing_net::ScriptedClient;

const std::string account =
    R"({"portalId":62515,"accountType":"STANDARD","timeZone":"US/Eastern","companyCurrency":"USD","utcOffset":"-05:00","utcOffsetMilliseconds":-18000000})";
const std::string owners =
    R"({"results":[{"id":"41629779","email":"ann@acme.example","firstName":"Ann","lastName":"Bo","type":"PERSON","userId":9586504,"userIdIncludingInactive":9586504,"archived":false,"teams":[{"id":"1","name":"West","primary":true}]},
      {"id":"5","email":"","type":"QUEUE","archived":false}]})";
const std::string gone_owners =
    R"({"results":[{"id":"77","email":"old@acme.example","userId":null,"userIdIncludingInactive":123,"archived":true,"type":"PERSON"}]})";

std::string property(const std::string& name, const std::string& type, const std::string& more = "") {
  return R"({"name":")" + name + R"(","label":")" + name + R"(","type":")" + type + R"(","hubspotDefined":true)" +
         more + "}";
}
std::string properties(const std::string& more = "") {
  return R"({"results":[)" +
         property("hs_lastmodifieddate", "datetime", R"(,"modificationMetadata":{"readOnlyValue":true})") + "," +
         property("createdate", "datetime") + "," + property("hs_created_by_user_id", "number") + "," +
         property("hs_updated_by_user_id", "number") + "," + property("hs_merged_object_ids", "enumeration") + "," +
         property("dealname", "string") + "," + property("amount", "number") + "," +
         property("dealstage", "enumeration",
                  R"(,"options":[{"value":"a","label":"A","hidden":false},{"value":"b","label":"B","hidden":true}])") +
         "," + property("hubspot_owner_id", "enumeration", R"(,"referencedObjectType":"OWNER")") + more + "]}";
}
std::string deal(const std::string& id, const std::string& fields, const std::string& history = "") {
  return R"({"id":")" + id +
         R"(","properties":{"hs_lastmodifieddate":"2026-03-01T10:00:00.000Z","createdate":"2026-01-01T10:00:00.000Z")" +
         (fields.empty() ? "" : "," + fields) + "}" +
         (history.empty() ? "" : R"(,"propertiesWithHistory":{)" + history + "}") +
         R"(,"createdAt":"2026-01-01T10:00:00Z","updatedAt":"2026-03-01T10:00:00Z","archived":false})";
}
std::string results(const std::string& rows, const std::string& after = "") {
  return R"({"results":[)" + rows + "]" + (after.empty() ? "" : R"(,"paging":{"next":{"after":")" + after + R"("}})") +
         "}";
}

class HubSpotConnector : public testing::Test {
 protected:
  ScriptedClient client;
  boost::asio::io_context io;
  std::unique_ptr<connectors::Connector> connector;

  void SetUp() override { connect({}); }
  void TearDown() override { EXPECT_TRUE(client.script.empty()) << client.script.front().expect; }
  void connect(Options options) {
    options.token = "pat-na1-x";
    options.search_every = 0ms;
    options.budget.share = 1.0;
    options.parallel = 1;  // answers come in the order of the script
    options.retry = {.attempts = 3, .first_wait = 1ms, .longest_wait = 1ms, .total = 1s};
    connector = make_hubspot(io.get_executor(), client, std::move(options));
  }
  template <class T>
  connectors::Result<T> run(connectors::Task<T> task) {
    return testing_net::run(io, std::move(task));
  }
  void then(Exchange exchange) { client.script.push_back(std::move(exchange)); }
  void opening(const std::string& more = "") {
    then({"GET https://api.hubapi.com/account-info/2026-03/details", 200, account});
    then({"GET https://api.hubapi.com/crm/properties/2026-03/deals", 200, properties(more)});
    people();
  }
  void people() {
    then({"GET https://api.hubapi.com/crm/owners/2026-03?limit=100&archived=false", 200, owners});
    then({"/crm/owners/2026-03?limit=100&archived=true", 200, gone_owners});
  }
  /// Loaded, and the recycle bin looked into: the next read is a poll.
  std::string loaded(const std::vector<std::string>& columns) {
    opening();
    then({"/crm/objects/2026-03/deals?archived=false", 200, results("")});
    auto page = run(connector->read({"deals", columns, ""}));
    EXPECT_TRUE(page && !page->more);
    then({"POST https://api.hubapi.com/crm/objects/2026-03/deals/search", 200, results("")});
    then({"/crm/objects/2026-03/deals?archived=true", 200, results("")});
    page = run(connector->read({"deals", columns, page->next}));
    EXPECT_TRUE(page && page->more);
    page = run(connector->read({"deals", columns, page->next}));
    EXPECT_TRUE(page && !page->more);
    return page->next;
  }
};

TEST_F(HubSpotConnector, DescribesTheAccountItsPeopleAndStages) {
  then({"account-info", 200, account});
  people();
  then({"/crm/properties/2026-03/deals", 200, properties()});
  then({"/crm/pipelines/2026-03/deals", 200,
        R"({"results":[{"id":"9","label":"Second","displayOrder":1,"archived":false,"stages":[]},
          {"id":"default","label":"Sales","displayOrder":0,"archived":false,"stages":[
            {"id":"closedlost","label":"Lost","displayOrder":3,"metadata":{"isClosed":"true","probability":"0.0"}},
            {"id":"closedwon","label":"Won","displayOrder":2,"metadata":{"isClosed":"true","probability":"1.0"}},
            {"id":"138","label":"Offer","displayOrder":1,"metadata":{"isClosed":"false","probability":"0.9"}}]}]})"});
  const auto description = run(connector->describe({"deals"}));
  ASSERT_TRUE(description) << description.error().what;
  EXPECT_EQ(description->organisation, "62515");
  EXPECT_FALSE(description->sandbox);
  EXPECT_EQ(description->zone, "US/Eastern");
  ASSERT_EQ(description->people.size(), 3u);
  const auto& ann = description->people.at(model::PersonId("41629779"));
  EXPECT_EQ(ann.name, "Ann Bo");
  EXPECT_EQ(ann.team, "West");
  EXPECT_TRUE(ann.active && ann.human);
  EXPECT_FALSE(description->people.at(model::PersonId("5")).human) << "a queue";
  EXPECT_FALSE(description->people.at(model::PersonId("77")).active);
  EXPECT_FALSE(description->people.contains(description->signed_in)) << "an app is nobody";
  const auto& object = description->objects.at("deals");
  EXPECT_EQ(object.find("dealname")->type, model::FieldType::text);
  EXPECT_EQ(object.find("amount")->type, model::FieldType::currency);
  EXPECT_EQ(object.find("hubspot_owner_id")->type, model::FieldType::reference);
  EXPECT_FALSE(object.find("hs_lastmodifieddate")->updateable);
  EXPECT_FALSE(object.find("dealstage")->options[1].active);
  ASSERT_EQ(object.pipelines.size(), 2u);
  EXPECT_EQ(object.pipelines[0].name, "default");
  ASSERT_EQ(object.pipelines[0].stages.size(), 3u);
  EXPECT_EQ(object.pipelines[0].stages[0].name, "138");
  EXPECT_TRUE(object.pipelines[0].stages[0].open());
  EXPECT_TRUE(object.pipelines[0].stages[1].won);
  EXPECT_TRUE(object.pipelines[0].stages[2].lost);
}

TEST_F(HubSpotConnector, OfACustomObjectItsSchemaTellsWhatANewRecordMustHave) {
  then({"account-info", 200, account});
  people();
  then({"/crm/properties/2026-03/2-345", 200, properties()});
  then({"/crm-object-schemas/2026-03/schemas/2-345", 200,
        R"({"id":"2-345","name":"car","labels":{},"requiredProperties":["dealname","vanished"],"properties":[]})"});
  const auto description = run(connector->describe({"2-345"}));
  ASSERT_TRUE(description) << description.error().what;
  const auto& object = description->objects.at("2-345");
  EXPECT_TRUE(object.find("dealname")->required);
  EXPECT_FALSE(object.find("amount")->required);
  EXPECT_FALSE(object.insists.rules_untold.empty());
}

TEST_F(HubSpotConnector, WithoutTheRightToReadSchemasThatIsSaid) {
  then({"account-info", 200, account});
  people();
  then({"/crm/properties/2026-03/2-345", 200, properties()});
  then({"/crm-object-schemas/2026-03/schemas/2-345", 403,
        R"({"status":"error","category":"MISSING_SCOPES","message":"no","errors":[]})"});
  const auto description = run(connector->describe({"2-345"}));
  ASSERT_TRUE(description) << description.error().what;
  const auto& object = description->objects.at("2-345");
  EXPECT_FALSE(object.find("dealname")->required);
  EXPECT_NE(object.insists.layouts_untold.find("crm.schemas.custom.read"), std::string::npos);
}

TEST_F(HubSpotConnector, AnotherAccountIsRefusedBeforeAnythingIsReadOrWritten) {
  Options options;
  options.portal = "1";
  connect(options);
  for (int i = 0; i < 2; ++i) {
    then({"account-info", 200, account});
    const auto page = run(connector->read({"deals", {"dealname"}, ""}));
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().failure, Failure::auth);
    EXPECT_EQ(page.error().what, "the token leads to account 62515, but the configuration names 1");
  }
  then({"account-info", 200, account});
  EXPECT_FALSE(run(connector->write({{}})));
}

TEST_F(HubSpotConnector, HistoryComesWithTheRecord) {
  opening();
  const std::string history =
      R"("dealstage":[{"value":"c","timestamp":"2026-02-03T00:00:00.000Z","sourceType":"INTEGRATION","sourceId":"25"},
                      {"value":"b","timestamp":"2026-02-02T00:00:00.000Z","sourceType":"CRM_UI","sourceId":"userId:9586504","updatedByUserId":9586504},
                      {"value":"b","timestamp":"2026-02-01T00:00:00.000Z","sourceType":"CRM_UI"},
                      {"value":"a","timestamp":"2026-01-01T10:00:00.500Z","sourceType":"CRM_UI"}],
         "amount":[{"value":"","timestamp":"1769990400000","sourceType":"CRM_UI","sourceId":"userId:123"},
                   {"value":"1500.00","timestamp":"2026-01-05T00:00:00.000Z","sourceType":"CRM_UI"}])";
  then(
      {"&properties=hs_lastmodifieddate,createdate,hs_created_by_user_id,hs_updated_by_user_id,hs_merged_object_ids,"
       "dealstage,amount&propertiesWithHistory=dealstage,amount",
       200,
       results(deal("10000000001",
                    R"("dealstage":"c","amount":null,"hs_created_by_user_id":"123","hs_updated_by_user_id":"9586504")",
                    history))});
  const auto page = run(connector->read({"deals", {"dealstage", "amount", "no_such_property"}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 1u);
  const auto& row = page->rows[0];
  EXPECT_EQ(row.values[0].view(), Value::text("c"));
  EXPECT_TRUE(row.values[1].view().is_blank());
  EXPECT_TRUE(row.values[2].view().is_unread());
  EXPECT_EQ(row.created_by.get(), "77") << "owner ids, not user ids, also of who has left";
  EXPECT_EQ(row.modified_by.get(), "41629779");
  ASSERT_EQ(page->history.size(), 4u);
  EXPECT_EQ(page->history[0].field, "dealstage");
  EXPECT_EQ(page->history[0].row.from.view(), Value::text("a"));
  EXPECT_EQ(page->history[0].row.to.view(), Value::text("b"));
  EXPECT_EQ(page->history[0].row.at, *model::parse_instant("2026-02-01T00:00:00Z")) << "a repeat is no change";
  EXPECT_EQ(page->history[1].row.to.view(), Value::text("c"));
  EXPECT_TRUE(page->history[1].row.author.empty()) << "an app";
  EXPECT_TRUE(page->history[2].row.from.view().is_blank()) << "filled four days after it was created";
  EXPECT_EQ(page->history[2].row.to.view(), Value::number(1500));
  EXPECT_TRUE(page->history[3].row.to.view().is_blank());
  EXPECT_EQ(page->history[3].row.author.get(), "77");
  EXPECT_TRUE(page->cuts.empty());
  EXPECT_TRUE(page->history_since);
  EXPECT_NE(page->history[0].vendor_id, page->history[1].vendor_id);
}

TEST_F(HubSpotConnector, AFullListOfHistoryIsACut) {
  opening();
  std::string list;
  for (int i = 20; i > 0; --i)
    list += std::string(list.empty() ? "" : ",") + R"({"value":")" + std::to_string(i) + R"(","timestamp":"2026-02-)" +
            (i < 10 ? "0" : "") + std::to_string(i) + R"(T00:00:00.000Z"})";
  then({"/deals?", 200, results(deal("1", R"("amount":"20")", R"("amount":[)" + list + "]"))});
  const auto page = run(connector->read({"deals", {"amount"}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->history.size(), 19u) << "what was before the oldest is not known";
  ASSERT_EQ(page->cuts.size(), 1u);
  EXPECT_EQ(page->cuts[0].field, "amount");
  EXPECT_EQ(page->cuts[0].since, *model::parse_instant("2026-02-01T00:00:00Z"));
}

TEST_F(HubSpotConnector, AMergedRecordNamesItsSurvivor) {
  opening();
  then({"/deals?", 200, results(deal("3", R"("hs_merged_object_ids":"1;2","dealname":"x")"))});
  const auto page = run(connector->read({"deals", {"dealname"}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 3u);
  for (const auto& row : page->rows) {
    EXPECT_EQ(row.deleted, row.id.get() != "3");
    EXPECT_EQ(row.merged_into.get(), row.deleted ? "3" : "");
  }
}

TEST_F(HubSpotConnector, ALongListOfFieldsIsReadByBatch) {
  std::string more;
  std::vector<std::string> columns;
  for (int i = 0; i < 60; ++i) {
    columns.push_back("a_property_with_a_long_name_" + std::to_string(i));
    more += "," + property(columns.back(), "string");
  }
  opening(more);
  then({"/crm/objects/2026-03/deals?archived=false&limit=100&properties=hs_object_id", 200,
        results(deal("1", "") + "," + deal("2", ""), "2")});
  then({"&after=2", 200, results("")});  // on its way before the first list is taken apart
  then({"POST https://api.hubapi.com/crm/objects/2026-03/deals/batch/read", 200,
        results(deal("2", R"("a_property_with_a_long_name_7":"x")") + "," + deal("1", ""))});
  const auto page = run(connector->read({"deals", columns, ""}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 2u);
  EXPECT_EQ(page->rows[1].values[7].view(), Value::text("x"));
  EXPECT_FALSE(page->more);
}

TEST_F(HubSpotConnector, WhatWasReadBeforeTheTroubleIsKept) {
  opening();
  then({"/deals?", 200, results(deal("1", ""), "1")});
  then({"&after=1", 429, R"({"policyName":"TEN_SECONDLY_ROLLING","errorType":"RATE_LIMIT","message":"m"})"});
  const auto page = run(connector->read({"deals", {"dealname"}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->rows.size(), 1u);
  EXPECT_TRUE(page->more);
  const auto next = run(connector->read({"deals", {"dealname"}, page->next}));
  ASSERT_FALSE(next) << "and nothing is sent before the pause has passed";
  EXPECT_EQ(next.error().failure, Failure::throttled);
  EXPECT_GT(next.error().retry_after_us, 8'000'000);
}

/// One page of the index: ids from `first` on, all of one time.
std::string hits(int first, int count, const std::string& modified) {
  std::string rows;
  for (int i = 0; i < count; ++i)
    rows += std::string(rows.empty() ? "" : ",") + R"({"id":")" + std::to_string(first + i) +
            R"(","properties":{"hs_lastmodifieddate":")" + modified + R"("}})";
  return results(rows, count == 200 ? "200" : "");
}

TEST_F(HubSpotConnector, AnInstantThatFillsAPageIsReadById) {
  auto cursor = loaded({"dealname"});
  const std::string tie = "2026-03-02T07:55:00.000Z";
  const auto batch = [&](int first, int count) {
    std::string rows;
    for (int i = 0; i < count; ++i)
      rows += std::string(rows.empty() ? "" : ",") + R"({"id":")" + std::to_string(first + i) +
              R"(","properties":{"hs_lastmodifieddate":")" + tie + R"("}})";
    then({"batch/read", 200, results(rows)});
  };
  then({"search", 200, hits(1000, 200, tie)});
  for (int i = 0; i < 4; ++i) batch(1000 + 50 * i, 50);
  then({"search", 200, hits(1000, 200, tie)});  // by id now, from the first on: known already
  then({"search", 200, hits(1200, 60, tie)});
  batch(1200, 50);
  batch(1250, 10);
  then({"search", 200, results("")});
  std::size_t rows = 0;
  for (bool more = true; more;) {
    const auto page = run(connector->read({"deals", {"dealname"}, cursor}));
    ASSERT_TRUE(page) << page.error().what;
    rows += page->rows.size();
    cursor = page->next;
    more = page->more;
  }
  EXPECT_EQ(rows, 260u);
  const auto& asked = client.bodies;
  const auto says = [&](const std::string& what) {
    return std::count_if(asked.begin(), asked.end(), [&](const auto& b) { return b.find(what) != std::string::npos; });
  };
  EXPECT_EQ(
      says(R"("operator":"EQ","value":"1772438100000"},{"propertyName":"hs_object_id","operator":"GT","value":"0"})"),
      1);
  EXPECT_EQ(says(R"("operator":"GT","value":"1199"})"), 1);
  EXPECT_EQ(says(R"("operator":"GTE","value":"1772438100001"})"), 1);
  EXPECT_EQ(says(R"("after")"), 0) << "never by offset: there is no wall";
}

TEST_F(HubSpotConnector, RepeatsOfTheOverlapAreNotReadAgainUnlessTheyWereNotStored) {
  const auto first = loaded({"dealname"});
  const std::string modified = "2026-03-02T07:55:00.000Z";
  const std::string record = R"({"id":"7","properties":{"hs_lastmodifieddate":")" + modified + R"("}})";
  then({"search", 200, hits(7, 1, modified)});
  then({"batch/read", 200, results(record)});
  const auto page = run(connector->read({"deals", {"dealname"}, first}));
  ASSERT_TRUE(page && page->rows.size() == 1);
  then({"search", 200, hits(7, 1, modified)});
  const auto repeat = run(connector->read({"deals", {"dealname"}, page->next}));
  ASSERT_TRUE(repeat) << repeat.error().what;
  EXPECT_TRUE(repeat->rows.empty());
  // the store did not take the first page: its cursor comes again
  then({"search", 200, hits(7, 1, modified)});
  then({"batch/read", 200, results(record)});
  const auto again = run(connector->read({"deals", {"dealname"}, first}));
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->rows.size(), 1u);
}

TEST_F(HubSpotConnector, WhatIsMissingIsLookedForInTheRecycleBin) {
  opening();
  then(
      {"batch/read", 207,
       R"({"status":"COMPLETE","results":[)" + deal("1", "") +
           R"(],"numErrors":1,"errors":[{"status":"error","category":"OBJECT_NOT_FOUND","message":"x","context":{"ids":["2","3"]}}]})"});
  then(
      {"batch/read?archived=true", 200,
       results(
           R"({"id":"2","properties":{"hs_lastmodifieddate":"2026-03-01T10:00:00.000Z"},"archived":true,"archivedAt":"2026-03-02T07:00:00.000Z"})")});
  const auto page = run(connector->fetch(
      "deals", {model::RecordId("1"), model::RecordId("2"), model::RecordId("3"), model::RecordId("x';")},
      {"dealname"}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 2u) << "what does not come back is gone";
  EXPECT_FALSE(page->rows[0].deleted);
  EXPECT_TRUE(page->rows[1].deleted);
  EXPECT_EQ(page->rows[1].version, *model::parse_instant("2026-03-02T07:00:00Z"));
}

TEST_F(HubSpotConnector, AnErrorOfABatchReadIsNoAbsence) {
  opening();
  then({"batch/read", 207,
        R"({"results":[],"numErrors":1,"errors":[{"status":"error","category":"VALIDATION_ERROR","message":"x"}]})"});
  EXPECT_FALSE(run(connector->fetch("deals", {model::RecordId("1")}, {"dealname"})));
}

// ---- tasks ----------------------------------------------------------------------------------------------------------

const std::string task_properties =
    R"({"results":[)" + property("hs_lastmodifieddate", "datetime") + "," + property("hs_createdate", "datetime") +
    "," + property("hs_task_subject", "string") + "," + property("hs_task_status", "enumeration") + "," +
    property("hubspot_owner_id", "enumeration") + "," + property("hs_object_source", "string");

connectors::PromptWrite prompt(const std::string& key) {
  connectors::PromptWrite write;
  write.item.key = key + std::string(54, '0');
  write.item.carrier = "task";
  write.item.object = "deals";
  write.item.record = model::RecordId("9");
  write.item.person = model::PersonId("41629779");
  write.item.subject = "Who signs?";
  write.item.due = std::chrono::sys_days{std::chrono::year{2026} / 3 / 3};
  return write;
}

class HubSpotTasks : public HubSpotConnector {
 protected:
  void tasks(const std::string& more = "") {
    then({"account-info", 200, account});
    then({"/crm/properties/2026-03/tasks", 200, task_properties + more + "]}"});
  }
  std::string created(const connectors::PromptWrite& write, const std::string& id) {
    return R"({"id":")" + id + R"(","objectWriteTraceId":")" + write.item.key + R"(","properties":{}})";
  }
};

TEST_F(HubSpotTasks, ABatchMaySucceedInPart) {
  const auto a = prompt("0000000001"), b = prompt("0000000002"), c = prompt("0000000003");
  tasks();
  then({"POST https://api.hubapi.com/crm/objects/2026-03/tasks/batch/create", 207,
        R"({"status":"COMPLETE","numErrors":1,"results":[)" + created(c, "33") + "," + created(a, "11") +
            R"(],"errors":[{"category":"VALIDATION_ERROR","message":"no","context":{"objectWriteTraceId":[")" +
            b.item.key + R"("]}}]})"});
  const auto done = run(connector->write({a, b, c}));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ((*done)[0].crm_id, "11");
  ASSERT_TRUE((*done)[1].error);
  EXPECT_EQ((*done)[1].error->failure, Failure::permanent);
  EXPECT_EQ((*done)[2].crm_id, "33");
  const std::string& sent = client.bodies.back();
  for (const char* const part :
       {R"("associationTypeId":216)", R"("to":{"id":"9"})", R"("hs_task_subject":"Who signs? [0000000001]")",
        R"("hs_task_status":"NOT_STARTED")", R"("hubspot_owner_id":"41629779")",
        R"("hs_timestamp":"1772578800000")" /* 2026-03-03 18:00 in New York */})
    EXPECT_NE(sent.find(part), std::string::npos) << part << "\n" << sent;
  EXPECT_EQ(sent.find("reminder"), std::string::npos);
}

TEST_F(HubSpotTasks, ARefusalOfTheWholeBatchIsTriedOneByOne) {
  const auto a = prompt("0000000001"), b = prompt("0000000002");
  tasks();
  const std::string refusal = R"({"status":"error","category":"VALIDATION_ERROR","message":"one of them"})";
  then({"batch/create", 400, refusal});
  then({"batch/create", 201, results(created(a, "11"))});
  then({"batch/create", 400, refusal});
  const auto done = run(connector->write({a, b}));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ((*done)[0].crm_id, "11");
  ASSERT_TRUE((*done)[1].error);
  EXPECT_EQ((*done)[1].error->failure, Failure::permanent);
  EXPECT_FALSE((*done)[1].error->may_have_happened);
}

TEST_F(HubSpotTasks, WithoutAKeyALostAnswerIsNotSentAgain) {
  tasks();
  then({"batch/create", 502, "<html>"});
  const auto done = run(connector->write({prompt("0000000001")}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().failure, Failure::transient);
  EXPECT_TRUE(done.error().may_have_happened);
}

TEST_F(HubSpotTasks, ACreationThatDoesNotTellIsInDoubt) {
  tasks();
  then({"batch/create", 201, results("")});
  const auto done = run(connector->write({prompt("0000000001")}));
  ASSERT_TRUE(done);
  ASSERT_TRUE((*done)[0].error);
  EXPECT_TRUE((*done)[0].error->may_have_happened);
}

TEST_F(HubSpotTasks, WithAKeyRepeatsAreHarmless) {
  const auto a = prompt("0000000001");
  tasks("," + property("coachd_key", "string", R"(,"hasUniqueValue":true)"));
  then({"batch/create", 502, "<html>"});
  then({"batch/create", 201, results(created(a, "11"))});
  const auto done = run(connector->write({a}));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ((*done)[0].crm_id, "11");
  EXPECT_NE(client.bodies[2].find(R"("coachd_key":")"), std::string::npos);
  EXPECT_NE(client.bodies[2].find("associations"), std::string::npos) << "one call makes the task and its link";
}

// The first call had arrived although its answer did not: the key is taken, by this very prompt.
TEST_F(HubSpotTasks, WhatStandsThereUnderItsKeyIsThatPrompt) {
  const auto a = prompt("0000000001"), b = prompt("0000000002");
  tasks("," + property("coachd_key", "string", R"(,"hasUniqueValue":true)"));
  then({"batch/create", 207,
        R"({"results":[)" + created(b, "12") + R"(],"numErrors":1,"errors":[{"status":"error","category":"CONFLICT",)" +
            R"("message":"it exists","context":{"objectWriteTraceId":[")" + a.item.key + R"("]}}]})"});
  people();
  then({"tasks/batch/read", 200, results(R"({"id":"11","properties":{"coachd_key":")" + a.item.key + R"("}})")});
  const auto done = run(connector->write({a, b}));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_EQ((*done)[0].crm_id, "11");
  EXPECT_EQ((*done)[1].crm_id, "12");
}

TEST_F(HubSpotTasks, AKeyThatIsTakenByWhatCannotBeReadYetIsInDoubt) {
  const auto a = prompt("0000000001");
  tasks("," + property("coachd_key", "string", R"(,"hasUniqueValue":true)"));
  then({"batch/create", 409, R"({"status":"error","category":"CONFLICT","message":"it exists"})"});
  people();
  then({"tasks/batch/read", 200, results("")});
  const auto done = run(connector->write({a}));
  ASSERT_TRUE(done) << done.error().what;
  ASSERT_TRUE((*done)[0].error);
  EXPECT_TRUE((*done)[0].error->may_have_happened);
}

TEST_F(HubSpotTasks, ABodyIsHtmlAndWhatARecordSaysIsNoMarkup) {
  auto a = prompt("0000000001");
  a.item.body = "Deal <TBD> & co\nWho signs?";
  tasks();
  then({"batch/create", 201, results(created(a, "11"))});
  ASSERT_TRUE(run(connector->write({a})));
  EXPECT_NE(client.bodies[2].find("Deal &lt;TBD&gt; &amp; co<br>Who signs?"), std::string::npos) << client.bodies[2];
}

TEST_F(HubSpotTasks, AKeyThatIsNotUniqueIsNone) {
  tasks("," + property("coachd_key", "string"));
  const auto a = prompt("0000000001");
  then({"batch/create", 201, results(created(a, "11"))});
  EXPECT_TRUE(run(connector->write({a})));
}

TEST_F(HubSpotTasks, DoubtsAreSettledThroughTheRecord) {
  tasks();
  then(
      {"/crm/associations/2026-03/deals/tasks/batch/read", 207,
       R"({"results":[{"from":{"id":"9"},"to":[{"toObjectId":501},{"toObjectId":"502"}],"paging":{"next":{"after":"2"}}}],"numErrors":0})"});
  then({"/crm/associations/2026-03/deals/tasks/batch/read", 200,
        R"({"results":[{"from":{"id":"9"},"to":[{"toObjectId":503}]}]})"});
  people();
  const auto task = [](const std::string& id, const std::string& subject) {
    return R"({"id":")" + id + R"(","properties":{"hs_task_subject":")" + subject +
           R"(","hs_task_status":"COMPLETED","hubspot_owner_id":"41629779","hs_lastmodifieddate":"2026-03-01T10:00:00Z"}})";
  };
  then({"/crm/objects/2026-03/tasks/batch/read", 200,
        results(task("501", "Call") + "," + task("502", "x [0000000002]") + "," +
                task("503", "Who signs? [0000000001]"))});
  const auto found = run(connector->find({prompt("0000000001").item}));
  ASSERT_TRUE(found) << found.error().what;
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ((*found)[0].crm_id, "503");
  EXPECT_EQ((*found)[0].record.get(), "9");
  EXPECT_TRUE((*found)[0].completed);
  EXPECT_NE(client.bodies[3].find(R"({"id":"9","after":"2"})"), std::string::npos) << client.bodies[3];
}

}  // namespace
}  // namespace coachd::hubspot
