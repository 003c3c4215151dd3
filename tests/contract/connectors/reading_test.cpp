#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/contract/connectors/world.hpp"

namespace coachd::contract {
namespace {

using connectors::HistoryItem;
using model::RecordId;
using model::Value;

std::set<std::string> ids_of(const std::vector<model::RecordRow>& rows) {
  std::set<std::string> ids;
  for (const auto& row : rows) ids.insert(row.id.get());
  return ids;
}

TEST_F(SalesforceContract, FirstLoadReadsEveryRecordOnceInTheOrderOfIds) {
  const auto all = opportunity_ids();
  auto options = settings();
  options.page = 5;
  connect(options);
  std::string cursor;
  int pages = 0;
  const auto rows = read_all(cursor, {"Name"}, &pages);
  EXPECT_EQ(rows.size(), all.size());
  EXPECT_EQ(ids_of(rows), std::set<std::string>(all.begin(), all.end()));
  EXPECT_GE(pages, static_cast<int>(all.size() / 5));
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.id < b.id; }));
}

TEST_F(SalesforceContract, AMassUpdateIsReadWholeThoughStampsAreEqual) {
  auto options = settings();
  options.page = 5;
  connect(options);
  std::string cursor;
  const auto all = opportunity_ids();
  read_all(cursor, {"Name"});
  pass(3600s);
  read_all(cursor, {"Name"});  // repeats of the overlap
  // half of the records get one and the same stamp: more than ten pages of it
  std::set<std::string> changed;
  for (std::size_t i = 0; i < all.size(); i += 2) {
    ASSERT_FALSE(crm.act_update(a_rep(), all[i], {{"NextStep", std::string("Call Dana")}}));
    changed.insert(all[i]);
  }
  pass(60s);
  const auto rows = read_all(cursor, {"Name"});
  EXPECT_EQ(rows.size(), changed.size());
  EXPECT_EQ(ids_of(rows), changed);
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::tie(a.version, a.id) < std::tie(b.version, b.id);
  }));
}

TEST_F(SalesforceContract, ShortPagesAreNotTheEnd) {
  connect();
  crm.set_fault("short-page", {});
  std::string cursor;
  EXPECT_EQ(read_all(cursor, {"Name"}).size(), opportunity_ids().size());
}

