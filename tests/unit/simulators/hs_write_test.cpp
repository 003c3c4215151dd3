// Writing into a portal: tasks one by one and in batches, associations, what moves by itself, and the faults.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/hs_schema.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/unit/simulators/hs_support.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr auto tasks = "/crm/objects/2026-03/tasks";

answer create(bench_portal& p, const std::string& inputs) {
  return p.call("POST", std::string{tasks} + "/batch/create", R"({"inputs":[)" + inputs + "]}");
}

std::vector<std::string> tasks_of(bench_portal& p, const std::string& deal) {
  std::vector<std::string> found;
  const auto a = p.call("POST", "/crm/associations/2026-09/deals/tasks/batch/read",
                        fmt::format(R"({{"inputs":[{{"id":"{}"}}]}})", deal));
  for (const auto& r : a.body.at("results").as_array()) {
    for (const auto& to : r.at("to").as_array()) found.emplace_back(to.at("toObjectId").as_string());
  }
  return found;
}

TEST(HsTasks, AreMadeForADealAndFoundThroughIt) {
  bench_portal p;
  const auto deal = p.deal();
  const auto before = tasks_of(p, deal).size();
  const auto a = create(p, p.task_input("k1", deal, p.owner_of(deal)));
  ASSERT_EQ(a.status, 201);
  const auto id = bench_portal::ids(a).at(0);
  EXPECT_EQ(a.body.at("results").at(0).at("objectWriteTraceId").as_string(), "k1");
  const auto now = tasks_of(p, deal);
  EXPECT_EQ(now.size(), before + 1);
  EXPECT_EQ(now.back(), id);
  EXPECT_EQ(p.property("tasks", id, "hs_task_status"), "NOT_STARTED");
  EXPECT_EQ(p.property("tasks", id, "hs_timestamp"), "2026-03-03T16:00:00.000Z");
  EXPECT_EQ(p.property("tasks", id, "hs_object_source"), "INTEGRATION");
  EXPECT_EQ(p.property("tasks", id, "hs_created_by_user_id"), "null");
  EXPECT_EQ(p.property("tasks", id, "hubspot_owner_id"), p.owner_of(deal));
  ASSERT_EQ(p.written.rows().size(), 1U);
  EXPECT_EQ(p.written.rows()[0].id, id);
  EXPECT_THAT(p.written.rows()[0].fields, HasSubstr(R"("associated":")" + deal));
}

TEST(HsTasks, ABatchIsAllOrNothingWithoutTraceIdsAndPartialWithThem) {
  bench_portal p;
  const auto deal = p.deal();
  const auto owner = p.owner_of(deal);
  const auto before = p.crm.get("Task").size();
  EXPECT_EQ(create(p, p.task_input("a", deal, owner, false) + "," + p.task_input("b", deal, "999", false)).status, 400);
  EXPECT_EQ(p.crm.get("Task").size(), before);
  const auto partial = create(p, p.task_input("a", deal, owner) + "," + p.task_input("b", deal, "999"));
  EXPECT_EQ(partial.status, 207);
  EXPECT_EQ(p.crm.get("Task").size(), before + 1);
  EXPECT_EQ(partial.body.at("numErrors").as_int64(), 1);
  EXPECT_EQ(partial.body.at("errors").at(0).at("context").at("objectWriteTraceId").at(0).as_string(), "b");
  // One trace id for two inputs is as none.
  EXPECT_EQ(create(p, p.task_input("a", deal, owner) + "," + p.task_input("a", deal, "999")).status, 400);
}

TEST(HsTasks, NeedAnActiveOwnerADueDateAndKnownProperties) {
  bench_portal p;
  const auto& people = p.records.people();
  std::string left;
  std::string user;
  for (const auto& who : p.made.people) {
    const auto* id = p.crm.texts().find(who.id);
    if (!who.active) left = std::to_string(people.owner_id(id));
    if (who.active && who.job == "rep") user = std::to_string(people.user_id(id));
  }
  const auto post = [&](const std::string& properties) {
    return p.call("POST", tasks, R"({"properties":)" + properties + "}");
  };
  const std::string due = R"("hs_timestamp":"1772553600000")";
  EXPECT_EQ(post("{" + due + "}").status, 201);
  EXPECT_THAT(post(R"({"hs_task_subject":"x"})").reply.body, HasSubstr("hs_timestamp"));
  EXPECT_THAT(post("{" + due + R"(,"hubspot_owner_id":")" + left + R"("})").reply.body, HasSubstr("is not active"));
  EXPECT_EQ(post("{" + due + R"(,"hubspot_owner_id":")" + user + R"("})").status, 400);  // a user id is no owner id
  EXPECT_THAT(post("{" + due + R"(,"nope":"1"})").reply.body, HasSubstr("PROPERTY_DOESNT_EXIST"));
  EXPECT_THAT(post("{" + due + R"(,"hs_task_status":"DONE"})").reply.body, HasSubstr("INVALID_OPTION"));
  EXPECT_THAT(post("{" + due + R"(,"hs_createdate":"1"})").reply.body, HasSubstr("READ_ONLY_VALUE"));
}

TEST(HsTasks, UpsertByTheUniqueKeyAndAssociateAsOftenAsWished) {
  bench_portal p;
  const auto deal = p.deal();
  const auto upsert = [&](const std::string& subject) {
    return p.call("POST", std::string{tasks} + "/batch/upsert",
                  fmt::format(R"({{"inputs":[{{"id":"key-1","idProperty":"coachd_key","properties":)"
                              R"({{"hs_task_subject":"{}","hs_timestamp":"1772553600000"}}}}]}})",
                              subject));
  };
  const auto first = upsert("one");
  ASSERT_EQ(first.status, 201);
  EXPECT_TRUE(first.body.at("results").at(0).at("new").as_bool());
  const auto id = bench_portal::ids(first).at(0);
  const auto second = upsert("two");
  EXPECT_FALSE(second.body.at("results").at(0).at("new").as_bool());
  EXPECT_EQ(bench_portal::ids(second).at(0), id);
  EXPECT_EQ(p.call("GET", std::string{tasks} + "/key-1?idProperty=coachd_key").body.at("id").as_string(), id);
  const auto link = fmt::format("/crm/objects/2026-03/tasks/{}/associations/default/deals/{}", id, deal);
  const auto before = tasks_of(p, deal).size();
  EXPECT_EQ(p.call("PUT", link).status, 200);
  EXPECT_EQ(p.call("PUT", link).status, 200);
  EXPECT_EQ(tasks_of(p, deal).size(), before + 1);
  // Once archived, the key may be given again.
  ASSERT_EQ(p.call("DELETE", std::string{tasks} + "/" + id).status, 204);
  EXPECT_TRUE(upsert("three").body.at("results").at(0).at("new").as_bool());
  portal_options plain;
  plain.task_key = false;
  bench_portal without{plain};
  EXPECT_EQ(without
                .call("POST", std::string{tasks} + "/batch/upsert",
                      R"({"inputs":[{"id":"k","idProperty":"coachd_key","properties":{"hs_timestamp":"1"}}]})")
                .status,
            207);
  ASSERT_EQ(without
                .call("POST", "/crm/v3/properties/tasks",
                      R"({"name":"coachd_key","label":"k","type":"string","fieldType":"text","groupName":"g",)"
                      R"("hasUniqueValue":true})")
                .status,
            201);
  EXPECT_EQ(without.call("GET", "/crm/v3/properties/tasks/coachd_key").body.at("hasUniqueValue").as_bool(), true);
  EXPECT_EQ(without
                .call("POST", std::string{tasks} + "/batch/upsert",
                      R"({"inputs":[{"id":"k","idProperty":"coachd_key","properties":{"hs_timestamp":"1"}}]})")
                .status,
            201);
}

TEST(HsTasks, MoveTheActivityOfTheirDeal) {
  bench_portal p;
  const auto deal = p.deal();
  const auto count = std::stoi(p.property("deals", deal, "num_notes"));
  p.clock.advance(1h);
  const auto id = bench_portal::ids(create(p, p.task_input("k", deal, p.owner_of(deal)))).at(0);
  EXPECT_EQ(p.property("deals", deal, "num_notes"), std::to_string(count + 1));
  EXPECT_EQ(p.property("deals", deal, "notes_last_updated"), "2026-03-02T09:00:00.000Z");
  EXPECT_EQ(p.property("deals", deal, "hs_lastmodifieddate"), "2026-03-02T09:00:00.000Z");
  EXPECT_EQ(p.property("deals", deal, "notes_next_activity_date").substr(0, 2), "20");
  p.clock.advance(1h);
  ASSERT_EQ(p.call("DELETE", std::string{tasks} + "/" + id).status, 204);
  EXPECT_EQ(p.property("deals", deal, "num_notes"), count == 0 ? "null" : std::to_string(count));
  EXPECT_EQ(p.property("deals", deal, "hs_lastmodifieddate"), "2026-03-02T10:00:00.000Z");
}

TEST(HsLinks, ComeWithAListWhenAskedFor) {
  bench_portal p;
  const auto deal = p.deal();
  const auto id = bench_portal::ids(create(p, p.task_input("k", deal, p.owner_of(deal)))).at(0);
  const auto a = p.call("GET", "/crm/v3/objects/deals/" + deal + "?associations=companies,tasks,contacts").body;
  const auto& links = a.at("associations");
  EXPECT_EQ(links.at("companies").at("results").as_array().size(), 1U);
  EXPECT_EQ(links.at("companies").at("results").at(0).at("type").as_string(), "deal_to_company");
  EXPECT_EQ(links.at("tasks").at("results").as_array().back().at("id").as_string(), id);
}

TEST(HsTasks, LinksOfTheWrongDirectionAreRefused) {
  bench_portal p;
  const auto deal = p.deal();
  const auto body = [&](int type) {
    return fmt::format(R"({{"properties":{{"hs_timestamp":"1772553600000"}},"associations":[{{"to":{{"id":"{}"}},)"
                       R"("types":[{{"associationCategory":"HUBSPOT_DEFINED","associationTypeId":{}}}]}}]}})",
                       deal, type);
  };
  EXPECT_EQ(p.call("POST", tasks, body(215)).status, 400);
  EXPECT_THAT(p.call("POST", tasks, body(204)).reply.body, HasSubstr("CONTACT=" + deal + " is not valid"));
  EXPECT_EQ(p.call("POST", tasks, body(216)).status, 201);
  const auto labels = p.call("GET", "/crm/associations/2026-03/tasks/deals/labels");
  EXPECT_EQ(labels.body.at("results").at(0).at("typeId").as_int64(), 216);
}

TEST(HsWrites, DeletingAnUnknownIdIsFineAndPatchingItIsNot) {
  bench_portal p;
  EXPECT_EQ(p.call("DELETE", std::string{tasks} + "/12345").status, 204);
  EXPECT_EQ(p.call("PATCH", std::string{tasks} + "/12345", R"({"properties":{}})").status, 404);
  const auto a = p.call("POST", std::string{tasks} + "/batch/update",
                        R"({"inputs":[{"id":"12345","properties":{"hs_task_subject":"x"}}]})");
  EXPECT_EQ(a.status, 207);
  EXPECT_EQ(p.call("POST", std::string{tasks} + "/batch/archive", R"({"inputs":[{"id":"12345"}]})").status, 204);
}

TEST(HsWrites, NewerVersionsHoldToTheRulesOfTheAdminWhenSwitchedOn) {
  portal_options o;
  o.rest.enforce = true;
  bench_portal p{o};
  const auto deal = p.deal();
  const auto& line = *find_hs_pipeline(p.property("deals", deal, "pipeline"));
  const auto lost = fmt::format(R"({{"properties":{{"dealstage":"{}"}}}})", hs_stage_id(line, "Closed Lost"));
  const auto refused = p.call("PATCH", "/crm/objects/2026-09/deals/" + deal, lost);
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.reply.body, HasSubstr("loss_reason"));
  EXPECT_EQ(p.call("PATCH", "/crm/objects/2026-03/deals/" + deal, lost).status, 200);
  EXPECT_EQ(p.call("POST", "/crm/objects/2026-09/tasks", R"({"properties":{"hs_timestamp":"1772553600000"}})").status,
            400);
}

