// What rows of tasks, events and e-mails tell, and which lookups make a record part of another.
#include "connectors/surroundings.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/salesforce.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::salesforce {
namespace {

using connectors::Deed;
using connectors::Kin;
using model::Value;

const Value yes = Value::boolean(true);
const Value no = Value::boolean(false);

Value at(const char* instant) {
  return Value::instant(*model::parse_instant(instant));
}
Value on(const char* day) {
  return Value::day(*model::parse_day(day));
}

class Around : public testing::Test {
 protected:
  using Row = std::map<std::string, Value>;
  [[nodiscard]] std::vector<Value> values(const char* source, const Row& row) const {
    std::vector<Value> out;
    for (const auto& column : around->source(source)->columns)
      out.push_back(row.contains(column) ? row.at(column) : Value::blank());
    return out;
  }
  [[nodiscard]] std::optional<Deed> deed(const char* source, const Row& row) const {
    return around->deed(*around->source(source), values(source, row));
  }
  [[nodiscard]] bool own(const char* source, const Row& row) const {
    return around->own(*around->source(source), values(source, row));
  }
  std::shared_ptr<const connectors::Surroundings> around = make_surroundings();
};

TEST_F(Around, ACompletedTaskWasDoneWhenItWasCompletedElseOnItsDay) {
  const Row call{{"IsClosed", yes},
                 {"TaskSubtype", Value::text("Call")},
                 {"ActivityDate", on("2026-04-30")},
                 {"CompletedDateTime", at("2026-04-28T10:00:00Z")},
                 {"Subject", Value::text("Call Dana")},
                 {"OwnerId", Value::text("005A")}};
  const auto done = deed("task", call);
  ASSERT_TRUE(done);
  EXPECT_EQ(done->kind, Deed::Kind::call);
  EXPECT_EQ(done->state, Deed::State::done);
  EXPECT_EQ(done->at, at("2026-04-28T10:00:00Z"));
  EXPECT_EQ(done->by, "005A");
  EXPECT_EQ(done->due, on("2026-04-30"));
  EXPECT_EQ(done->completed, done->at);
  EXPECT_EQ(done->subject, "Call Dana");
  auto dated = call;
  dated.erase("CompletedDateTime");
  EXPECT_EQ(deed("task", dated)->at, on("2026-04-30"));
  dated.erase("ActivityDate");
  EXPECT_FALSE(deed("task", dated)) << "nobody knows when";
}

TEST_F(Around, AnOpenTaskIsAPlan) {
  const auto plan = deed("task", {{"IsClosed", no}, {"ActivityDate", on("2026-05-20")}});
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->state, Deed::State::planned);
  EXPECT_EQ(plan->at, on("2026-05-20"));
}

TEST_F(Around, WhereTheMarkCannotBeReadTheStatusTells) {
  const Row row{
      {"IsClosed", Value::unread()}, {"Status", Value::text("Completed")}, {"ActivityDate", on("2026-05-20")}};
  EXPECT_EQ(deed("task", row)->state, Deed::State::done);
}

TEST_F(Around, KindsComeFromTheSubtypeElseFromTheType) {
  const auto kind = [&](const char* subtype, const char* type) {
    return deed("task", {{"IsClosed", yes},
                         {"TaskSubtype", Value::text(subtype)},
                         {"Type", Value::text_or_blank(type)},
                         {"ActivityDate", on("2026-05-01")}})
        ->kind;
  };
  EXPECT_EQ(kind("Email", ""), Deed::Kind::email);
  EXPECT_EQ(kind("Task", ""), Deed::Kind::task);
  EXPECT_EQ(kind("Task", "Call"), Deed::Kind::call);
  EXPECT_EQ(kind("Task", "Meeting"), Deed::Kind::meeting);
}

TEST_F(Around, BulkMailAndTheHeadOfASeriesAreNoActivities) {
  EXPECT_FALSE(
      deed("task", {{"IsClosed", yes}, {"TaskSubtype", Value::text("ListEmail")}, {"ActivityDate", on("2026-05-01")}}));
  EXPECT_FALSE(deed("task", {{"IsClosed", yes}, {"IsRecurrence", yes}, {"ActivityDate", on("2026-05-01")}}));
  EXPECT_FALSE(deed("event", {{"IsRecurrence", yes}, {"StartDateTime", at("2026-05-01T10:00:00Z")}}));
}

