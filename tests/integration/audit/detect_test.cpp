// Rules with `detect:` over an export: what `coachd audit` says of many records together, and what it keeps to itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/integration/audit/audit_run.hpp"

namespace coachd::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* rules = R"(version: 1
workflow: accounts
object: account
owner: revops@example.com
rules:
  - {id: twice, kind: duplicate, detect: duplicates, control: [flag]}
  - {id: guesses, kind: fake-adoption, detect: placeholder-share, with: {fields: [Segment__c]}, control: [flag]}
  - {id: leavers, kind: workaround, detect: logins-without-work, control: [flag]}
)";

std::string accounts() {
  std::string out = "Id,Name,Website,OwnerId,Segment__c\n";
  for (int i = 0; i < 240; ++i) {
    const bool ana = i % 6 == 0;
    out += "A" + std::to_string(i) + ",Company " + std::to_string(i * i + 7) + ",c" + std::to_string(i) + ".com," +
           (ana ? "ana" : "p" + std::to_string(i % 6)) + ',' + (ana && i % 4 == 0 ? "tbd" : "Retail") + '\n';
  }
  return out + "B1,Müller GmbH,mueller.de,ana,Retail\nB2,Mueller,https://www.mueller.de/de,p1,Retail\n";
}

TEST(AuditDetect, SaysPairsAndKeepsPeopleToThemselves) {
  const TempFolder folder;
  const auto run =
      run_audit({"--file", folder.write("accounts.csv", accounts()), "--rules", folder.write("rules.yaml", rules)});
  ASSERT_EQ(run.code, 1) << run.err;
  EXPECT_EQ(run.found("twice"), 1);
  EXPECT_EQ(run.found("guesses"), 1);
  EXPECT_EQ(run.found("leavers"), 0);
  for (const auto& l : run.lines) {
    if (l.at("type") != "finding") continue;
    if (l.at("rule") == "twice") {
      EXPECT_EQ(l.at("unit"), "pair");
      EXPECT_EQ(l.at("record"), "B1");
      EXPECT_EQ(l.at("owner"), "p1");
    } else {
      EXPECT_EQ(l.at("unit"), "person");
      EXPECT_TRUE(l.at("record").is_null());
      EXPECT_TRUE(l.at("owner").is_null());
      EXPECT_THAT(json::serialize(l), Not(HasSubstr("ana")));
    }
  }
  EXPECT_TRUE(run.untold().contains("leavers: who signed in, as far back as `within`"));
}

TEST(AuditDetect, SaysItInWords) {
  const TempFolder folder;
  const auto run = run_audit({"--file", folder.write("accounts.csv", accounts()), "--rules",
                              folder.write("rules.yaml", rules), "--only", "findings"},
                             false);
  EXPECT_THAT(run.out, HasSubstr("twice: 1 pair\n  B1 and B2: they have the same name and the same web address"));
  EXPECT_THAT(run.out, HasSubstr("guesses: 1 person\n  20 of 41 values of"));
  EXPECT_THAT(run.out, Not(HasSubstr("ana")));
}

}  // namespace
}  // namespace coachd::test
