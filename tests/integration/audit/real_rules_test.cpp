// What rules and detectors say of data that nobody here made up: right on every counted truth, silent on every trap.
// real_data_test.cpp holds what the columns alone show.
#include <gmock/gmock.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <map>
#include <string>

#include "tests/integration/audit/written_rules.hpp"

namespace coachd::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::StartsWith;

constexpr const char* asked_first = "How did you hear about X Education";

TEST(XEducationRules, TheUntouchedDropDownComesFromTheChannel) {
  const auto file = shared_folder() / "data/xeducation_leads/Leads.csv";
  COACHD_NEEDS(file);
  std::string selects;
  for (const std::string field : {"City", "Lead Profile", "Specialization", asked_first})
    selects += (selects.empty() ? "" : ", ") + std::string("{field: ") + field + ", is: Select}";
  const auto from = [](const std::string& origin, const std::string& what) {
    return "{all: [{field: Lead Origin, is: " + origin + "}, " + what + "]}";
  };
  const std::string unknown_city = "{field: City, real: false}";
  const AuditRun r = judge(
      file, head("lead") + "rules:\n" + rule("any", "{any: [" + selects + "]}") +
                rule("all", "{all: [" + selects + "]}") +
                rule("placeholder",
                     "{any: [{field: City, placeholder: true}, {field: Lead Profile, placeholder: true}, "
                     "{field: Specialization, placeholder: true}]}") +
                rule("city", unknown_city) + rule("specialization", "{field: Specialization, real: false}") +
                rule("profile", "{field: Lead Profile, real: false}") +
                rule("heard", std::string("{any: [{field: ") + asked_first + ", is: Select}, {field: " + asked_first +
                                  ", filled: false}]}") +
                rule("api", "{field: Lead Origin, is: API}") + rule("api-city", from("API", unknown_city)) +
                rule("page", "{field: Lead Origin, is: Landing Page Submission}") +
                rule("page-city", from("Landing Page Submission", unknown_city)) +
                rule("form", "{field: Lead Origin, is: Lead Add Form}") +
                rule("form-heard", from("Lead Add Form", std::string("{field: ") + asked_first + ", is: Select}")));
  EXPECT_EQ(r.found("any"), 6025);
  EXPECT_EQ(r.found("all"), 1516);
  EXPECT_EQ(r.found("city"), 3669);
  EXPECT_EQ(r.found("specialization"), 3380);
  EXPECT_EQ(r.found("profile"), 6855);
  EXPECT_EQ(r.found("heard"), 7250);
  EXPECT_EQ(r.found("api"), 3580);
  EXPECT_EQ(r.found("api-city"), 3080);
  EXPECT_EQ(r.found("page"), 4886);
  EXPECT_EQ(r.found("page-city"), 116);
  EXPECT_EQ(r.found("form"), 718);
  EXPECT_EQ(r.found("form-heard"), 711);
  EXPECT_GT(r.found("placeholder"), 4146);
}

TEST(XEducationRules, GenuineZerosAndAnswersAreNoPlaceholders) {
  const auto file = shared_folder() / "data/xeducation_leads/Leads.csv";
  COACHD_NEEDS(file);
  const std::string zeros = "{field: TotalVisits, is: 0}";
  const AuditRun r = judge(
      file, head("lead") + "rules:\n" + rule("zeros", zeros) +
                rule("zero-and-no-time", "{all: [" + zeros + ", {field: Total Time Spent on Website, is: 0}]}") +
                rule("zero-placeholder",
                     "{any: [{field: TotalVisits, placeholder: true}, {field: Converted, placeholder: "
                     "true}]}") +
                rule("zero-api", "{all: [" + zeros + ", {field: Lead Origin, is: API}]}") +
                rule("zero-form", "{all: [" + zeros + ", {field: Lead Origin, is: Lead Add Form}]}") +
                rule("zero-import", "{all: [" + zeros + ", {field: Lead Origin, is: Lead Import}]}") +
                rule("tags", "{field: Tags, placeholder: true}") +
                rule("others",
                     "{any: [{all: [{field: City, is: Other Cities}, {field: City, placeholder: true}]}, {all: "
                     "[{field: Lead Profile, is: Other Leads}, {field: Lead Profile, placeholder: true}]}]}") +
                rule("no",
                     "{any: [{field: Search, placeholder: true}, {field: Magazine, placeholder: true}, {field: Do Not "
                     "Call, placeholder: true}]}") +
                rule("scored",
                     "{any: [{field: Asymmetrique Activity Index, filled: false}, {field: Asymmetrique Profile "
                     "Index, filled: false}, {field: Asymmetrique Activity Score, filled: false}, {field: "
                     "Asymmetrique Profile Score, filled: false}]}") +
                rule("scored-all",
                     "{all: [{field: Asymmetrique Activity Index, filled: false}, {field: Asymmetrique Profile "
                     "Index, filled: false}, {field: Asymmetrique Activity Score, filled: false}, {field: "
                     "Asymmetrique Profile Score, filled: false}]}"));
  EXPECT_EQ(r.found("zeros"), 2189);
  EXPECT_EQ(r.found("zero-and-no-time"), 2189);
  EXPECT_EQ(r.found("zero-api"), 1602);
  EXPECT_EQ(r.found("zero-form"), 557);
  EXPECT_EQ(r.found("zero-import"), 30);
  for (const char* silent : {"zero-placeholder", "tags", "others", "no"}) EXPECT_EQ(r.found(silent), 0) << silent;
  EXPECT_EQ(r.found("scored"), 4218);
  EXPECT_EQ(r.found("scored-all"), 4218);  // on the same rows
}

