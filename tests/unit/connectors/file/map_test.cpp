#include "connectors/file/map.hpp"

#include <gmock/gmock.h>

namespace coachd::file {
namespace {

// The example of the contract (rule files, Exports).
constexpr const char* example = R"(object: opportunity
key: [Opportunity_ID]                   # several lines per record are folded when the key repeats
fields: {name: Opportunity_Name, owner: Opportunity_Owner, stage: deal_stage, amount: Total_Amount, close_date: close_date, created: engage_date}
stages: [Prospecting, Engaging, {name: Won, won: true}, {name: Lost, lost: true}]
dates: ["%Y-%m-%d", "%m/%d/%Y"]         # tried in order
zone: Europe/Berlin
numbers: {decimal: ".", thousands: ","}
blank: ["000000000000000AAA", NaT]      # also counts as blank
history: {file: OpportunityHistory.csv, key: OpportunityId, at: SystemModstamp}
as_of: 2017-12-31
)";

TEST(ExportMap, ReadsTheExampleOfTheContract) {
  const ReadMap r = read_map("map.yaml", example);
  ASSERT_TRUE(r.map) << r.diagnostics.front().message;
  EXPECT_EQ(r.map->object, "opportunity");
  EXPECT_THAT(r.map->key, testing::ElementsAre("Opportunity_ID"));
  EXPECT_EQ(r.map->fields.at("created"), "engage_date");
  ASSERT_EQ(r.map->pipelines.size(), 1U);
  ASSERT_EQ(r.map->pipelines[0].stages.size(), 4U);
  EXPECT_TRUE(r.map->pipelines[0].stages[2].won);
  EXPECT_TRUE(r.map->pipelines[0].stages[3].lost);
  EXPECT_TRUE(r.map->pipelines[0].stages[1].open());
  EXPECT_EQ(r.map->numbers.thousands, ',');
  EXPECT_THAT(r.map->blank, testing::ElementsAre("000000000000000AAA", "NaT"));
  EXPECT_EQ(r.map->history->key, "OpportunityId");
  EXPECT_EQ(r.map->as_of, "2017-12-31");
}

TEST(ExportMap, SaysAllErrorsAtOnceWithTheirPlaces) {
  const ReadMap r = read_map("map.yaml", R"(object: opportunity
feilds: {name: Name}
dates: ["%Y-%q-%d"]
stages: [A, {name: B, won: true, lost: true}, A]
numbers: {decimal: ",", thousands: ","}
history: {file: h.csv, key: Id, at: At, from: OldValue}
as_of: yesterday
)");
  EXPECT_FALSE(r.map);
  std::vector<std::uint32_t> lines;
  for (const auto& d : r.diagnostics) lines.push_back(d.place.line);
  EXPECT_THAT(lines, testing::UnorderedElementsAre(2U, 3U, 4U, 4U, 5U, 6U, 7U));
  EXPECT_THAT(r.diagnostics, testing::Contains(testing::Field(&model::Diagnostic::message,
                                                              testing::HasSubstr("did you mean `fields`?"))));
}

TEST(ExportMap, AnEmptyMapIsAnError) {
  EXPECT_FALSE(read_map("map.yaml", "").map);
  EXPECT_FALSE(read_map("map.yaml", "").diagnostics.empty());
  EXPECT_FALSE(read_map("map.yaml", "fields: {a: b}").map);  // object is required
}

TEST(ExportMap, MilestonesByPipelineOrForAny) {
  const ReadMap r =
      read_map("map.yaml", "object: opportunity\nmilestones: {won: Gewonnen, New business: {qualified: [A, B]}}\n");
  ASSERT_TRUE(r.map);
  EXPECT_THAT(r.map->milestones.at("").at("won"), testing::ElementsAre("Gewonnen"));
  EXPECT_THAT(r.map->milestones.at("New business").at("qualified"), testing::ElementsAre("A", "B"));
}

}  // namespace
}  // namespace coachd::file
