// The words of the setup audit trail and the rows of event log files, as Salesforce writes them.
#include "connectors/salesforce/trails.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "rules/model/time.hpp"

namespace coachd::salesforce {
namespace {

using Pair = std::pair<std::string, std::string>;

Pair changed(const char* section, const char* display) {
  auto c = changed_in(section, display);
  return {std::move(c.object), std::move(c.field)};
}

TEST(SetupTrail, FieldsOfStandardObjectsAreToldByTheSection) {
  const char* const deals = "Customize Opportunities";
  EXPECT_EQ(changed(deals, "Created custom field: Legal Status (Picklist)"), Pair("Opportunities", "Legal Status"));
  EXPECT_EQ(changed(deals, "Created custom formula field: Win (in days) (Number)"),
            Pair("Opportunities", "Win (in days)"));
  EXPECT_EQ(changed(deals, "The custom field option Required for Legal Status has changed from off to on"),
            Pair("Opportunities", "Legal Status"));
  EXPECT_EQ(changed(deals, "Changed field type of Champion custom field from Text to Picklist"),
            Pair("Opportunities", "Champion"));
  EXPECT_EQ(changed(deals, "Changed label of custom field from Champ to Champion"), Pair("Opportunities", "Champion"));
  EXPECT_EQ(changed(deals, "Changed length of Champion custom field from 80 to 120"),
            Pair("Opportunities", "Champion"));
}

TEST(SetupTrail, FieldsOfCustomObjectsAreToldByTheSentence) {
  const char* const custom = "Custom Objects";
  EXPECT_EQ(changed(custom, "Created custom field Colour (Picklist) on Light Table"), Pair("Light Table", "Colour"));
  EXPECT_EQ(changed(custom, "Changed field type of Colour custom field on Light Table from Text to Picklist"),
            Pair("Light Table", "Colour"));
  EXPECT_EQ(
      changed(custom, "The custom field option Required for Colour on object Light Table has changed from off to on "),
      Pair("Light Table", "Colour"));
  EXPECT_EQ(changed(custom, "Changed label of custom field on Light Table from Hue to Colour"),
            Pair("Light Table", "Colour"));
}

TEST(SetupTrail, WhatNamesNoFieldIsLeftAlone) {
  EXPECT_EQ(changed("Manage Users", "Changed profile for user Ana Lee from Sales to Admin"), Pair());
  EXPECT_EQ(changed("Custom Objects", "Created custom field: Colour (Picklist)"), Pair()) << "of which object?";
  EXPECT_EQ(changed("Customize Opportunities", ""), Pair("", ""));
  EXPECT_EQ(changed("Customize Opportunities", "Created custom field: "), Pair());
  EXPECT_EQ(changed("Custom Objects", "Changed label of custom field from A to B"), Pair());
}

TEST(EventLog, RowsTellWhoAndWhenByTheirHead) {
  const auto rows = exports_in(
      "\"EVENT_TYPE\",\"USER_ID\",\"REPORT_DESCRIPTION\",\"CLIENT_IP\",\"TIMESTAMP_DERIVED\",\"USER_ID_DERIVED\"\r\n"
      "\"ReportExport\",\"005Sm0000000007\",\"a, "
      "\"\"b\"\"\nc\",\"198.51.100.7\",\"2026-03-02T10:00:00.000Z\",\"005Sm0000000007IAA\"\r\n"
      "\"ReportExport\",\"\",\"\",\"\",\"2026-03-02T11:00:00.000Z\",\"\"\n"
      "\"ReportExport\",\"005Sm0000000008\"\n"
      "\"ReportExport\",\"005Sm0000000008\",\"\",\"\",\"yesterday\",\"005Sm0000000008IAA\"\n");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].person.get(), "005Sm0000000007IAA");
  EXPECT_EQ(rows[0].at, *model::parse_instant("2026-03-02T10:00:00Z"));
  // An older release has no derived id.
  const auto old = exports_in("USER_ID,TIMESTAMP_DERIVED\n005Sm0000000007,2026-03-02T10:00:00.000Z\n");
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(old[0].person.get(), "005Sm0000000007IAA");
  EXPECT_TRUE(exports_in("").empty());
  EXPECT_TRUE(exports_in("A,B\n1,2\n").empty());
}

}  // namespace
}  // namespace coachd::salesforce
