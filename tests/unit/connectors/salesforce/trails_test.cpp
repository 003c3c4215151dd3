// The words of the setup audit trail and the rows of event log files, as Salesforce writes them.
#include "connectors/salesforce/trails.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>
#include <utility>

#include "connectors/connector.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/trails.hpp"
#include "rules/model/time.hpp"
#include "tests/unit/connectors/scripted.hpp"

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
  EXPECT_EQ(changed("Customize Opportunities", "Deleted record type Renewal"), Pair());
  EXPECT_EQ(changed("Custom Objects", "The custom field option Required for Colour on object  from off"), Pair());
  EXPECT_EQ(changed("Customize Opportunities", ""), Pair());
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

// Files are kept for 30 days: those that went before they were seen leave a hole.
TEST(EventLog, AHoleIsNotTakenForSilence) {
  testing_net::ScriptedClient client;
  boost::asio::io_context io;
  Options options;
  options.login = "https://acme.my.salesforce.com";
  options.client_id = "id";
  options.client_secret = "secret";
  const auto connector = make_salesforce(io.get_executor(), client, options);
  client.script.push_back(
      {"/services/oauth2/token", 200,
       R"({"access_token":"00Dx!AR8","instance_url":"https://acme.my.salesforce.com",)"
       R"("id":"https://login.salesforce.com/id/00Dx0000000BV7zEAG/005x00000012Q9PAAU","token_type":"Bearer"})"});
  const auto list = [](const std::string& oldest) {
    return R"({"totalSize":1,"done":true,"records":[{"Id":"0AT000000000001AAA","EventType":"RestApi","LogDate":")" +
           oldest + R"(","CreatedDate":"2026-03-01T03:00:00.000+0000"}]})";
  };
  const auto tell = [&](const std::string& oldest, std::string cursor) {
    client.script.push_back({"FROM EventLogFile", 200, list(oldest)});
    return testing_net::run(
        io, connector->trail(
                {connectors::Trail::exports, *model::parse_instant("2025-09-01T00:00:00Z"), {}, std::move(cursor)}));
  };
  const auto first = tell("2026-02-01T00:00:00.000+0000", "");
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->known_since, model::parse_instant("2026-02-01T00:00:00Z"));
  // No export for weeks is no hole, as long as the list was looked at.
  const auto next = tell("2026-02-02T00:00:00.000+0000", first->next);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->known_since, std::nullopt);
  const auto away = tell("2026-02-02T00:00:00.000+0000", "2025-12-01T03:00:00Z 2025-12-20T08:00:00Z");
  ASSERT_TRUE(away);
  EXPECT_EQ(away->known_since, model::parse_instant("2026-02-02T00:00:00Z"));
}

}  // namespace
}  // namespace coachd::salesforce
