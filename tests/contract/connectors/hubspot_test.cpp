// What only HubSpot does: an index that lags, instants shared by many records, history with a depth, people with three
// ids, a recycle bin, limits.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/simulators/hs_records.hpp"
#include "tests/simulators/hubspot_simulator.hpp"

namespace coachd::contract {
namespace {

using model::Failure;
using model::RecordId;
using model::Value;

TEST_F(HubSpotContract, FirstLoadReadsEveryRecordOnceById) {
  connect({.page = 7, .overlap = {}, .address = {}, .secret = {}, .network = {}});
  const auto all = opportunity_ids();
  std::string cursor;
  int pages = 0;
  const auto rows = read_all(cursor, {"dealname"}, &pages);
  ASSERT_EQ(rows.size(), all.size());
  for (std::size_t i = 0; i < rows.size(); ++i)
    EXPECT_NE(std::find(all.begin(), all.end(), rows[i].id.get()), all.end());
  EXPECT_GE(pages, static_cast<int>(all.size() / 7));
}

TEST_F(HubSpotContract, RecordsThatShareAnInstantBeyondAPageAreAllRead) {
  sim::hubspot_options options = small_portal();
  options.records = 450;
  World world(Kind::hubspot, std::make_unique<sim::hubspot_simulator>(std::move(options)));
  world.connect();
  const auto all = world.opportunity_ids();
  std::string cursor;
  world.read_all(cursor, {"hs_next_step"});
  world.pass(3600s);
  std::size_t changed = 0;
  for (const auto& id : all)
    changed += world.act(world.a_rep(), id, {{"hs_next_step", std::string("Call Dana")}}) ? 1u : 0u;
  ASSERT_GT(changed, 400u) << "all of one instant: the clock stands still";
  world.pass(60s);
  std::set<std::string> seen;
  for (const auto& row : world.read_all(cursor, {"hs_next_step"}))
    if (row.values[0].view() == Value::text("Call Dana")) seen.insert(row.id.get());
  EXPECT_EQ(seen.size(), changed);
}

// A portal that was read to the end, whose index shows a change so late; somebody changes a record.
struct LaggingPortal {
  explicit LaggingPortal(std::chrono::seconds lag) : world(Kind::hubspot, portal(lag)) {
    world.connect();
    changed = world.opportunity_ids()[5];
    world.read_all(cursor, {"hs_next_step"});
    world.pass(3600s);
    world.read_all(cursor, {"hs_next_step"});
    EXPECT_TRUE(world.act(world.a_rep(), changed, {{"hs_next_step", std::string("Ask Dana")}}));
  }
  static std::unique_ptr<sim::hubspot_simulator> portal(std::chrono::seconds lag) {
    sim::hubspot_options options = small_portal();
    options.index_lag = lag;
    return std::make_unique<sim::hubspot_simulator>(std::move(options));
  }
  /// How often that record was read in so many polls.
  std::ptrdiff_t polls(std::chrono::seconds every, int times) {
    std::ptrdiff_t read = 0;
    for (int i = 0; i < times; ++i) {
      world.pass(every);
      const auto rows = world.read_all(cursor, {"hs_next_step"});
      read += std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id.get() == changed; });
    }
    return read;
  }
  World world;
  std::string changed, cursor;
};

TEST_F(HubSpotContract, AChangeThatTheIndexShowsLateIsReadOnceItDoes) {
  EXPECT_EQ(LaggingPortal(120s).polls(30s, 10), 1) << "late, and not again and again while it lies in the overlap";
}

// Longer than the overlap: what was written meanwhile lies behind the window when it can be seen at last.
TEST_F(HubSpotContract, AChangeThatTheIndexShowedTooLateIsReadByTheNextDay) {
  LaggingPortal portal(40min);
  EXPECT_EQ(portal.polls(300s, 36), 0);
  EXPECT_EQ(portal.polls(3600s, 26), 1);
}