TEST(HsFaults, SpeakTheVendorsWords) {
  bench_portal p;
  const auto deal = p.deal();
  const auto owner = p.owner_of(deal);
  const auto once = [&](const std::string& name) { ASSERT_TRUE(p.faults.set(name, {1, 1, {}})) << name; };
  const auto get = [&] { return p.call("GET", "/crm/v3/objects/deals"); };
  once("401");
  EXPECT_EQ(get().status, 401);
  once("403-scopes");
  EXPECT_THAT(get().reply.body, HasSubstr("MISSING_SCOPES"));
  once("429-retry-after");
  const auto wait = get();
  EXPECT_EQ(wait.status, 429);
  EXPECT_EQ(wait.reply.headers[1], (std::pair<std::string, std::string>{"Retry-After", "2"}));
  once("daily-limit");
  EXPECT_THAT(get().reply.body, HasSubstr(R"("policyName":"DAILY")"));
  once("502");
  const auto bad = get();
  EXPECT_EQ(bad.status, 502);
  EXPECT_THAT(bad.reply.body, HasSubstr("<!DOCTYPE html>"));
  once("row-lock");
  EXPECT_EQ(create(p, p.task_input("k", deal, owner)).status, 423);
  once("partial-batch");
  const auto some = create(p, p.task_input("a", deal, owner) + "," + p.task_input("b", deal, owner));
  EXPECT_EQ(some.status, 207);
  EXPECT_EQ(some.body.at("results").as_array().size(), 1U);
  once("answer-lost");
  const auto before = p.crm.get("Task").size();
  EXPECT_EQ(create(p, p.task_input("c", deal, owner)).reply.how, delivery::none);
  EXPECT_EQ(p.crm.get("Task").size(), before + 1);
  EXPECT_FALSE(p.written.rows().back().answered);
  EXPECT_EQ(get().status, 200);
  const auto first = bench_portal::ids(p.call("GET", "/crm/v3/objects/deals?limit=5"));
  once("duplicate-rows");
  EXPECT_EQ(bench_portal::ids(p.call("GET", "/crm/v3/objects/deals?limit=5&after=" + first.back()))[0], first.back());
  EXPECT_FALSE(p.faults.set("expired-locator", {}));
}

