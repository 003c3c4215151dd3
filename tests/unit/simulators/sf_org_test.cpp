#include "tests/simulators/sf_org.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::string history_of(bench_org& b, const std::string& id) {
  return b
      .query(
          "SELECT Field, OldValue, NewValue, DataType, CreatedById, CreatedDate FROM OpportunityFieldHistory WHERE "
          "OpportunityId IN ('" +
          id + "') AND CreatedDate >= 2026-03-02T08:00:30Z ORDER BY CreatedDate ASC, Id ASC LIMIT 200")
      .body;
}

TEST(SfIds, OrderAsTheirRowsAndCheckThemselves) {
  EXPECT_LT(make_id("006", 61), make_id("006", 62));
  EXPECT_LT(make_id("006", 9), make_id("006", 10));
  const auto id = make_id("006", 4711);
  EXPECT_EQ(id.size(), 18U);
  EXPECT_EQ(normal_id(id), id);
  EXPECT_EQ(normal_id(id.substr(0, 15)), id);
  EXPECT_EQ(normal_id("001D000000IRFma"), "001D000000IRFmaIAH");  // the vendor's own example
  auto wrong = id;
  wrong[17] = wrong[17] == 'A' ? 'B' : 'A';
  EXPECT_EQ(normal_id(wrong), "");
  EXPECT_EQ(normal_id("too short"), "");
}

TEST(SfOrg, AStageResetsWhatFollowsFromItUnlessItIsSentToo) {
  bench_org b;
  const auto id = b.plain_opportunity();
  const auto owner = b.owner_of(id);
  b.clock.advance(60s);
  ASSERT_TRUE(b.crm.update(id, {{"StageName", std::string{"Closed Won"}}}, owner, b.clock.now()));
  EXPECT_EQ(b.cell(id, "IsClosed"), "true");
  EXPECT_EQ(b.cell(id, "IsWon"), "true");
  EXPECT_EQ(b.cell(id, "Probability"), "100.0");
  EXPECT_EQ(b.cell(id, "ForecastCategory"), "Closed");
  EXPECT_EQ(b.cell(id, "LastStageChangeDate"), "2026-03-02T08:01:00.000+0000");
  EXPECT_EQ(b.cell(id, "SystemModstamp"), "2026-03-02T08:01:00.000+0000");
  ASSERT_TRUE(b.crm.update(id,
                           {{"StageName", std::string{"Negotiation/Review"}},
                            {"ForecastCategoryName", std::string{"Commit"}},
                            {"Probability", 55.0}},
                           owner, b.clock.now()));
  EXPECT_EQ(b.cell(id, "IsClosed"), "false");
  EXPECT_EQ(b.cell(id, "Probability"), "55.0");
  EXPECT_EQ(b.cell(id, "ForecastCategory"), "Forecast");
}

TEST(SfOrg, TrackedFieldsLeaveHistory) {
  bench_org b;
  const auto id = b.plain_opportunity();
  const auto owner = b.owner_of(id);
  b.clock.advance(60s);
  ASSERT_TRUE(b.crm.update(id,
                           {{"NextStep", std::string{"Call purchasing"}},
                            {"CloseDate", std::string{"2027-01-31"}},
                            {"LeadSource", std::string{"Web"}}},
                           owner, b.clock.now()));
  auto h = history_of(b, id);
  EXPECT_THAT(h, HasSubstr(R"("totalSize":2)"));  // the lead source is not tracked
  EXPECT_THAT(h, HasSubstr(R"("NewValue":"Call purchasing","DataType":"Text","CreatedById":")" + owner));
  EXPECT_THAT(h, HasSubstr(R"("NewValue":"2027-01-31","DataType":"DateOnly")"));
  const auto other = b.made.people[0].id;
  b.clock.advance(60s);
  ASSERT_TRUE(b.crm.update(id, {{"OwnerId", other}}, owner, b.clock.now()));
  h = history_of(b, id);
  EXPECT_EQ(times(h, R"("Field":"Owner")"), 2U);
  EXPECT_THAT(h, HasSubstr(R"("NewValue":"Ana Lorenz","DataType":"Text")"));
  EXPECT_THAT(h, HasSubstr(R"("NewValue":")" + other + R"(","DataType":"EntityId")"));
  // The same value again is no change.
  ASSERT_TRUE(b.crm.update(id, {{"OwnerId", other}}, owner, b.clock.now()));
  EXPECT_EQ(times(history_of(b, id), R"("Field":"Owner")"), 2U);
}

TEST(SfOrg, ClosedTasksRollUpAndOpenOnesDoNotMoveTheStamp) {
  bench_org b;
  const auto id = b.plain_opportunity();
  const auto before = b.cell(id, "SystemModstamp");
  b.clock.advance(60s);
  const auto task = b.task(id, b.owner_of(id));
  EXPECT_EQ(b.cell(id, "HasOpenActivity"), "true");
  EXPECT_EQ(b.cell(id, "SystemModstamp"), before);
  ASSERT_TRUE(b.crm.update(task, {{"ActivityDate", std::string{"2026-12-24"}}}, b.owner_of(id), b.clock.now()));
  EXPECT_NE(b.cell(id, "LastActivityDate"), "2026-12-24");
  b.clock.advance(60s);
  ASSERT_TRUE(b.crm.update(task, {{"Status", std::string{"Completed"}}}, b.owner_of(id), b.clock.now()));
  EXPECT_EQ(b.cell(task, "IsClosed"), "true");
  EXPECT_EQ(b.cell(id, "LastActivityDate"), "2026-12-24");
  EXPECT_EQ(b.cell(id, "SystemModstamp"), "2026-03-02T08:02:00.000+0000");
  b.clock.advance(60s);
  EXPECT_EQ(b.call("DELETE", "/sobjects/Task/" + task).status, 204);
  EXPECT_NE(b.cell(id, "LastActivityDate"), "2026-12-24");
  EXPECT_EQ(b.cell(id, "SystemModstamp"), "2026-03-02T08:03:00.000+0000");
}

TEST(SfOrg, ALateCommitShowsAnOldStampLater) {
  bench_org b;
  const auto id = b.plain_opportunity();
  const auto owner = b.owner_of(id);
  b.clock.advance(10s);
  const auto stamp = b.clock.now();
  b.crm.commit_later(stamp + 60s,
                     [&] { ASSERT_TRUE(b.crm.update(id, {{"NextStep", std::string{"late"}}}, owner, stamp)); });
  const std::string q = "SELECT Id FROM Opportunity WHERE SystemModstamp > 2026-03-02T08:00:05Z";
  b.clock.advance(50s);
  EXPECT_THAT(b.query(q).body, HasSubstr(R"("totalSize":0)"));
  b.clock.advance(10s);
  EXPECT_THAT(b.query(q).body, HasSubstr(id));
  EXPECT_EQ(b.cell(id, "SystemModstamp"), "2026-03-02T08:00:10.000+0000");
}

}  // namespace
}  // namespace coachd::sim