TEST(XEducationRules, NearConstantColumnsShowInTheirValues) {
  const auto file = shared_folder() / "data/xeducation_leads/Leads.csv";
  COACHD_NEEDS(file);
  const AuditRun r = run_audit({"--file", file.string()});
  const auto count = [&](const std::string& field, std::string_view value) -> std::int64_t {
    for (const auto& t : r.fields.at(field).at("top").as_array())
      if (t.at("value").as_string() == value) return t.at("count").to_number<std::int64_t>();
    return 0;
  };
  for (const auto& [field, yes] : std::map<std::string, std::int64_t>{{"X Education Forums", 1},
                                                                      {"Newspaper", 1},
                                                                      {"Do Not Call", 2},
                                                                      {"Newspaper Article", 2},
                                                                      {"Digital Advertisement", 4},
                                                                      {"Through Recommendations", 7},
                                                                      {"Search", 14}}) {
    EXPECT_EQ(count(field, "Yes"), yes) << field;
    EXPECT_EQ(count(field, "No"), 9240 - yes) << field;
    EXPECT_FALSE(r.fields.at(field).at("constant").as_bool()) << field;
  }
  EXPECT_EQ(count("What matters most to you in choosing a course", "Better Career Prospects"), 6528);
  EXPECT_EQ(r.number("What matters most to you in choosing a course", "real"), 6531);
  EXPECT_EQ(count("Lead Source", "google"), 5);
  EXPECT_EQ(count("Lead Source", "Google"), 2868);
}

TEST(XEducationDetectors, NameTheFourFieldsAndTheCaseTwinsAndNothingElse) {
  const auto file = shared_folder() / "data/xeducation_leads/Leads.csv";
  COACHD_NEEDS(file);
  const std::string choices =
      "Lead Source, Lead Origin, Country, City, Specialization, Tags, Last Activity, Lead Profile, What is your "
      "current "
      "occupation, Last Notable Activity, What matters most to you in choosing a course";
  const AuditRun r = judge(file, head("lead") + "placeholders: {not: [Other]}\nrules:\n" +
                                     detector("share", "placeholder-share",
                                              "{of: field, fields: [" + choices + ", " + asked_first +
                                                  ", TotalVisits, Converted, Search]}") +
                                     detector("labels", "friction", "{signs: [labels], choices: [" + choices + "]}") +
                                     detector("twice", "duplicates") + detector("copies", "shadow-records") +
                                     detector("work", "logins-without-work") + detector("heaps", "late-batches") +
                                     detector("source", "source-disputed", "{field: Lead Source}"));
  EXPECT_THAT(said(r, "share"),
              ElementsAre(StartsWith("1942 of 7802 values of Specialization"),
                          StartsWith("2249 of 7820 values of City"), StartsWith("4146 of 6531 values of Lead Profile"),
                          StartsWith("5043 of 7033 values of How did you hear")));
  EXPECT_THAT(said(r, "labels"), ElementsAre("\"Google\" and \"google\" of Lead Source can hardly be told apart"));
  // No owner, no name, no date: nobody is blamed for anything, and that is said.
  for (const char* id : {"twice", "copies", "work", "heaps", "source"}) EXPECT_THAT(said(r, id), IsEmpty()) << id;
  const auto untold = r.untold();
  for (const char* id : {"twice", "copies", "work", "heaps", "source"})
    EXPECT_TRUE(std::any_of(untold.begin(), untold.end(), [&](const auto& u) { return u.first.starts_with(id); }))
        << id << " says why it cannot tell";
}