TEST(HsOwners, AreNumberedApartFromUsersAndTheArchivedHaveNoName) {
  bench_portal p;
  std::vector<std::string> seen;
  std::string after;
  bool queue = false;
  for (int page = 0; page < 20; ++page) {
    const auto a = p.call("GET", "/crm/owners/2026-03?limit=5" + (after.empty() ? "" : "&after=" + after));
    for (const auto& o : a.body.at("results").as_array()) {
      seen.emplace_back(o.at("id").as_string());
      EXPECT_FALSE(o.at("archived").as_bool());
      queue = queue || o.at("type").as_string() == "QUEUE";
      EXPECT_NE(o.at("email").as_string(), "coachd.integration@halden.example");
      if (o.at("type").as_string() == "PERSON") EXPECT_NE(seen.back(), std::to_string(o.at("userId").as_int64()));
    }
    const auto* paging = a.body.as_object().if_contains("paging");
    if (paging == nullptr) break;
    after = std::string{paging->at("next").at("after").as_string()};
  }
  EXPECT_TRUE(queue);
  const auto active = std::ranges::count_if(p.made.people, [](const person& who) { return who.active; });
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(active));  // the queue instead of the integration
  const auto gone = p.call("GET", "/crm/v3/owners?archived=true").body.at("results").as_array();
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_TRUE(gone[0].at("userId").is_null());
  EXPECT_TRUE(gone[0].at("userIdIncludingInactive").is_int64());
  EXPECT_EQ(gone[0].at("lastName").as_string(), "");
}

