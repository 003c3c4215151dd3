#include "daemon/settings/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <chrono>
#include <string>
#include <vector>

namespace coachd::settings {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* small = R"(
version: 1
rules: [rules/, /etc/coachd/own.yaml]
connections:
  acme:
    crm: salesforce
    login: https://acme.my.salesforce.com/
    auth: {flow: client_credentials, client_id: 3MVG9, client_secret: {file: secrets/acme}}
)";

Settings good(const std::string& more) {
  auto loaded = load("/srv/conf/coachd.yaml", small + more);
  for (const auto& d : loaded.diagnostics)
    if (d.code != "not-in-this-version") ADD_FAILURE() << d.place.line << ": " << d.message;
  return loaded.settings.value();
}

// Messages of a configuration with mistakes, as "line: message".
std::vector<std::string> mistakes(const std::string& more) {
  std::vector<std::string> out;
  for (const auto& d : load("coachd.yaml", small + more).diagnostics)
    out.push_back(std::to_string(d.place.line) + ": " + d.message);
  return out;
}

TEST(Settings, DefaultsStandWhereNothingIsSaid) {
  const auto s = good("");
  EXPECT_EQ(s.state, "/var/lib/coachd");
  EXPECT_EQ(s.budget.per_day, 2);
  EXPECT_EQ(s.budget.per_week, 6);
  EXPECT_THAT(s.budget.windows, ElementsAre(9h, 13h, 16h + 30min));
  EXPECT_EQ(s.budget.own_list, 24h);
  EXPECT_EQ(s.budget.quiet_from, 18h);
  EXPECT_EQ(s.calendar.zone, "");
  EXPECT_EQ(s.calendar.fiscal_month, 0);
  const auto& c = s.connections.at("acme");
  EXPECT_EQ(c.mode, Mode::observe);
  EXPECT_EQ(c.read.poll, 60s);
  EXPECT_DOUBLE_EQ(c.api.share, 0.2);
  EXPECT_THAT(c.carriers, testing::IsEmpty());
  EXPECT_FALSE(s.listen.admin);
}

TEST(Settings, PathsAreSeenFromTheFilesFolder) {
  const auto s = good("state: data\npeople: people.csv\n");
  EXPECT_THAT(s.rules, ElementsAre("/srv/conf/rules/", "/etc/coachd/own.yaml"));
  EXPECT_EQ(s.state, "/srv/conf/data");
  EXPECT_EQ(s.people_file, "/srv/conf/people.csv");
  EXPECT_EQ(s.connections.at("acme").auth.client_secret.name, "/srv/conf/secrets/acme");
  EXPECT_EQ(s.connections.at("acme").login, "https://acme.my.salesforce.com");
}

TEST(Settings, ReadsEverySection) {
  const auto s = good(R"(    organisation: 00D000000000001EAA
    api: {version: "66.0", share: 5%, host: null, proxy: ~, ca: ca.pem}
    read: {poll: 5m, exclude: [{field: confidential, is: true}, {field: Region__c, in: [EU, null]}]}
    carriers: [task]
    live_for: [ana@acme.example]
    map:
      objects: {deal: Deal__c}
      fields: {opportunity: {champion: Champion__c}}
      milestones:
        New business: {qualified: Qualification, won: [Closed Won, Signed]}
        deal.Partner: {qualified: Started}
        v1.5 old: {qualified: Begun}
        proposal: Offer
mode: live
calendar: {zone: Europe/Berlin, fiscal_year_starts: 02-29, holidays: [2026-12-25, 2026-01-01]}
budget: {per_person: {day: 1}, windows: ["16:30", 8:15], quiet_hours: {from: "00:00", to: "00:00"}, own_list: 0s}
meetings:
  pipeline-review: {every: monday 09:30, manager: li@acme.example, zone: Europe/Paris, inspects: [next_step]}
  forecast-call: {every: thursday 15:00}
people:
  Ana@Acme.example: {manager: LI@acme.example, job: rep, never_prompt: true}
listen: {admin: "[::1]:9000"}
)");
  const auto& c = s.connections.at("acme");
  EXPECT_EQ(c.mode, Mode::live);
  EXPECT_EQ(c.api.version, "66.0");
  EXPECT_EQ(c.api.host, "");
  EXPECT_EQ(c.api.ca, "/srv/conf/ca.pem");
  EXPECT_EQ(c.read.poll, 5min);
  ASSERT_EQ(c.read.exclude.size(), 2u);
  EXPECT_THAT(c.read.exclude[0].values, ElementsAre("true"));
  EXPECT_THAT(c.read.exclude[1].values, ElementsAre("EU", "null"));
  EXPECT_EQ(c.map.fields.at("opportunity").at("champion"), "Champion__c");
  EXPECT_THAT(c.map.milestones.at("opportunity").at("New business").at("won"), ElementsAre("Closed Won", "Signed"));
  EXPECT_THAT(c.map.milestones.at("opportunity").at("").at("proposal"), ElementsAre("Offer"));
  EXPECT_THAT(c.map.milestones.at("opportunity").at("v1.5 old").at("qualified"), ElementsAre("Begun"));
  EXPECT_THAT(c.map.milestones.at("deal").at("Partner").at("qualified"), ElementsAre("Started"));
  EXPECT_EQ(s.calendar.fiscal_month, 2);
  EXPECT_EQ(s.calendar.fiscal_day, 29);
  EXPECT_EQ(s.calendar.holidays.size(), 2u);
  EXPECT_EQ(s.budget.per_day, 1);
  EXPECT_THAT(s.budget.windows, ElementsAre(8h + 15min, 16h + 30min));
  EXPECT_EQ(s.budget.own_list, 0s);
  EXPECT_THAT(s.meeting_names(), ElementsAre("pipeline-review", "forecast-call"));
  EXPECT_EQ(s.meetings[0].weekday, std::chrono::Monday);
  EXPECT_EQ(s.meetings[0].at, 9h + 30min);
  EXPECT_EQ(s.meetings[1].manager, "each");
  ASSERT_EQ(s.people.size(), 1u);
  EXPECT_EQ(s.people[0].email, "ana@acme.example");
  EXPECT_EQ(s.people[0].manager, "li@acme.example");
  EXPECT_TRUE(s.people[0].never_prompt);
  ASSERT_TRUE(s.listen.admin);
  EXPECT_EQ(s.listen.admin->host, "::1");
  EXPECT_EQ(s.listen.admin->port, 9000);
}