TEST_F(HubSpotContract, DescribesFieldsStagesAndPeople) {
  connect();
  const auto description = run(connector->describe({"deals"}));
  ASSERT_TRUE(description) << description.error().what;
  EXPECT_EQ(description->organisation, std::to_string(sim::hs_portal_id));
  EXPECT_FALSE(description->zone.empty());
  EXPECT_FALSE(description->sandbox);
  const auto& object = description->objects.at("deals");
  const auto names = hubspot::default_names();
  for (const auto& [canonical, own] : names.fields.at("opportunity"))
    if (canonical != "currency" && canonical != "source" && canonical != "type" && canonical != "stage_changed") {
      EXPECT_NE(object.find(own), nullptr) << canonical << " -> " << own;
    }
  ASSERT_NE(object.find("closedate"), nullptr);
  EXPECT_EQ(object.find("closedate")->type, model::FieldType::datetime);
  EXPECT_EQ(object.find("amount")->type, model::FieldType::currency);
  EXPECT_EQ(object.find("hubspot_owner_id")->type, model::FieldType::reference);
  ASSERT_NE(object.find("procurement_status"), nullptr);
  EXPECT_TRUE(object.find("procurement_status")->custom);
  EXPECT_FALSE(object.find("procurement_status")->options.empty());
  ASSERT_EQ(object.pipelines.size(), 2u);
  for (const auto& pipeline : object.pipelines) {
    EXPECT_TRUE(pipeline.stages.front().open());
    EXPECT_EQ(std::count_if(pipeline.stages.begin(), pipeline.stages.end(), [](const auto& s) { return s.won; }), 1);
    EXPECT_EQ(std::count_if(pipeline.stages.begin(), pipeline.stages.end(), [](const auto& s) { return s.lost; }), 1);
  }
  std::size_t reps = 0;
  for (const auto& person : crm.people().people) {
    if (person.job != "rep" || !person.active) continue;
    ++reps;
    const auto known = description->people.find(model::PersonId(person.id));
    ASSERT_NE(known, description->people.end());
    EXPECT_EQ(known->second.email, person.email);
    EXPECT_TRUE(known->second.active && known->second.human);
  }
  EXPECT_GT(reps, 0u);
  EXPECT_TRUE(std::any_of(description->people.begin(), description->people.end(), [](const auto& p) {
    return !p.second.human;
  })) << "the queue";
}

TEST_F(HubSpotContract, ValuesAreTypedAndUnknownColumnsAreUnread) {
  connect();
  const auto page = run(connector->fetch("deals", {RecordId(opportunity_ids()[0])},
                                         {"closedate", "amount", "hs_is_closed", "createdate", "hubspot_owner_id",
                                          "dealstage", "no_such_property", "pipeline"}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 1u);
  const auto& values = page->rows[0].values;
  EXPECT_EQ(values[0].view().kind(), Value::Kind::instant);
  EXPECT_TRUE(values[1].view().kind() == Value::Kind::number || values[1].view().is_blank());
  EXPECT_EQ(values[2].view().kind(), Value::Kind::boolean);
  EXPECT_EQ(values[3].view().kind(), Value::Kind::instant);
  EXPECT_EQ(values[4].view().kind(), Value::Kind::text);
  EXPECT_EQ(values[5].view().kind(), Value::Kind::text);
  EXPECT_TRUE(values[6].view().is_unread());
  EXPECT_EQ(values[7].view().kind(), Value::Kind::text);
  EXPECT_EQ(model::Instant(page->rows[0].created), values[3].view().as_instant());
}

TEST_F(HubSpotContract, HistoryComesWithTheRecordsAndIsCutAtItsDepth) {
  connect();
  const auto all = opportunity_ids();
  for (int i = 1; i <= 30; ++i) {
    crm.clock().advance(60s);
    ASSERT_TRUE(act(a_rep(), all[2], {{"amount", 1000.0 + i}}));
  }
  crm.clock().advance(60s);
  ASSERT_TRUE(act(a_rep(), all[3], {{"hubspot_owner_id", another_rep(field(all[3], "hubspot_owner_id"))}}));
  const auto page =
      run(connector->fetch("deals", {RecordId(all[2]), RecordId(all[3])}, {"amount", "hubspot_owner_id"}));
  ASSERT_TRUE(page) << page.error().what;
  std::size_t amounts = 0;
  std::set<std::string> vendor_ids;
  for (const auto& item : page->history) {
    EXPECT_TRUE(vendor_ids.insert(item.vendor_id).second) << item.vendor_id;
    if (item.field == "amount" && item.record.get() == all[2]) {
      ++amounts;
      EXPECT_EQ(item.row.author.get(), a_rep());
      EXPECT_EQ(item.row.to.view().as_number(), item.row.from.view().as_number() + 1);
    }
    if (item.field == "hubspot_owner_id" && item.record.get() == all[3]) {
      EXPECT_EQ(item.row.to.view().as_text(), field(all[3], "hubspot_owner_id"));
    }
  }
  EXPECT_EQ(amounts, 19u);
  ASSERT_EQ(page->cuts.size(), 1u);
  EXPECT_EQ(page->cuts[0].record.get(), all[2]);
  EXPECT_EQ(page->cuts[0].field, "amount");
  EXPECT_TRUE(page->history_since);
}

TEST_F(HubSpotContract, AWrongTokenIsOneClearSentence) {
  connect({.page = {}, .overlap = {}, .address = {}, .secret = "pat-na1-wrong-text", .network = {}});
  const auto page = run(connector->read({"deals", {"dealname"}, ""}));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::auth);
  EXPECT_EQ(page.error().what, "HubSpot refuses the token: it is wrong or was taken back (HTTP 401)");
  EXPECT_EQ(page.error().detail.find("wrong-text"), std::string::npos);
  EXPECT_EQ(connector->calls(), 1u);
}

