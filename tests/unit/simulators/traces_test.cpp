// What the simulators tell of people's use, and to whom.
#include "tests/simulators/traces.hpp"

#include <chrono>
#include <cstddef>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/simulators/company.hpp"
#include "tests/simulators/http_server.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/unit/simulators/hs_support.hpp"
#include "tests/unit/simulators/support.hpp"

namespace coachd::sim {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const instant now = *parse_instant(test_start);

TEST(Traces, AnOrdinaryMonthHasPeopleProgramsAndWrongPasswords) {
  org crm;
  const auto made = make_company(crm, {.seed = 1, .people = 12, .records = 60, .months = 18, .now = now});
  make_traces(crm, made, now);
  std::size_t refused = 0, programs = 0, exports = 0;
  for (const auto& t : crm.traces()) {
    EXPECT_LT(t.at, now);
    EXPECT_GT(t.at, now - 24h * 32);
    refused += t.what == trace::type::refused_login ? 1 : 0;
    programs += t.name == "Remote Access 2.0" ? 1 : 0;
    exports += t.what == trace::type::export_taken ? 1 : 0;
  }
  EXPECT_GT(refused, 0u);
  EXPECT_GT(programs, 20u);
  EXPECT_GT(exports, 15u);
}

TEST(SfTrails, WithoutManageUsersOnlyOnesOwnSignInsCome) {
  bench_org b;
  make_traces(b.crm, b.made, now);
  const auto others = "SELECT Id FROM LoginHistory WHERE UserId != '" + b.made.integration_user + "'";
  EXPECT_THAT(b.query(others).body, HasSubstr(R"("totalSize":0)"));
  EXPECT_THAT(b.query("SELECT Id, LoginType FROM LoginHistory LIMIT 1").body, HasSubstr("Remote Access 2.0"));
  b.crm.grant("manage-users");
  EXPECT_THAT(b.query(others + " LIMIT 3").body, HasSubstr(R"("totalSize":3)"));
  EXPECT_THAT(b.query("SELECT Id FROM LoginHistory WHERE Status = 'Success'").body, HasSubstr("can not be filtered"));
}

TEST(SfTrails, LogFilesAreMadeInTheNightAfterWhereSomethingHappened) {
  bench_org b;
  const auto list = [&] {
    return b.query("SELECT Id, LogDate FROM EventLogFile WHERE EventType = 'ReportExport' AND Interval = 'Daily'").body;
  };
  const auto who = b.made.people.front().id;
  b.crm.leave({.what = trace::type::export_taken, .person = who, .at = now - 10h});  // the evening before
  b.crm.leave({.what = trace::type::export_taken, .person = who, .at = now + 2h});
  EXPECT_THAT(list(), HasSubstr("INVALID_TYPE"));
  b.crm.grant("event-log-files");
  EXPECT_THAT(list(), HasSubstr(R"("totalSize":0)")) << "the licence is missing";
  b.crm.grant("event-monitoring");
  const auto one = list();
  EXPECT_EQ(times(one, R"("LogDate":)"), 1u) << one;
  EXPECT_THAT(one, HasSubstr("2026-03-01T00:00:00"));
  const auto path = "/sobjects/EventLogFile/" + between(one, R"("Id":")") + "/LogFile";
  const auto file = b.call("GET", path);
  EXPECT_EQ(file.status, 200);
  EXPECT_THAT(file.body, HasSubstr("\"2026-03-01T22:00:00Z\",\"" + who + "\""));
  b.clock.advance(24h);
  EXPECT_EQ(times(list(), R"("LogDate":)"), 2u);
  EXPECT_EQ(b.call("GET", "/sobjects/EventLogFile/0ATSm0000000999IAA/LogFile").status, 404);
}

TEST(SfTrails, LinksOfFilesAreNotListedForEverybody) {
  bench_org b;
  b.crm.leave({.what = trace::type::file,
               .person = b.made.people.front().id,
               .at = now - 5h,
               .record = b.plain_opportunity(),
               .name = "list.xlsx"});
  const auto links = b.query("SELECT Id FROM ContentDocumentLink LIMIT 1");
  EXPECT_EQ(links.status, 400);
  EXPECT_THAT(links.body, HasSubstr("Implementation restriction"));
  EXPECT_THAT(b.query("SELECT Title FROM ContentVersion").body, HasSubstr(R"("totalSize":0)"));
  b.crm.grant("query-all-files");
  EXPECT_EQ(b.query("SELECT Id FROM ContentDocumentLink LIMIT 1").status, 200);
  EXPECT_THAT(b.query("SELECT Title, FileExtension FROM ContentVersion").body,
              HasSubstr(R"("Title":"list","FileExtension":"xlsx")"));
}

TEST(SfTrails, TheAuditTrailSpeaksOfLabels) {
  bench_org b;
  b.crm.leave({.what = trace::type::setup,
               .person = b.made.people.front().id,
               .at = now - 5h,
               .object = "Opportunity",
               .field = "Loss_Reason__c",
               .name = "required"});
  const auto soql = "SELECT Section, Display FROM SetupAuditTrail WHERE Action LIKE '%CF%'";
  const auto told = b.query(soql).body;
  EXPECT_THAT(told, HasSubstr(R"("Section":"Customize Opportunities")"));
  EXPECT_THAT(told, HasSubstr("option Required for Loss Reason has changed"));
  ASSERT_TRUE(b.faults.set("no-setup-right", {}));
  EXPECT_THAT(b.query(soql).body, HasSubstr("INVALID_TYPE"));
}

TEST(HsActivity, EachLogHasItsRightAndTheNewestFirst) {
  bench_portal p;
  const std::string logs = "/account-info/v3/activity/";
  EXPECT_EQ(p.call("GET", logs + "login").status, 403);
  p.crm.grant("security-read");
  EXPECT_EQ(p.call("GET", logs + "audit-logs").status, 403) << "Enterprise only";
  p.crm.grant("enterprise");
  EXPECT_EQ(p.call("GET", logs + "audit-logs").status, 200);
  const auto who = p.made.people.front().id;
  for (const auto ago : {30h, 10h, 20h, 24h * 91})
    p.crm.leave({.what = trace::type::login, .person = who, .at = now - ago});
  const auto first = p.call("GET", "/account-info/2026-09/activity/login?limit=2").reply.body;
  EXPECT_LT(first.find(iso_instant(now - 10h)), first.find(iso_instant(now - 20h)));
  EXPECT_THAT(first, HasSubstr(R"("after":"p2")"));
  const auto rest = p.call("GET", "/account-info/2026-09/activity/login?limit=2&after=p2").reply.body;
  EXPECT_EQ(times(rest, R"("loginAt":)"), 1u) << "of 90 days";
  EXPECT_EQ(p.call("GET", logs + "login?limit=201").status, 400);
  EXPECT_EQ(p.call("POST", logs + "login").status, 405);
}

}  // namespace
}  // namespace coachd::sim
