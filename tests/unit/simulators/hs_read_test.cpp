// Reading a portal: lists, histories, batches, search.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/hs_schema.hpp"
#include "tests/unit/simulators/hs_support.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
namespace json = boost::json;

std::string modified_since(bench_portal& p, std::chrono::seconds ago) {
  const auto ms = std::chrono::milliseconds{(p.clock.now() - ago).time_since_epoch()}.count();
  return fmt::format(
      R"({{"filterGroups":[{{"filters":[{{"propertyName":"hs_lastmodifieddate","operator":"GTE","value":"{}"}}]}}],)"
      R"("sorts":[{{"propertyName":"hs_lastmodifieddate","direction":"ASCENDING"}}],"limit":200}})",
      ms);
}

TEST(HsList, WalksEveryRecordOnceByItsIdInEveryVersion) {
  bench_portal p;
  for (const auto* root : {"/crm/v3/objects/deals", "/crm/objects/2026-03/0-3", "/crm/objects/2026-09/deal"}) {
    std::vector<std::string> seen;
    std::string after;
    for (int page = 0; page < 10; ++page) {
      const auto a = p.call("GET", fmt::format("{}?limit=50{}", root, after.empty() ? "" : "&after=" + after));
      ASSERT_EQ(a.status, 200);
      for (auto& id : bench_portal::ids(a)) seen.push_back(std::move(id));
      const auto* paging = a.body.as_object().if_contains("paging");
      if (paging == nullptr) break;
      after = std::string{paging->at("next").at("after").as_string()};
      EXPECT_EQ(after, seen.back());
    }
    EXPECT_EQ(seen.size(), p.crm.opportunities().size());
    EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
    EXPECT_GT(std::stoull(seen.front()), 1ULL << 33U);
  }
}

TEST(HsList, StaysStableWhenTheRecordOfItsPlaceIsGone) {
  bench_portal p;
  const auto first = p.call("GET", "/crm/v3/objects/deals?limit=3");
  const auto next = p.call("GET", "/crm/v3/objects/deals?limit=3&after=" + bench_portal::ids(first)[2]);
  ASSERT_EQ(p.call("DELETE", "/crm/v3/objects/deals/" + bench_portal::ids(first)[2]).status, 204);
  EXPECT_EQ(bench_portal::ids(p.call("GET", "/crm/v3/objects/deals?limit=3&after=" + bench_portal::ids(first)[2])),
            bench_portal::ids(next));
  const auto gone = p.call("GET", "/crm/v3/objects/deals?archived=true");
  EXPECT_EQ(bench_portal::ids(gone), std::vector{bench_portal::ids(first)[2]});
  EXPECT_EQ(gone.body.at("results").at(0).at("archivedAt").as_string(), "2026-03-02T08:00:00.000Z");
}

TEST(HsList, RefusesWhatTheVendorRefuses) {
  bench_portal p;
  EXPECT_EQ(p.call("GET", "/crm/v3/objects/deals?limit=101").status, 400);
  EXPECT_EQ(p.call("GET", "/crm/v3/objects/deals?limit=100").status, 200);
  EXPECT_EQ(p.call("GET", "/crm/v3/objects/deals?limit=51&propertiesWithHistory=amount").status, 400);
  EXPECT_EQ(p.call("GET", "/crm/v3/objects/deals?limit=50&propertiesWithHistory=amount").status, 200);
  for (const auto* wrong : {"/crm/v5/objects/deals", "/crm/objects/2025-09/deals", "/nothing"}) {
    const auto a = p.call("GET", wrong);
    EXPECT_EQ(a.status, 404) << wrong;
    EXPECT_THAT(a.reply.body, HasSubstr("<html>"));
  }
  const auto verb = p.call("PUT", "/crm/v3/objects/deals");
  EXPECT_EQ(verb.status, 405);
  EXPECT_THAT(verb.reply.body, HasSubstr("<html>"));
  const auto stranger =
      p.rest.handle({"GET", "/crm/v3/objects/deals", {{"authorization", "Bearer pat-na1-other"}}, ""});
  EXPECT_EQ(stranger.status, 401);
  EXPECT_THAT(stranger.body, HasSubstr("INVALID_AUTHENTICATION"));
}

