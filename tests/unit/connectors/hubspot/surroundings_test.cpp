// What rows of HubSpot's engagements tell, and by which columns records belong to others.
#include "connectors/surroundings.hpp"

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/hubspot/hubspot.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::hubspot {
namespace {

using connectors::Deed;
using connectors::Kin;
using model::Value;

Value at(const char* instant) {
  return Value::instant(*model::parse_instant(instant));
}
const Value then = at("2026-05-04T10:00:00Z");

class HubSpotAround : public testing::Test {
 protected:
  using Row = std::map<std::string, Value>;
  [[nodiscard]] std::vector<Value> values(const char* source, const Row& row) const {
    std::vector<Value> out;
    for (const auto& column : around->source(source)->columns)
      out.push_back(row.contains(column) ? row.at(column) : Value::blank());
    return out;
  }
  [[nodiscard]] std::optional<Deed> deed(const char* source, Row row = {}) const {
    row.try_emplace("hs_timestamp", then);
    row.try_emplace("hubspot_owner_id", Value::text("71"));
    return around->deed(*around->source(source), values(source, row));
  }
  std::shared_ptr<const connectors::Surroundings> around = make_surroundings();
};

TEST_F(HubSpotAround, CallsNotesAndMessagesAreDoneAtTheirTime) {
  for (const char* source : {"call", "note", "communication"}) {
    const auto done = deed(source);
    ASSERT_TRUE(done) << source;
    EXPECT_EQ(done->state, Deed::State::done) << source;
    EXPECT_EQ(done->at, then) << source;
    EXPECT_EQ(done->by, "71") << source;
    EXPECT_FALSE(deed(source, {{"hs_timestamp", Value::blank()}})) << source;
  }
  EXPECT_EQ(deed("call")->kind, Deed::Kind::call);
  EXPECT_FALSE(deed("call", {{"hs_call_status", Value::text("CANCELED")}}));
}

TEST_F(HubSpotAround, EmailsOfASequenceOrThatReachedNobodyDoNotCount) {
  EXPECT_EQ(deed("email")->kind, Deed::Kind::email);
  EXPECT_FALSE(deed("email")->outside);
  EXPECT_TRUE(deed("email", {{"hs_email_direction", Value::text("INCOMING_EMAIL")}})->outside);
  EXPECT_FALSE(deed("email", {{"hs_email_status", Value::text("BOUNCED")}}));
  EXPECT_FALSE(deed("email", {{"hs_sequence_id", Value::text("12")}}));
  EXPECT_TRUE(deed("email", {{"hs_sequence_id", Value::unread()}})) << "an account without sequences";
}

TEST_F(HubSpotAround, AMeetingIsScheduledUnlessItsOutcomeIsKnown) {
  EXPECT_EQ(deed("meeting")->state, Deed::State::scheduled);
  EXPECT_EQ(deed("meeting", {{"hs_meeting_start_time", at("2026-05-05T10:00:00Z")}})->at, at("2026-05-05T10:00:00Z"));
  EXPECT_EQ(deed("meeting", {{"hs_meeting_outcome", Value::text("COMPLETED")}})->state, Deed::State::done);
  for (const char* outcome : {"CANCELED", "NO_SHOW", "RESCHEDULED"})
    EXPECT_FALSE(deed("meeting", {{"hs_meeting_outcome", Value::text(outcome)}})) << outcome;
}

TEST_F(HubSpotAround, ATaskIsAPlanUntilItIsCompleted) {
  EXPECT_EQ(deed("task")->state, Deed::State::planned);
  const auto done = deed("task", {{"hs_task_status", Value::text("COMPLETED")},
                                  {"hs_task_type", Value::text("EMAIL")},
                                  {"hs_task_completion_date", at("2026-05-03T10:00:00Z")}});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->state, Deed::State::done);
  EXPECT_EQ(done->kind, Deed::Kind::email);
  EXPECT_EQ(done->at, at("2026-05-03T10:00:00Z"));
  EXPECT_EQ(done->due, then);
  EXPECT_EQ(done->completed, done->at);
  EXPECT_FALSE(deed("task")->completed.kind() == Value::Kind::instant) << "open";
}

TEST_F(HubSpotAround, NotesAreWhereSomebodySpokeOfARecordAndTextsAreNamed) {
  for (const auto& source : around->sources()) EXPECT_EQ(source.notes, source.name == "note") << source.name;
  for (const auto& source : around->sources()) EXPECT_EQ(source.shown_by, "") << source.name;
  EXPECT_EQ(around->source("note")->text, "hs_note_body");
  EXPECT_EQ(around->source("task")->text, "") << "automations write into it, too";
  EXPECT_EQ(around->source("email")->text, "") << "a mail is written to the customer";
}

TEST_F(HubSpotAround, CoachdsOwnTaskIsKnownByItsKeyOrItsSubject) {
  const auto own = [&](const Row& row) { return around->own(*around->source("task"), values("task", row)); };
  EXPECT_TRUE(own({{"coachd_key", Value::text("0123456789abcdef0123456789abcdef")}}));
  EXPECT_TRUE(own({{"hs_task_subject", Value::text("What happens next? [0123456789]")}}));
  EXPECT_FALSE(own({{"hs_task_subject", Value::text("Call Dana")}, {"coachd_key", Value::unread()}}));
}

TEST_F(HubSpotAround, AssociationsAreTheParents) {
  model::ObjectDescription tasks, own;
  tasks.name = "tasks";
  own.name = "p1_machines";
  EXPECT_EQ(around->parents(tasks, "deals"), std::vector<std::string>{"associations.deals"});
  EXPECT_TRUE(around->parents(tasks, "tasks").empty());
  EXPECT_TRUE(around->parents(own, "deals").empty());
}

TEST_F(HubSpotAround, ContactsAndCompaniesAreAssociationsToo) {
  model::ObjectDescription deals, calls, own;
  deals.name = "deals";
  calls.name = "calls";
  own.name = "p1_machines";
  EXPECT_EQ(around->parent(deals, "companies"), "associations.companies.primary");
  EXPECT_EQ(around->parent(calls, "deals"), "associations.deals");
  EXPECT_EQ(around->parent(own, "companies"), "");
  EXPECT_EQ(around->kin("deals", Kin::contacts)->column, "associations.contacts");
  EXPECT_EQ(around->kin("deals", Kin::account)->column, "associations.companies");
  EXPECT_TRUE(around->kin("companies", Kin::account)->column.empty()) << "it is its own";
  EXPECT_FALSE(around->kin("p1_machines", Kin::contacts));
  EXPECT_EQ(around->kin_column(calls, Kin::contacts), "associations.contacts");
  EXPECT_EQ(around->kin_column(calls, Kin::account), "associations.companies");
}

}  // namespace
}  // namespace coachd::hubspot
