// What stands beside records, of every CRM on the same company: what people did, and on which record.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/surroundings.hpp"
#include "rules/model/description.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/record.hpp"
#include "rules/model/value.hpp"
#include "tests/contract/connectors/world.hpp"

namespace coachd::contract {
namespace {

using connectors::Deed;
using model::Value;

class Desk {
 public:
  Desk(EveryCrm& crm, const char* source_name)
      : crm_(crm),
        around(crm.kind == Kind::salesforce ? salesforce::make_surroundings() : hubspot::make_surroundings()),
        source(*around->source(source_name)) {
    const auto described = crm.run(crm.connector->describe({}, {source.object, "no_such_object"}));
    EXPECT_TRUE(described) << described.error().what;
    if (!described) return;
    EXPECT_FALSE(described->objects.contains("no_such_object"));
    parents = around->parents(described->objects.at(source.object), crm.words.object);
    columns = source.columns;
    columns.insert(columns.end(), parents.begin(), parents.end());
  }
  // All that changed since the cursor.
  std::vector<model::RecordRow> read() {
    std::vector<model::RecordRow> rows;
    for (;;) {
      auto page = crm_.run(crm_.connector->read({source.object, columns, cursor}));
      EXPECT_TRUE(page) << page.error().what;
      if (!page) return rows;
      rows.insert(rows.end(), page->rows.begin(), page->rows.end());
      cursor = page->next;
      if (!page->more) return rows;
    }
  }
  [[nodiscard]] std::vector<Value> told(const model::RecordRow& row) const {
    std::vector<Value> values;
    for (std::size_t i = 0; i < source.columns.size(); ++i) values.push_back(row.values[i].view());
    return values;
  }
  [[nodiscard]] std::optional<Deed> deed(const model::RecordRow& row) const { return around->deed(source, told(row)); }
  [[nodiscard]] bool own(const model::RecordRow& row) const { return around->own(source, told(row)); }
  [[nodiscard]] std::string of(const model::RecordRow& row) const {
    const auto value = row.values.back().view();
    return value.kind() == Value::Kind::text ? std::string(value.as_text()) : std::string();
  }

 private:
  EveryCrm& crm_;

 public:
  std::shared_ptr<const connectors::Surroundings> around;
  const connectors::ActivitySource& source;
  std::vector<std::string> parents, columns;
  std::string cursor;
};

sim::field_values a_call(Kind kind, const std::string& record) {
  if (kind == Kind::salesforce)
    return {{"Subject", std::string("Call about the offer")},
            {"WhatId", record},
            {"Status", std::string("Completed")},
            {"TaskSubtype", std::string("Call")}};
  return {{"hs_task_subject", std::string("Call about the offer")},
          {"hs_timestamp", std::string("2026-03-02T08:00:00Z")},
          {"hs_task_status", std::string("COMPLETED")},
          {"hs_task_type", std::string("CALL")},
          {"associated", record}};
}

TEST_P(EveryCrm, TellsWhatAPersonDidAndOnWhichRecord) {
  connect();
  Desk desk(*this, "task");
  ASSERT_EQ(desk.parents.size(), 1u);
  const auto before = desk.read();
  ASSERT_FALSE(before.empty());
  pass(3600s);
  desk.read();  // repeats of the overlap
  const auto deal = opportunity_ids()[5];
  const auto made = crm.act_create(a_rep(), desk.source.object, a_call(kind, deal));
  ASSERT_TRUE(made);
  pass(60s);
  const auto rows = desk.read();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id.get() == *made; });
  ASSERT_NE(found, rows.end());
  EXPECT_EQ(desk.of(*found), deal);
  EXPECT_FALSE(desk.own(*found));
  const auto deed = desk.deed(*found);
  ASSERT_TRUE(deed);
  EXPECT_EQ(deed->kind, Deed::Kind::call);
  EXPECT_EQ(deed->state, Deed::State::done);
  EXPECT_EQ(deed->by, a_rep());
}