TEST(HsValues, AreTextsAndBlankOnesAreNullOrLeftOut) {
  bench_portal nulls;
  const auto id = nulls.deal();
  nulls.change(id, "hs_next_step", "");
  EXPECT_EQ(nulls.property("deals", id, "hs_next_step"), "null");
  EXPECT_EQ(nulls.property("deals", id, "no_such_property"), "absent");
  nulls.change(id, "amount", "1250.5");
  EXPECT_EQ(nulls.property("deals", id, "amount"), "1250.5");
  EXPECT_EQ(nulls.property("deals", id, "hs_is_closed"), "false");
  nulls.change(id, "closedate", "1775001600000");  // 2026-04-01
  EXPECT_EQ(nulls.property("deals", id, "closedate"), "2026-04-01T12:00:00.000Z");
  portal_options o;
  o.omit_nulls = true;
  bench_portal omits{o};
  omits.change(id, "hs_next_step", "");
  EXPECT_EQ(omits.property("deals", id, "hs_next_step"), "absent");
}

TEST(HsHistory, IsNewestFirstNamesItsAuthorAndEndsAtTheDepth) {
  bench_portal p;
  const auto id = p.deal();
  const auto history = [&] {
    return p.call("GET", "/crm/v3/objects/deals/" + id + "?propertiesWithHistory=amount,dealname")
        .body.at("propertiesWithHistory")
        .as_object();
  };
  const auto before = history().at("amount").as_array().size();
  for (int i = 0; i < 25; ++i) {
    p.clock.advance(60s);
    p.change(id, "amount", std::to_string(1000 + i));
    const auto list = history().at("amount").as_array();
    EXPECT_EQ(list.size(), std::min<std::size_t>(before + static_cast<std::size_t>(i) + 1, 20));
    EXPECT_EQ(list[0].at("value").as_string(), std::to_string(1000 + i));
  }
  const auto list = history().at("amount").as_array();
  for (std::size_t i = 1; i < list.size(); ++i) {
    EXPECT_GT(list[i - 1].at("timestamp").as_string(), list[i].at("timestamp").as_string());
  }
  const auto* owner = p.records.people().by_owner_id(p.owner_of(id));
  EXPECT_EQ(list[0].at("updatedByUserId").as_int64(), static_cast<std::int64_t>(p.records.people().user_id(owner)));
  EXPECT_EQ(list[0].at("sourceType").as_string(), "CRM_UI");
  EXPECT_EQ(history().at("dealname").as_array().size(), 1U);
  // What the API writes names no user.
  ASSERT_EQ(p.call("PATCH", "/crm/v3/objects/deals/" + id, R"({"properties":{"amount":"5"}})").status, 200);
  const auto own = history().at("amount").at(0).as_object();
  EXPECT_EQ(own.at("sourceType").as_string(), "INTEGRATION");
  EXPECT_FALSE(own.contains("updatedByUserId"));
}

TEST(HsHistory, EndsWithTheValueAtCreationAndSpeaksTheWordsOfThePortal) {
  bench_portal p;
  const auto all = p.call("GET",
                          "/crm/v3/objects/deals?limit=50&properties=pipeline,dealstage"
                          "&propertiesWithHistory=dealstage,hubspot_owner_id,hs_manual_forecast_category");
  int renewals = 0;
  for (const auto& r : all.body.at("results").as_array()) {
    const auto& line = *find_hs_pipeline(std::string{r.at("properties").at("pipeline").as_string()});
    renewals += line.id != "default" ? 1 : 0;
    const auto stages = r.at("propertiesWithHistory").at("dealstage").as_array();
    ASSERT_FALSE(stages.empty());
    EXPECT_EQ(stages.front().at("value"), r.at("properties").at("dealstage"));
    EXPECT_EQ(stages.back().at("timestamp"), r.at("createdAt"));
    for (const auto& s : stages) EXPECT_NE(hs_stage_label(line, std::string{s.at("value").as_string()}), "");
    for (const auto& o : r.at("propertiesWithHistory").at("hubspot_owner_id").as_array())
      EXPECT_NE(p.records.people().by_owner_id(std::string{o.at("value").as_string()}), nullptr);
  }
  EXPECT_GT(renewals, 0);
}

TEST(HsBatchRead, GivesWhatThereIsAndNamesTheRest) {
  bench_portal p;
  const auto a = p.deal(0);
  const auto b = p.deal(1);
  const auto read = [&](const std::string& ids, const std::string& query = "") {
    return p.call("POST", "/crm/objects/2026-03/deals/batch/read" + query,
                  R"({"properties":["amount"],"inputs":[)" + ids + "]}");
  };
  const auto both = read(fmt::format(R"({{"id":"{}"}},{{"id":"{}"}})", b, a));
  EXPECT_EQ(both.status, 200);
  EXPECT_EQ(bench_portal::ids(both), (std::vector{a, b}));  // not in the order of the inputs
  ASSERT_EQ(p.call("DELETE", "/crm/v3/objects/deals/" + a).status, 204);
  const auto some = read(fmt::format(R"({{"id":"{}"}},{{"id":"{}"}},{{"id":"77"}})", a, b));
  EXPECT_EQ(some.status, 207);
  EXPECT_EQ(some.body.at("numErrors").as_int64(), 1);
  EXPECT_EQ(some.body.at("errors").at(0).at("context").at("ids").as_array(), (json::array{json::string{a}, "77"}));
  EXPECT_EQ(bench_portal::ids(read(fmt::format(R"({{"id":"{}"}})", a), "?archived=true")), std::vector{a});
  std::string many;
  for (int i = 0; i < 101; ++i) many += fmt::format(R"({}{{"id":"{}"}})", i > 0 ? "," : "", i);
  EXPECT_EQ(read(many).status, 400);
}