TEST(HsSetup, TellsPropertiesPipelinesAndTheAccount) {
  bench_portal p;
  const auto lines = p.call("GET", "/crm/pipelines/2026-09/deals").body.at("results").as_array();
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].at("id").as_string(), "default");
  EXPECT_EQ(lines[0].at("stages").at(6).at("metadata").at("probability").as_string(), "1.0");
  EXPECT_EQ(lines[0].at("stages").at(6).at("metadata").at("isClosed").as_string(), "true");
  const auto stage = p.call("GET", "/crm/v3/properties/deals/dealstage").body;
  EXPECT_EQ(stage.at("type").as_string(), "enumeration");
  EXPECT_EQ(stage.at("options").as_array().size(), 16U);
  const auto next = p.call("GET", "/crm/v3/properties/deals/notes_last_updated").body;
  EXPECT_TRUE(next.at("calculated").as_bool());
  EXPECT_TRUE(next.at("modificationMetadata").at("readOnlyValue").as_bool());
  EXPECT_FALSE(p.call("GET", "/crm/v3/properties/deals/champion").body.as_object().contains("hubspotDefined"));
  const auto account = p.call("GET", "/account-info/2026-09/details").body;
  EXPECT_EQ(account.at("portalId").as_int64(), 148'330'291);
  EXPECT_EQ(account.at("utcOffset").as_string(), "+01:00");
}