TEST(MavenRules, StagesValuesAndAges) {
  const auto file = shared_folder() / "data/maven_crm/sales_pipeline.csv";
  COACHD_NEEDS(file);
  const auto in = [](const std::string& stage, const std::string& what) {
    return "{all: [{field: stage, is: " + stage + "}, " + what + "]}";
  };
  const auto older = [](const std::string& days) { return "{open: true, age: {above: " + days + "}}"; };
  const AuditRun r = judge(
      file,
      head("opportunity") + "rules:\n" + rule("won", "{won: true}") + rule("lost", "{lost: true}") +
          rule("engaging", "{field: stage, is: Engaging}") + rule("prospecting", "{field: stage, is: Prospecting}") +
          rule("engaging-no-account", in("Engaging", "{field: account, filled: false}")) +
          rule("prospecting-no-account", in("Prospecting", "{field: account, filled: false}")) +
          rule("prospecting-undated", in("Prospecting", "{field: created, filled: false}")) +
          rule("open-with-value", "{open: true, field: amount, filled: true}") +
          rule("open-with-close-date", "{open: true, field: close_date, filled: true}") +
          rule("lost-at-zero", "{lost: true, field: amount, is: 0}") +
          rule("won-below-38", "{won: true, field: amount, below: 38}") +
          rule("won-at-38", "{won: true, field: amount, is: 38}") +
          rule("same-day", "{field: close_date, on_or_before: {field: created}}") + rule("older-8", older("8d")) +
          rule("older-9", older("9d")) + rule("older-120", older("120d")) + rule("older-180", older("180d")) +
          rule("older-270", older("270d")) + rule("older-won-p90", older("106d")) + rule("older-422", older("422d")) +
          rule("older-423", older("423d")) + rule("older-165", older("165d")) + rule("older-164", older("164d")) +
          rule("stuck", "{open: true, stage_age: {above: p90}}") + rule("gtxpro", "{field: product, is: GTXPro}") +
          rule("gtx-pro", "{field: product, is: GTX Pro}"),
      text_of(here("maven.map.yaml")));
  for (const auto& [id, count] : std::map<std::string, std::int64_t>{{"won", 4238},
                                                                     {"lost", 2473},
                                                                     {"engaging", 1589},
                                                                     {"prospecting", 500},
                                                                     {"engaging-no-account", 1088},
                                                                     {"prospecting-no-account", 337},
                                                                     {"prospecting-undated", 500},
                                                                     {"open-with-value", 0},
                                                                     {"open-with-close-date", 0},
                                                                     {"lost-at-zero", 2473},
                                                                     {"won-below-38", 0},
                                                                     {"same-day", 0},
                                                                     {"older-8", 1589},
                                                                     {"older-120", 1376},
                                                                     {"older-180", 730},
                                                                     {"older-270", 372},
                                                                     {"older-won-p90", 1432},
                                                                     {"older-423", 0},
                                                                     {"stuck", 0},
                                                                     {"gtxpro", 1480},
                                                                     {"gtx-pro", 0}})
    EXPECT_EQ(r.found(id), count) << id;
  EXPECT_LT(r.found("older-9"), 1589);   // the youngest is 9 days old
  EXPECT_GE(r.found("older-422"), 1);    // the oldest 423
  EXPECT_LE(r.found("older-165"), 794);  // and the one in the middle 165
  EXPECT_GE(r.found("older-164"), 795);
  EXPECT_GE(r.found("won-at-38"), 1);
  // How long won deals stood in a stage is not in this file: never "stuck", and said.
  EXPECT_THAT(r.untold(), testing::Contains(Pair(StartsWith("stuck: how long won records stood in this stage"), 2089)));
}