TEST(HsSearch, SeesAChangeAfterTheLagAndNotBefore) {
  bench_portal p;
  const auto id = p.deal();
  p.clock.advance(1h);
  p.change(id, "hs_next_step", "Call Zoe");
  EXPECT_TRUE(bench_portal::ids(p.search("deals", modified_since(p, 60s))).empty());
  const auto by_text =
      R"({"filterGroups":[{"filters":[{"propertyName":"hs_next_step","operator":"EQ","value":"call zoe"}]}]})";
  EXPECT_TRUE(bench_portal::ids(p.search("deals", by_text)).empty());
  EXPECT_EQ(p.property("deals", id, "hs_next_step"), "Call Zoe");  // the record itself is there at once
  p.clock.advance(3s);
  EXPECT_TRUE(bench_portal::ids(p.search("deals", by_text)).empty());
  p.clock.advance(1s);
  EXPECT_EQ(bench_portal::ids(p.search("deals", by_text)), std::vector{id});
  EXPECT_EQ(bench_portal::ids(p.search("deals", modified_since(p, 60s))), std::vector{id});
}

TEST(HsSearch, FindsTheNewLateAndTheArchivedNever) {
  bench_portal p;
  const auto made = p.call("POST", "/crm/v3/objects/deals",
                           R"({"properties":{"dealname":"Fresh","dealstage":"qualifiedtobuy","pipeline":"default"}})");
  ASSERT_EQ(made.status, 201);
  const std::string id{made.body.at("id").as_string()};
  EXPECT_EQ(p.property("deals", id, "closedate"), "2026-03-31T12:00:00.000Z");  // a blank one is the month's end
  const auto query = R"({"query":"fresh","filterGroups":[]})";
  EXPECT_TRUE(bench_portal::ids(p.search("deals", query)).empty());
  p.clock.advance(4s);
  EXPECT_EQ(bench_portal::ids(p.search("deals", query)), std::vector{id});
  ASSERT_EQ(p.call("DELETE", "/crm/v3/objects/deals/" + id).status, 204);
  EXPECT_EQ(bench_portal::ids(p.search("deals", query)), std::vector{id});  // the index does not know yet
  p.clock.advance(4s);
  EXPECT_TRUE(bench_portal::ids(p.search("deals", query)).empty());
}

TEST(HsSearch, HasAWallAndLimits) {
  portal_options o;
  o.rest.limits = false;
  bench_portal p{o};
  const auto status = [&](const std::string& body) { return p.search("deals", body).status; };
  EXPECT_EQ(status(R"({"limit":200,"after":"9800"})"), 200);
  EXPECT_EQ(status(R"({"limit":200,"after":"9801"})"), 400);
  EXPECT_EQ(status(R"({"limit":201})"), 400);
  const std::string filter = R"({"propertyName":"amount","operator":"GT","value":"1"})";
  const auto group = [&](int n) {
    std::string g;
    for (int i = 0; i < n; ++i) g += (i > 0 ? "," : "") + filter;
    return R"({"filters":[)" + g + "]}";
  };
  const auto groups = [&](int n, int each) {
    std::string g;
    for (int i = 0; i < n; ++i) g += (i > 0 ? "," : "") + group(each);
    return R"({"filterGroups":[)" + g + "]}";
  };
  EXPECT_EQ(status(groups(5, 3)), 200);
  EXPECT_EQ(status(groups(6, 1)), 400);
  EXPECT_EQ(status(groups(1, 7)), 400);
  EXPECT_EQ(status(groups(4, 5)), 400);  // 20 in all
  EXPECT_EQ(status(R"({"sorts":[{"propertyName":"amount"},{"propertyName":"dealname"}]})"), 400);
  EXPECT_EQ(status(R"({"filterGroups":[{"filters":[{"propertyName":"nope","operator":"EQ","value":"1"}]}]})"), 400);
  EXPECT_EQ(status(R"({"filterGroups":[{"filters":[{"propertyName":"amount","operator":"LIKE","value":"1"}]}]})"), 400);
}