TEST_P(EveryCrm, TellsWithWhichContactAndOnWhichAccountItWas) {
  connect();
  const auto around = kind == Kind::salesforce ? salesforce::make_surroundings() : hubspot::make_surroundings();
  const auto& source = *around->source("task");
  const auto described = run(connector->describe({words.object}, {source.object}));
  ASSERT_TRUE(described) << described.error().what;
  const auto first = [&](std::string object, const std::string& column) {
    const auto page = run(connector->read({std::move(object), {column}, ""}));
    EXPECT_TRUE(page && !page->rows.empty());
    return page->rows.front();
  };
  const auto contact =
      first(kind == Kind::salesforce ? "Contact" : "contacts", kind == Kind::salesforce ? "Email" : "email").id.get();
  const auto up =
      around->parent(described->objects.at(words.object), kind == Kind::salesforce ? "Account" : "companies");
  const auto account = std::string(first(words.object, up).values[0].view().as_text());
  for (const auto& [kin, id] : {std::pair(connectors::Kin::contacts, contact), {connectors::Kin::account, account}}) {
    const auto column = around->kin_column(described->objects.at(source.object), kin);
    auto call = a_call(kind, id);
    if (kind == Kind::salesforce && kin == connectors::Kin::contacts) call[1].first = "WhoId";
    const auto made = crm.act_create(a_rep(), source.object, call);
    ASSERT_TRUE(made);
    const auto page = run(connector->fetch(source.object, {model::RecordId(*made)}, {column}));
    ASSERT_TRUE(page && page->rows.size() == 1);
    EXPECT_EQ(page->rows[0].values[0].view(), Value::text(id)) << column;
  }
}

TEST_P(EveryCrm, KnowsCoachdsOwnTaskAlsoAfterAPersonCompletedIt) {
  connect();
  Desk desk(*this, "task");
  desk.read();
  const auto deal = opportunity_ids()[6];
  const auto written = run(connector->write({create(deal, "0123456789")}));
  ASSERT_TRUE(written && written->front().crm_id);
  ASSERT_FALSE(crm.act_complete(a_rep(), *written->front().crm_id));
  pass(60s);
  const auto rows = desk.read();
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.id.get() == *written->front().crm_id; });
  ASSERT_NE(found, rows.end());
  EXPECT_EQ(desk.of(*found), deal);
  ASSERT_TRUE(desk.deed(*found));
  EXPECT_EQ(desk.deed(*found)->state, Deed::State::done);
  EXPECT_TRUE(desk.own(*found));
}

TEST_P(EveryCrm, MeetingsOfTheCalendarAreScheduledForTheirTime) {
  connect();
  Desk desk(*this, kind == Kind::salesforce ? "event" : "meeting");
  const auto rows = desk.read();
  ASSERT_FALSE(rows.empty());
  const auto deals = opportunity_ids();
  for (const auto& row : rows) {
    EXPECT_TRUE(std::find(deals.begin(), deals.end(), desk.of(row)) != deals.end()) << desk.of(row);
    const auto deed = desk.deed(row);
    ASSERT_TRUE(deed);
    EXPECT_EQ(deed->kind, Deed::Kind::meeting);
    EXPECT_EQ(deed->state, Deed::State::scheduled);
    EXPECT_EQ(deed->at.kind(), Value::Kind::instant);
    EXPECT_FALSE(deed->by.empty());
  }
}

TEST_F(SalesforceContract, ContactRolesNameTheirOpportunity) {
  connect();
  const auto around = salesforce::make_surroundings();
  const auto described = run(connector->describe({}, {"OpportunityContactRole"}));
  ASSERT_TRUE(described);
  const auto& role = described->objects.at("OpportunityContactRole");
  EXPECT_EQ(around->parents(role, "Opportunity"), std::vector<std::string>{"OpportunityId"});
  const auto deal = opportunity_ids()[3];
  std::string contact;
  crm.with_org([&](sim::org& org) { contact = org.get("Contact").cell(0, 0).text(); });
  ASSERT_TRUE(crm.act_create(a_rep(), "OpportunityContactRole",
                             {{"OpportunityId", deal}, {"ContactId", contact}, {"Role", std::string("Champion")}}));
  const auto page = run(connector->read({"OpportunityContactRole", {"OpportunityId", "Role"}, ""}));
  ASSERT_TRUE(page) << page.error().what;
  ASSERT_EQ(page->rows.size(), 1u);
  EXPECT_EQ(page->rows[0].values[0].view(), Value::text(deal));
  EXPECT_EQ(page->rows[0].values[1].view(), Value::text("Champion"));
}

}  // namespace
}  // namespace coachd::contract