TEST(Settings, AnErrorMeansNoSettingsAWarningDoesNot) {
  EXPECT_FALSE(load("c.yaml", std::string(small) + "colour: red\n").settings);
  const auto warned = load("c.yaml", std::string(small) + "    carriers: [chatter, task]\n");
  EXPECT_TRUE(warned.settings);
  ASSERT_EQ(warned.diagnostics.size(), 1u);
  EXPECT_EQ(warned.diagnostics[0].code, "not-in-this-version");
}

TEST(Settings, AConnectionsOwnModeWins) {
  const auto s = good("    mode: observe\nmode: live\n");
  EXPECT_EQ(s.connections.at("acme").mode, Mode::observe);
}

TEST(Settings, SecretsAreNeverShown) {
  const std::string secret = "s3cr3t \\\"words\\\" here";
  for (const auto& form : std::vector<std::string>{
           "client_secret: \"" + secret + "\"", "client_secret: 's3cr3t words'",
           "client_secret: |\n        s3cr3t-words-over\n        s3cr3t-two-lines", "client_secrt: s3cr3t-words",
           "client_secret: {envv: s3cr3t-words}", "client_secret: [s3cr3t-words]", "client_secrt: {a: [s3cr3t-words]}",
           "client_secret: \"s3cr3t-words", "client_secret: s3cr3t-words # s3cr3t-words",
           "token: s3cr3t-words\n      colour: red"}) {
    const std::string text =
        "version: 1\nrules: [r]\nconnections:\n  acme:\n    crm: salesforce\n    login: https://a.example\n    auth:\n "
        "     flow: "
        "client_credentials\n      client_id: x\n      " +
        form + "\n      client_secret: s3cr3t-words\n";
    const auto loaded = load("c.yaml", text);
    EXPECT_FALSE(loaded.settings);
    EXPECT_FALSE(loaded.diagnostics.empty());
    for (const auto& d : loaded.diagnostics) {
      EXPECT_THAT(d.message, testing::Not(HasSubstr("s3cr3t"))) << form;
      EXPECT_THAT(d.line_text, testing::Not(HasSubstr("s3cr3t"))) << form;
    }
  }
}

TEST(Settings, MistakesOfTheSmallThings) {
  EXPECT_THAT(mistakes("budget: {windows: []}\n"), ElementsAre(HasSubstr("9: `windows` has at least one time")));
  EXPECT_THAT(mistakes("listen: {admin: \"localhost\"}\n"),
              ElementsAre(HasSubstr("9: `admin` is an address and a port")));
  EXPECT_THAT(mistakes("listen: {admin: \"10.0.0.1:99999\"}\n"), ElementsAre(HasSubstr("is an address and a port")));
  EXPECT_THAT(mistakes("listen: {admin: \"10.0.0.1:80\", token: {env: T}}\n"), testing::IsEmpty());
  EXPECT_THAT(mistakes("state: \n"), ElementsAre(HasSubstr("9: `state` is a text, this is nothing")));
  EXPECT_THAT(mistakes("    api: {certificate: a.pem}\n"),
              ElementsAre(HasSubstr("go together"), HasSubstr("not used by this version")));
}

TEST(People, CsvIsReadStrictly) {
  const auto p = load_people("people.csv",
                             "\xef\xbb\xbf"
                             "email;Manager;never-prompt;team\r\nAna@acme.example;li@acme.example;yes;\"North; "
                             "\"\"A\"\"\"\r\n\r\nbo@acme.example;;;\n");
  EXPECT_THAT(p.diagnostics, testing::IsEmpty());
  ASSERT_EQ(p.people.size(), 2u);
  EXPECT_EQ(p.people[0].email, "ana@acme.example");
  EXPECT_EQ(p.people[0].team, "North; \"A\"");
  EXPECT_TRUE(p.people[0].never_prompt);
  EXPECT_EQ(p.people[1].place.line, 4u);

  const auto bad = load_people("people.csv", "emial,job\nana@acme.example,rep\n");
  ASSERT_EQ(bad.diagnostics.size(), 2u);
  EXPECT_THAT(bad.diagnostics[0].message, HasSubstr("did you mean `email`?"));
  EXPECT_EQ(load_people("people.csv", "").diagnostics.size(), 1u);
}

}  // namespace
}  // namespace coachd::settings