TEST(HsSearch, ComparesAsThePropertyTypesDo) {
  portal_options o;
  o.rest.limits = false;
  bench_portal p{o};
  const auto id = p.deal();
  for (const auto& [name, text] :
       {std::pair{"amount", "9"}, std::pair{"champion", "Zoe Quark, CFO"}, std::pair{"hs_next_step", "Unlikely Words"}})
    p.change(id, name, text);
  p.clock.advance(4s);
  const auto found = [&](const std::string& filter) {
    const auto a = p.search("deals", R"({"limit":200,"filterGroups":[{"filters":[{)" + filter + "}]}]}");
    EXPECT_EQ(a.status, 200) << filter;
    const auto ids = bench_portal::ids(a);
    return std::ranges::find(ids, id) != ids.end();
  };
  EXPECT_TRUE(found(R"("propertyName":"amount","operator":"LT","value":"10")"));  // as numbers, not as texts
  EXPECT_FALSE(found(R"("propertyName":"amount","operator":"GT","value":"9")"));
  EXPECT_TRUE(found(R"("propertyName":"amount","operator":"BETWEEN","value":"9","highValue":"9.5")"));
  EXPECT_TRUE(found(R"("propertyName":"champion","operator":"CONTAINS_TOKEN","value":"quark")"));
  EXPECT_TRUE(found(R"("propertyName":"champion","operator":"CONTAINS_TOKEN","value":"qua*")"));
  EXPECT_FALSE(found(R"("propertyName":"champion","operator":"CONTAINS_TOKEN","value":"qua")"));
  EXPECT_TRUE(found(R"("propertyName":"hs_next_step","operator":"IN","values":["unlikely words"])"));
  EXPECT_FALSE(found(R"("propertyName":"hs_next_step","operator":"IN","values":["Unlikely Words"])"));
  EXPECT_FALSE(found(R"("propertyName":"hs_next_step","operator":"NOT_IN","values":["unlikely words"])"));
  EXPECT_TRUE(found(R"("propertyName":"hs_next_step","operator":"HAS_PROPERTY")"));
  EXPECT_FALSE(found(R"("propertyName":"hs_next_step","operator":"NOT_HAS_PROPERTY")"));
  EXPECT_FALSE(found(R"("propertyName":"hs_is_closed","operator":"EQ","value":"true")"));
  EXPECT_TRUE(found(R"("propertyName":"hs_object_id","operator":"GTE","value":")" + id + '"'));
}

TEST(HsSearch, PagesByOffsetInTheOrderOfTheSort) {
  portal_options o;
  o.rest.limits = false;
  bench_portal p{o};
  std::vector<std::string> seen;
  std::string last;
  for (std::size_t after = 0;;) {
    const auto a =
        p.search("deals", fmt::format(R"({{"limit":50,"after":"{}","properties":["hs_lastmodifieddate"],)"
                                      R"("sorts":[{{"propertyName":"hs_lastmodifieddate","direction":"ASCENDING"}}]}})",
                                      after));
    EXPECT_EQ(a.body.at("total").as_int64(), static_cast<std::int64_t>(p.crm.opportunities().size()));
    for (const auto& r : a.body.at("results").as_array()) {
      const std::string at{r.at("properties").at("hs_lastmodifieddate").as_string()};
      EXPECT_LE(last, at);
      last = at;
      seen.emplace_back(r.at("id").as_string());
    }
    const auto* paging = a.body.as_object().if_contains("paging");
    if (paging == nullptr) break;
    after += 50;
    EXPECT_EQ(paging->at("next").at("after").as_string(), std::to_string(after));
  }
  EXPECT_EQ((std::set<std::string>{seen.begin(), seen.end()}.size()), p.crm.opportunities().size());
  EXPECT_EQ(seen.size(), p.crm.opportunities().size());
}

TEST(HsLimits, StopASixthSearchAndTheHundredAndNinetyFirstCall) {
  bench_portal p;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(p.search("deals", "{}").status, 200);
  const auto over = p.search("deals", "{}");
  EXPECT_EQ(over.status, 429);
  EXPECT_THAT(over.reply.body, HasSubstr("RATE_LIMITS"));
  for (const auto& [name, v] : over.reply.headers) {
    EXPECT_NE(name, "Retry-After");
    EXPECT_NE(name, "X-HubSpot-RateLimit-Remaining");
  }
  for (int i = 0; i < 190; ++i) ASSERT_EQ(p.call("GET", "/account-info/v3/details").status, 200) << i;
  const auto burst = p.call("GET", "/account-info/v3/details");
  EXPECT_EQ(burst.status, 429);
  EXPECT_THAT(burst.reply.body, HasSubstr("TEN_SECONDLY_ROLLING"));
}

}  // namespace
}  // namespace coachd::sim
