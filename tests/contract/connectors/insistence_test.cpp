// What a CRM insists on beside its fields' own marks, as connectors read it, and what reading it costs.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/simulators/faults.hpp"

namespace coachd::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> required(const model::ObjectDescription& o, const std::string& field) {
  std::vector<std::string> out;
  for (const auto& r : o.find(field)->required_where) out.push_back(words(r, o.pipelines));
  return out;
}

class SalesforceInsists : public SalesforceContract {
 protected:
  model::ObjectDescription described() {
    const auto description = run(connector->describe({"Opportunity"}));
    EXPECT_TRUE(description) << description.error().what;
    return description ? description->objects.at("Opportunity") : model::ObjectDescription();
  }
  /// Calls that one more describe costs.
  std::uint64_t cost() {
    const auto before = connector->calls();
    (void)described();
    return connector->calls() - before;
  }
};

TEST_F(SalesforceInsists, ValidationRulesAreReadForTheFieldsTheyAskFor) {
  connect();
  const auto o = described();
  EXPECT_EQ(o.insists.rules_untold, "");
  EXPECT_THAT(required(o, "Procurement_Status__c"),
              ElementsAre("validation rule Procurement_by_matrix was not read: it looks something up on other records "
                          "(VLOOKUP)",
                          "validation rule Procurement_required requires it from Prospecting on"));
  EXPECT_THAT(required(o, "Implementation_Risk__c"),
              ElementsAre("validation rule Risk_required requires it from Qualification on"));
  EXPECT_THAT(required(o, "Champion__c"),
              ElementsAre("validation rule Champion_from_proposal requires it from Proposal/Price Quote on"))
      << "the rule that is switched off asks for nothing";
  EXPECT_THAT(required(o, "Loss_Reason__c"),
              ElementsAre("validation rule Loss_reason_when_lost requires it in Closed Lost"));
  EXPECT_THAT(required(o, "Amount"),
              ElementsAre("validation rule Amount_not_negative was not read: what a comparison with a blank number, "
                          "date or lookup comes to"));
  EXPECT_THAT(required(o, "NextStep"), IsEmpty());
  std::vector<std::string> names;
  for (const auto& r : o.insists.rules) {
    names.push_back(r.name);
    EXPECT_EQ(r.active, r.name != "Champion_at_creation");
    EXPECT_EQ(r.formula.empty(), !r.active);
    EXPECT_EQ(r.unread.empty(), (r.name != "Procurement_by_matrix" && r.name != "Amount_not_negative"));
  }
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(names.size(), 7u);
}

TEST_F(SalesforceInsists, LayoutsAreReadByRecordType) {
  connect();
  const auto o = described();
  EXPECT_EQ(o.insists.layouts_untold, "");
  EXPECT_THAT(o.insists.layouts, ElementsAre("New business", "Renewal"));
  EXPECT_THAT(required(o, "LeadSource"), ElementsAre("the page layout requires it")) << "both of them";
  EXPECT_THAT(required(o, "Decision_Process__c"), ElementsAre("the page layout of New business requires it"));
  EXPECT_EQ(o.find("Decision_Process__c")->required_where.at(0).pipeline.size(), 18u);
  EXPECT_THAT(required(o, "CloseDate"), IsEmpty()) << "required by the field itself";
  EXPECT_THAT(required(o, "NextStep"), IsEmpty());
}

TEST_F(SalesforceInsists, ALayoutWithoutRecordTypesIsEverybodys) {
  connect();
  const auto description = run(connector->describe({"Account"}));
  ASSERT_TRUE(description) << description.error().what;
  const auto& o = description->objects.at("Account");
  EXPECT_THAT(o.insists.layouts, ElementsAre(""));
  EXPECT_THAT(required(o, "Industry"), ElementsAre("the page layout requires it"));
  EXPECT_THAT(o.insists.rules, IsEmpty());
  EXPECT_EQ(o.insists.rules_untold, "");
}

TEST_F(SalesforceInsists, OnlyWhatChangedCostsAnotherCall) {
  connect();
  (void)described();
  const auto usual = cost();
  EXPECT_EQ(cost(), usual);
  // once more: describe, organisation, people, stages, record types, tracking; and the list of rules
  EXPECT_EQ(usual, 7u);
  ASSERT_TRUE(crm.change_validation_rule("Risk_required", {}, "AND(ISNEW(), ISBLANK(Implementation_Risk__c))"));
  EXPECT_EQ(cost(), usual + 1) << "one formula";
  EXPECT_THAT(required(described(), "Implementation_Risk__c"),
              ElementsAre("validation rule Risk_required requires it, where the record is new"));
  ASSERT_TRUE(crm.change_validation_rule("Champion_at_creation", true, {}));
  EXPECT_EQ(cost(), usual + 1);
  EXPECT_EQ(required(described(), "Champion__c").size(), 2u);
  pass(std::chrono::hours(25));
  EXPECT_EQ(cost(), usual + 3) << "layouts once a day: the list, and one of each of two record types";
}

TEST_F(SalesforceInsists, WithoutTheRightTheRestIsStillDescribed) {
  connect();
  crm.set_fault("no-setup-right", {});
  const auto o = described();
  EXPECT_THAT(o.insists.rules_untold, HasSubstr("View Setup and Configuration"));
  EXPECT_THAT(o.insists.rules_untold, HasSubstr("INVALID_TYPE"));
  EXPECT_THAT(o.insists.rules, IsEmpty());
  EXPECT_THAT(required(o, "LeadSource"), ElementsAre("the page layout requires it"));
  EXPECT_FALSE(o.pipelines.empty());
}

TEST_F(SalesforceInsists, AnAnswerThatDoesNotComeLeavesWhatWasKnown) {
  auto options = settings();
  options.retry.attempts = 1;
  connect(options);
  sim::fault_setting tooling;
  tooling.only = "/tooling/";
  crm.set_fault("502", tooling);
  EXPECT_THAT(described().insists.rules_untold, HasSubstr("could not be read this time"));
  crm.faults().clear();
  const auto before = described();
  EXPECT_EQ(before.insists.rules.size(), 7u);
  crm.set_fault("502", tooling);
  EXPECT_EQ(described().insists, before.insists);
}

TEST_F(HubSpotContract, SaysWhatItsApiDoesNotTell) {
  connect();
  const auto description = run(connector->describe({"deals"}));
  ASSERT_TRUE(description) << description.error().what;
  const auto& insists = description->objects.at("deals").insists;
  EXPECT_EQ(insists.rules_untold, "HubSpot does not tell which properties a stage requires");
  EXPECT_EQ(insists.layouts_untold, "HubSpot does not tell which properties its forms for new records require");
}

}  // namespace
}  // namespace coachd::contract