TEST_F(Around, AnEventIsScheduledForItsStart) {
  const auto meeting = deed("event", {{"StartDateTime", at("2026-05-04T10:00:00Z")}, {"OwnerId", Value::text("005A")}});
  ASSERT_TRUE(meeting);
  EXPECT_EQ(meeting->kind, Deed::Kind::meeting);
  EXPECT_EQ(meeting->state, Deed::State::scheduled);
  EXPECT_EQ(meeting->at, at("2026-05-04T10:00:00Z"));
  EXPECT_EQ(deed("event", {{"StartDateTime", Value::unread()}, {"ActivityDateTime", at("2026-05-04T11:00:00Z")}})->at,
            at("2026-05-04T11:00:00Z"));
  EXPECT_EQ(
      deed("event",
           {{"IsAllDayEvent", yes}, {"StartDateTime", at("2026-05-04T00:00:00Z")}, {"ActivityDate", on("2026-05-04")}})
          ->at,
      on("2026-05-04"))
      << "a day is a day in every zone";
}

TEST_F(Around, AnEmailThatWasSentCountsADraftAndABouncedOneDoNot) {
  const Row sent{{"MessageDate", at("2026-05-04T10:00:00Z")}, {"Status", Value::text("3")}, {"Incoming", no}};
  ASSERT_TRUE(deed("email_message", sent));
  EXPECT_FALSE(deed("email_message", sent)->outside);
  auto row = sent;
  row["Incoming"] = yes;
  EXPECT_TRUE(deed("email_message", row)->outside);
  row["Status"] = Value::text("5");
  EXPECT_FALSE(deed("email_message", row));
  row = sent;
  row["IsBounced"] = yes;
  EXPECT_FALSE(deed("email_message", row));
}

TEST_F(Around, CoachdsOwnTaskIsKnownByItsSubject) {
  EXPECT_TRUE(own("task", {{"Subject", Value::text("What happens next? [0123456789]")}}));
  EXPECT_FALSE(own("task", {{"Subject", Value::text("Call about the offer [draft]")}}));
  EXPECT_FALSE(own("event", {}));
}

model::ObjectDescription described(const char* name, const std::vector<std::string>& lookups) {
  model::ObjectDescription d;
  d.name = name;
  for (const auto& lookup : lookups) {
    model::FieldDescription f;
    f.name = lookup;
    f.type = model::FieldType::reference;
    d.fields.push_back(f);
  }
  return d;
}

TEST_F(Around, ParentsAreTheLookupsThatNameThem) {
  using Columns = std::vector<std::string>;
  const auto task = described("Task", {"WhatId", "WhoId", "AccountId"});
  EXPECT_EQ(around->parents(task, "Opportunity"), Columns{"WhatId"});
  EXPECT_EQ(around->parents(task, "Contact"), Columns{"WhoId"});
  const auto role = described("OpportunityContactRole", {"OpportunityId", "ContactId"});
  EXPECT_EQ(around->parents(role, "Opportunity"), Columns{"OpportunityId"});
  EXPECT_EQ(around->parents(role, "Account"), Columns{});
  EXPECT_EQ(around->parents(described("Paper__c", {"Deal__c"}), "Deal__c"), Columns{"Deal__c"});
  EXPECT_EQ(around->parents(described("EmailMessage", {"RelatedToId"}), "Opportunity"), Columns{"RelatedToId"});
  auto no_lookup = described("Quote", {"OpportunityId"});
  no_lookup.fields[0].type = model::FieldType::text;
  EXPECT_EQ(around->parents(no_lookup, "Opportunity"), Columns{});
  EXPECT_EQ(around->parent(described("Opportunity", {"AccountId", "Account__c"}), "Account"), "AccountId");
  EXPECT_EQ(around->parent(described("Opportunity", {"OwnerId"}), "Account"), "");
}

TEST_F(Around, ContactsOfADealAreItsContactRolesAndItsAccountIsALookup) {
  const auto contacts = around->kin("Opportunity", Kin::contacts);
  ASSERT_TRUE(contacts);
  EXPECT_EQ(contacts->object + ' ' + contacts->record + ' ' + contacts->column,
            "OpportunityContactRole OpportunityId ContactId");
  EXPECT_EQ(around->kin("Opportunity", Kin::account)->column, "AccountId");
  EXPECT_EQ(around->kin("Account", Kin::contacts)->object, "Contact");
  EXPECT_TRUE(around->kin("Account", Kin::account)->column.empty()) << "it is its own";
  EXPECT_FALSE(around->kin("Lead", Kin::account));
  const auto task = described("Task", {"WhatId", "WhoId", "AccountId"});
  EXPECT_EQ(around->kin_column(task, Kin::contacts), "WhoId");
  EXPECT_EQ(around->kin_column(task, Kin::account), "AccountId");
  EXPECT_EQ(around->kin_column(described("Task", {"WhatId", "WhoId"}), Kin::account), "") << "it cannot be seen";
  EXPECT_EQ(around->kin_column(described("EmailMessage", {"RelatedToId"}), Kin::contacts), "");
  EXPECT_EQ(around->source("email_message")->shown_by, "task");
}

}  // namespace
}  // namespace coachd::salesforce