TEST(HsSetup, PropertiesAreHiddenAndArchivedAndOnlyAPersonBringsThemBack) {
  bench_portal p;
  constexpr auto* champion = "/crm/v3/properties/deals/champion";
  const auto names = [&](const std::string& which) {
    std::vector<std::string> found;
    const auto got = p.call("GET", "/crm/properties/2026-09/deals" + which);
    for (const auto& one : got.body.at("results").as_array()) found.emplace_back(one.at("name").as_string());
    return found;
  };
  const auto hidden = p.call("PATCH", champion, R"({"hidden":true})");
  EXPECT_EQ(hidden.status, 200);
  EXPECT_TRUE(hidden.body.at("hidden").as_bool());
  EXPECT_TRUE(p.call("GET", champion).body.at("hidden").as_bool());
  EXPECT_FALSE(p.call("PATCH", champion, R"({"hidden":false})").body.at("hidden").as_bool());
  EXPECT_EQ(p.call("PATCH", champion, R"({"hidden":1})").status, 400);
  EXPECT_EQ(p.call("PATCH", "/crm/v3/properties/deals/amount", R"({"hidden":true})").status, 400);
  EXPECT_EQ(p.call("DELETE", "/crm/v3/properties/deals/amount").status, 400);
  EXPECT_EQ(p.call("DELETE", "/crm/v3/properties/deals/nothing").status, 404);
  EXPECT_EQ(p.call("DELETE", champion).status, 204);
  EXPECT_EQ(p.call("GET", champion).status, 404);
  EXPECT_EQ(p.call("DELETE", champion).status, 404);
  EXPECT_THAT(names(""), testing::Not(testing::Contains("champion")));
  EXPECT_THAT(names("?archived=true"), testing::ElementsAre("champion"));
  EXPECT_TRUE(p.records.schema().restore(hs_object::deals, "champion"));
  EXPECT_FALSE(p.records.schema().restore(hs_object::deals, "champion"));
  EXPECT_EQ(p.call("GET", champion).status, 200);
  EXPECT_THAT(names("?archived=true"), testing::IsEmpty());
  std::size_t done = 0;
  for (const auto& row : p.written.rows()) {
    EXPECT_EQ(row.object, "properties");
    done += row.outcome == "ok" ? 1U : 0U;
  }
  EXPECT_EQ(done, 3U);
}

}  // namespace
}  // namespace coachd::sim