TEST_F(HubSpotContract, AUsedUpDayIsNotKnockedAt) {
  connect();
  ASSERT_TRUE(run(connector->read({"deals", {"dealname"}, ""})));
  crm.set_fault("daily-limit", {});
  auto page = run(connector->read({"deals", {"dealname"}, ""}));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().failure, Failure::throttled);
  EXPECT_EQ(page.error().retry_after_us, std::chrono::microseconds(15h).count())
      << "08:00 UTC is 09:00 in Berlin: 15 hours to midnight";
  const auto before = connector->calls();
  page = run(connector->read({"deals", {"dealname"}, ""}));
  ASSERT_FALSE(page);
  EXPECT_EQ(connector->calls(), before);
}

TEST_F(HubSpotContract, ACursorThatIsNotOursIsRefused) {
  connect();
  for (const char* cursor : {"x", "{}", R"({"v":2,"of":"deals"})", R"({"v":1,"of":"contacts"})"}) {
    const auto page = run(connector->read({"deals", {"dealname"}, cursor}));
    ASSERT_FALSE(page) << cursor;
    EXPECT_EQ(page.error().failure, Failure::permanent);
  }
  const auto nothing = run(connector->read({"deals; DELETE", {"dealname"}, ""}));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().failure, Failure::permanent);
  EXPECT_FALSE(run(connector->read({"unicorns", {"name"}, ""})));
}

TEST_F(HubSpotContract, ABatchAnswersItemByItemInOrder) {
  connect();
  const auto all = opportunity_ids();
  std::vector<connectors::PromptWrite> batch;
  for (std::size_t i = 0; i < 5; ++i) batch.push_back(create(all[i], "000000000" + std::to_string(i)));
  batch[1].item.record = RecordId(words.nobody);
  batch[2].item.person = model::PersonId("");
  batch[3].item.person = model::PersonId("999999");
  const auto done = run(connector->write(batch));
  ASSERT_TRUE(done) << done.error().what;
  EXPECT_TRUE((*done)[0].crm_id);
  for (const std::size_t i : {1u, 2u, 3u}) {
    ASSERT_TRUE((*done)[i].error) << i;
    EXPECT_EQ((*done)[i].error->failure, Failure::permanent) << i;
    EXPECT_FALSE((*done)[i].error->may_have_happened);
  }
  EXPECT_TRUE((*done)[4].crm_id);
}

TEST_F(HubSpotContract, AllVersionsOfTheApiAreSpoken) {
  int number = 0;
  for (const char* const version : {"v3", "2026-03", "2026-09"}) {
    auto options = portal_settings();
    options.api_version = version;
    connect(options);
    const auto description = run(connector->describe({"deals"}));
    ASSERT_TRUE(description) << version << ": " << description.error().what;
    std::string cursor;
    EXPECT_EQ(read_all(cursor, {"dealname"}).size(), opportunity_ids().size());
    pass(60s);
    read_all(cursor, {"dealname"});
    const auto write = create(opportunity_ids()[0], "000000000" + std::to_string(++number));
    const auto done = run(connector->write({write}));
    ASSERT_TRUE(done && (*done)[0].crm_id) << version;
    EXPECT_EQ(run(connector->find({write.item}))->size(), 1u) << version;
  }
}

}  // namespace
}  // namespace coachd::contract