TEST(MavenDetectors, NobodyIsAnOutlierAndNothingIsADuplicate) {
  const auto folder = shared_folder() / "data/maven_crm";
  COACHD_NEEDS(folder);
  const AuditRun deals = judge(folder / "sales_pipeline.csv",
                               head("opportunity") + "rules:\n" +
                                   detector("share", "placeholder-share", "{fields: [account, product, amount]}") +
                                   detector("pasted", "pasted-text", "{fields: [product, account]}") +
                                   detector("labels", "friction", "{signs: [labels], choices: [product, stage]}") +
                                   detector("work", "logins-without-work") + detector("win", "win"),
                               text_of(here("maven.map.yaml")));
  for (const auto& l : deals.lines) EXPECT_NE(l.at("type"), "finding") << json::serialize(l);
  const AuditRun accounts = judge(
      folder / "accounts.csv",
      head("account") + "rules:\n" + detector("twice", "duplicates", "{name: account}") +
          detector("copies", "shadow-records", "{name: account}") +
          detector("labels", "friction", "{signs: [labels], choices: [sector, office_location, subsidiary_of]}") +
          rule("technolgy", "{field: sector, is: technolgy}") + rule("technology", "{field: sector, is: technology}") +
          rule("philipines", "{field: office_location, is: Philipines}") +
          rule("parent", "{field: subsidiary_of, placeholder: true}"));
  for (const char* silent : {"twice", "copies", "labels", "parent", "technology"})
    EXPECT_EQ(accounts.found(silent), 0) << silent;
  EXPECT_EQ(accounts.found("technolgy"), 12);
  EXPECT_EQ(accounts.found("philipines"), 1);
}

TEST(DeveloperEditionRules, WhatTheInstallerDidIsNobodysHistory) {
  const auto folder = shared_folder() / "data/sf_devedition_export";
  COACHD_NEEDS(folder);
  std::string map = text_of(here("devedition.map.yaml"));
  const std::string name = "OpportunityHistory.csv";
  map.replace(map.find(name), name.size(), (folder / name).string());
  const AuditRun r = judge(folder / "Opportunity.csv",
                           head("opportunity") + "rules:\n" + rule("stuck", "{open: true, stage_age: {above: 1d}}") +
                               rule("moved-back", "{stage: {moved_back: true}}") +
                               rule("still", "{open: true, field: close_date, unchanged_for: 1d}") +
                               rule("changed-back", "{field: close_date, changed: {within: 10y, back: true}}") +
                               rule("fiscal-2015", "{field: FiscalYear, is: 2015}") +
                               rule("closes-2018", "{field: close_date, after: 2018-01-01}") +
                               detector("pasted", "pasted-text") + detector("copies", "shadow-records", "{name: Name}"),
                           map);
  for (const char* silent : {"stuck", "moved-back", "still", "changed-back", "pasted", "copies"})
    EXPECT_EQ(r.found(silent), 0) << silent;
  EXPECT_EQ(r.found("fiscal-2015"), 31);
  EXPECT_EQ(r.found("closes-2018"), 31);
}

TEST(DeveloperEditionDetectors, SampleRecordsHaveNoTwins) {
  const auto folder = shared_folder() / "data/sf_devedition_export";
  COACHD_NEEDS(folder);
  // Three companies begin with "United Oil & Gas", at one address: they are one company's parts.
  const AuditRun accounts =
      judge(folder / "Account.csv",
            head("account") + "rules:\n" + detector("twice", "duplicates") + detector("copies", "shadow-records") +
                detector("labels", "friction", "{signs: [labels], choices: [Industry, Ownership, Rating, Type]}"));
  for (const auto& l : accounts.lines) EXPECT_NE(l.at("type"), "finding") << json::serialize(l);
  // A VP is no SVP.
  const AuditRun contacts = judge(
      folder / "Contact.csv",
      head("contact") + "rules:\n" + detector("labels", "friction", "{signs: [labels], choices: [Title, Department]}"));
  EXPECT_EQ(contacts.found("labels"), 0);
  const AuditRun leads = judge(
      folder / "Lead.csv",
      head("lead") + "rules:\n" +
          rule("in-words-only", "{all: [{field: Status, is: Closed - Converted}, {field: IsConverted, is: false}]}") +
          rule("converted", "{field: IsConverted, is: true}") +
          rule("has-account", "{field: ConvertedAccountId, filled: true}") +
          detector("labels", "friction", "{signs: [labels], choices: [Status, LeadSource, Salutation]}"));
  EXPECT_EQ(leads.found("in-words-only"), 3);
  EXPECT_EQ(leads.found("converted"), 0);
  EXPECT_EQ(leads.found("has-account"), 0);
  EXPECT_THAT(said(leads, "labels"), ElementsAre("\"Mr\" and \"Mr.\" of Salutation can hardly be told apart",
                                                 "\"Ms\" and \"Ms.\" of Salutation can hardly be told apart"));
}

}  // namespace
}  // namespace coachd::test