TEST_F(SalesforceContract, ValuesAreTypedAndUnknownColumnsAreUnread) {
  connect();
  const auto page = run(connector->fetch(
      "Opportunity", {RecordId(opportunity_ids()[0])},
      {"CloseDate", "Amount", "IsClosed", "CreatedDate", "OwnerId", "StageName", "No_Such_Field__c", "Account.Name"}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 1u);
  ASSERT_EQ(page->columns.size(), 8u);
  const auto& values = page->rows[0].values;
  EXPECT_EQ(values[0].view().kind(), Value::Kind::day);
  EXPECT_TRUE(values[1].view().kind() == Value::Kind::number || values[1].view().is_blank());
  EXPECT_EQ(values[2].view().kind(), Value::Kind::boolean);
  EXPECT_EQ(values[3].view().kind(), Value::Kind::instant);
  EXPECT_EQ(values[4].view().as_text().size(), 18u);
  EXPECT_EQ(values[5].view().kind(), Value::Kind::text);
  EXPECT_TRUE(values[6].view().is_unread());
  EXPECT_EQ(values[7].view().kind(), Value::Kind::text);
  EXPECT_EQ(model::Instant(page->rows[0].created), values[3].view().as_instant());
}

TEST_F(SalesforceContract, FetchAsksForManyIdsInFewCalls) {
  connect();
  const auto all = opportunity_ids();
  std::vector<RecordId> ids;
  ids.reserve(all.size() + 2);
  for (const auto& id : all) ids.emplace_back(id);
  ids.emplace_back("006000000000000AAA");  // nobody
  ids.emplace_back("no id' OR Name != '");
  run(connector->fetch("Opportunity", {ids[0]}, {"Name"}));
  const auto before = connector->calls();
  const auto page = run(connector->fetch("Opportunity", ids, {"Name"}));
  ASSERT_TRUE(page) << page.error().what;
  EXPECT_EQ(page->rows.size(), all.size());
  EXPECT_EQ(connector->calls() - before, 1u);
}

TEST_F(SalesforceContract, HistoryIsTypedAndLookupsComeOnce) {
  connect();
  const auto all = opportunity_ids();
  std::string cursor;
  const std::vector<std::string> fields{"NextStep", "OwnerId", "CloseDate", "Amount", "StageName"};
  std::vector<HistoryItem> rows;
  std::optional<model::Instant> complete_since;
  const auto read_history = [&] {
    rows.clear();
    for (bool more = true; more;) {
      const auto page = run(connector->history({"Opportunity", fields, cursor}));
      ASSERT_TRUE(page) << page.error().what;
      if (cursor.empty()) {
        complete_since = page->complete_since;
        for (const auto& field : fields)
          EXPECT_EQ(page->field_since.contains(field), field != "OwnerId" || page->field_since.contains("OwnerId"));
      }
      rows.insert(rows.end(), page->rows.begin(), page->rows.end());
      cursor = page->next;
      more = page->more;
    }
  };
  read_history();
  ASSERT_TRUE(complete_since);
  EXPECT_FALSE(rows.empty());
  std::set<std::string> vendor_ids;
  for (const auto& item : rows) EXPECT_TRUE(vendor_ids.insert(item.vendor_id).second);

  pass(3600s);
  std::string other;
  for (const auto& person : crm.people().people)
    if (person.job == "rep" && person.active && person.id != crm.field(all[2], "OwnerId")) other = person.id;
  const std::string owner = crm.field(all[2], "OwnerId");
  ASSERT_FALSE(crm.act_update(a_rep(), all[2],
                              {{"OwnerId", other},
                               {"CloseDate", std::string("2026-09-30")},
                               {"Amount", 4711.0},
                               {"NextStep", std::string("Meet Dana")}}));
  pass(60s);
  read_history();
  std::map<std::string, int> count;
  for (const auto& item : rows) {
    ASSERT_EQ(item.record.get(), all[2]);
    ++count[item.field];
    EXPECT_EQ(item.row.author.get(), a_rep());
    EXPECT_EQ(item.row.source, model::HistorySource::vendor);
    if (item.field == "OwnerId") {
      EXPECT_EQ(item.row.from.view(), Value::text(owner));
      EXPECT_EQ(item.row.to.view(), Value::text(other));
    }
    if (item.field == "CloseDate") {
      EXPECT_EQ(item.row.to.view(), Value::day(*model::parse_day("2026-09-30")));
      EXPECT_EQ(item.row.from.view().kind(), Value::Kind::day);
    }
    if (item.field == "Amount") {
      EXPECT_EQ(item.row.to.view(), Value::number(4711));
    }
    if (item.field == "NextStep") {
      EXPECT_EQ(item.row.to.view(), Value::text("Meet Dana"));
    }
  }
  EXPECT_EQ(count, (std::map<std::string, int>{{"OwnerId", 1}, {"CloseDate", 1}, {"Amount", 1}, {"NextStep", 1}}));
}

TEST_F(SalesforceContract, DescribesFieldsStagesAndPeople) {
  auto options = settings();
  options.bots = {crm.people().people.back().email};
  connect(options);
  const auto description = run(connector->describe({"Opportunity"}));
  ASSERT_TRUE(description) << description.error().what;
  EXPECT_EQ(description->organisation, crm.people().organisation);
  EXPECT_FALSE(description->organisation_name.empty());
  EXPECT_FALSE(description->zone.empty());
  EXPECT_FALSE(description->sandbox);
  const auto& object = description->objects.at("Opportunity");
  ASSERT_NE(object.find("CloseDate"), nullptr);
  EXPECT_EQ(object.find("CloseDate")->type, model::FieldType::date);
  EXPECT_TRUE(object.find("CloseDate")->required);
  EXPECT_EQ(object.find("Amount")->type, model::FieldType::currency);
  EXPECT_EQ(object.find("OwnerId")->type, model::FieldType::reference);
  EXPECT_FALSE(object.find("Procurement_Status__c")->options.empty());
  EXPECT_TRUE(object.find("Procurement_Status__c")->custom);
  ASSERT_EQ(object.pipelines.size(), 2u);
  for (const auto& pipeline : object.pipelines) {
    EXPECT_EQ(pipeline.name.size(), 18u);
    ASSERT_GE(pipeline.stages.size(), 8u);
    EXPECT_EQ(pipeline.stages.front().name, "Prospecting");
    EXPECT_TRUE(pipeline.stages.front().open());
    EXPECT_EQ(std::count_if(pipeline.stages.begin(), pipeline.stages.end(), [](const auto& s) { return s.won; }), 1);
    EXPECT_EQ(std::count_if(pipeline.stages.begin(), pipeline.stages.end(), [](const auto& s) { return s.lost; }), 1);
  }
  EXPECT_EQ(description->people.size(), crm.people().people.size());
  for (const auto& person : crm.people().people) {
    const auto& known = description->people.at(model::PersonId(person.id));
    EXPECT_EQ(known.email, person.email);
    EXPECT_EQ(known.manager.get(), person.manager);
    EXPECT_EQ(known.zone, person.zone);
    EXPECT_EQ(known.active, person.active);
    EXPECT_EQ(known.human, person.job != "integration" && person.email != options.bots[0]) << person.name;
  }
}

TEST_F(SalesforceContract, ACursorThatIsNotOursIsRefused) {
  connect();
  for (const char* cursor : {"x", "{}", R"({"v":2,"of":"Opportunity"})", R"({"v":1,"of":"Account"})",
                             R"({"v":1,"of":"Opportunity","mark":"today"})"}) {
    const auto page = run(connector->read({"Opportunity", {"Name"}, cursor}));
    ASSERT_FALSE(page) << cursor;
    EXPECT_EQ(page.error().failure, model::Failure::permanent);
  }
  const auto nothing = run(connector->read({"Opportunity; DELETE", {"Name"}, ""}));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().failure, model::Failure::permanent);
  EXPECT_FALSE(run(connector->read({"Unicorn__c", {"Name"}, ""})));
}

}  // namespace
}  // namespace coachd::contract
