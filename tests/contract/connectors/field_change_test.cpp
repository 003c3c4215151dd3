// A retired field in the CRM: hidden, shown, archived, and looked for; nothing else of the set-up can be changed.
#include <gtest/gtest.h>

#include <string>

#include "connectors/connector.hpp"
#include "rules/model/error.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/simulators/hubspot_simulator.hpp"

namespace coachd::contract {
namespace {

using connectors::FieldChange;
using Do = FieldChange::Op;
using model::Failure;

class FieldChangeTest : public testing::Test, public World {
 protected:
  FieldChangeTest() : World(Kind::hubspot) { connect(); }
  connectors::Result<bool> change(Do op, const std::string& name = "champion") {
    return run(connector->change_field({op, "deals", name}));
  }
  bool described(const std::string& name = "champion") {
    const auto d = run(connector->describe({"deals"}));
    EXPECT_TRUE(d);
    return d && d->objects.at("deals").find(name) != nullptr;
  }
  bool restore() { return dynamic_cast<sim::hubspot_simulator&>(company()).restore_property("deals", "champion"); }
};

TEST_F(FieldChangeTest, HidesAndShows) {
  EXPECT_TRUE(connector->capabilities().changes_fields);
  EXPECT_TRUE(change(Do::hide));
  EXPECT_TRUE(change(Do::hide)) << "it says what shall be";
  EXPECT_TRUE(described()) << "hidden from people, not from the API: its values can still be read";
  EXPECT_TRUE(change(Do::show));
  EXPECT_EQ(written("PATCH"), 3u);
}

TEST_F(FieldChangeTest, ArchivesAndIsBroughtBackByAPerson) {
  EXPECT_TRUE(change(Do::look));
  EXPECT_TRUE(change(Do::archive));
  EXPECT_TRUE(change(Do::archive)) << "what is archived already";
  EXPECT_FALSE(described());
  for (const auto op : {Do::look, Do::show, Do::hide}) {
    const auto gone = change(op);
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().failure, Failure::permanent);
    EXPECT_NE(gone.error().what.find("within 90 days: Settings > Properties > Archived"), std::string::npos)
        << gone.error().what;
  }
  ASSERT_TRUE(restore());
  EXPECT_TRUE(change(Do::look));
  EXPECT_TRUE(described());
  EXPECT_EQ(written("DELETE"), 1u);
}

TEST_F(FieldChangeTest, HubSpotsOwnAreNotTouched) {
  for (const auto op : {Do::hide, Do::archive}) {
    const auto refused = change(op, "amount");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().failure, Failure::permanent);
    EXPECT_NE(refused.error().what.find("HubSpot's own"), std::string::npos) << refused.error().what;
  }
  EXPECT_FALSE(change(Do::hide, "../deals"));
  EXPECT_TRUE(company().ledger_rows().empty());
}

TEST_F(FieldChangeTest, ALostAnswerIsInDoubtAndRepeatingSettlesIt) {
  ASSERT_TRUE(change(Do::look));
  company().set_fault("answer-lost", {.share = 1, .count = 100, .value = {}, .only = "PATCH"});
  const auto lost = change(Do::hide);
  ASSERT_FALSE(lost);
  EXPECT_TRUE(lost.error().may_have_happened);
  company().set_fault("answer-lost", {.share = 0, .count = 0, .value = {}, .only = "PATCH"});
  EXPECT_TRUE(change(Do::hide));
}

TEST_F(SalesforceContract, ChangesNoFieldByItself) {
  connect();
  EXPECT_FALSE(connector->capabilities().changes_fields);
  const auto refused = run(connector->change_field({Do::hide, "Opportunity", "Champion__c"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, Failure::permanent);
}

}  // namespace
}  // namespace coachd::contract
