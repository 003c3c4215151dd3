#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/daemon/cli/test_fixture.hpp"

namespace coachd::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// The example of the contract, with its rule file, as both are printed there.
TEST_F(TestCommand, TheExampleOfTheContractPasses) {
  std::ostringstream file;
  file << std::ifstream(std::string(COACHD_SOURCE_DIR) + "/tests/golden/config/rules-design-example.yaml").rdbuf();
  write("opportunity-update.yaml", file.str());
  const auto path = write("opportunity-update.test.yaml", R"(rules: opportunity-update.yaml
now: 2026-05-04T09:00:00Z
stages: [Prospecting, Qualification, Proposal, Negotiation, {name: Closed Won, won: true}, {name: Closed Lost, lost: true}]
milestones: {qualified: Qualification, proposal: Proposal, negotiation: Negotiation, won: Closed Won, lost: Closed Lost}
people: {ana: {job: rep, manager: li, active: true}, li: {job: manager}}
cases:
  - name: a commit deal without a next step is prompted
    record: {id: 006A, name: Acme, pipeline: New business, stage: Qualification, forecast_category: commit, owner: ana, next_step: null, close_date: 2026-09-30}
    known_since: 2026-01-01             # else from created; no history before it
    history: [{field: stage, to: Qualification, at: 2026-04-20}]
    activities: [{kind: call, by: ana, at: 2026-04-28}]
    related: {contact_role: [{role: Champion}]}
    others: []                          # other records in view (the owner's, for percentiles)
    expect: [commit-without-evidence, acceptance.not-ready]       # exactly these
    expect_prompt: {commit-without-evidence: "Acme is in commit, but"}   # contains
    then:
      - {at: 2026-05-05T09:00:00Z, set: {next_step: Call with purchasing on Friday}, expect: []}
)");
  EXPECT_EQ(run({path}), 0);
  EXPECT_EQ(out_.str(), "1 file, 1 case: all passed\n");
}

TEST_F(TestCommand, PassesWhereEveryCaseIsAsItSays) {
  EXPECT_EQ(test("  - {name: a, record: {stage: Open, owner: ana, next_step: Call}, expect: []}\n"), 0);
  EXPECT_EQ(out_.str(), "1 file, 1 case: all passed\n");
}

TEST_F(TestCommand, FailsWhereAFindingIsMissingOrOneTooMany) {
  EXPECT_EQ(test("  - {name: a, record: {stage: Open, owner: ana, next_step: Call}, expect: [no-step]}\n"), 1);
  EXPECT_THAT(out_.str(), HasSubstr("no-step is expected, and is not found"));
  EXPECT_EQ(test("  - {name: a, record: {stage: Open, owner: ana}, expect: []}\n"), 1);
  EXPECT_THAT(out_.str(), HasSubstr("no-step is found, and is not expected"));
}

TEST_F(TestCommand, PromptsAreCountedPerCaseAndOverAllOfThem) {
  const auto with = [&](const std::string& of_case, const std::string& of_file) {
    return test(R"(  - name: a
    record: {id: 1, stage: Open, owner: ana}
    others: [{id: 2, stage: Open, owner: ana}, {id: 3, stage: Open, owner: ana}]
    expect: [no-step]
    prompts: {ana: )" +
                of_case + R"(}
    then:
      - {at: 2026-05-05, set: {next_step: Call}, expect: []}
      - {at: 2026-06-05, set: {next_step: ""}, expect: [no-step]}
  - {name: b, record: {id: 1, stage: Open, owner: ana}, expect: [no-step]}
  - {name: c, record: {id: 1, stage: Open, owner: ana, next_step: Call}, expect: []}
prompts: {ana: )" +
                of_file + "}\n");
  };
  EXPECT_EQ(with("{per_week: 3}", "{per_week: 4}"), 0) << out_.str();
  EXPECT_EQ(with("{per_week: 3, per_day: 2}", "{per_week: 4, per_day: 2}"), 0) << out_.str();  // the budget of a day
  EXPECT_EQ(with("{per_week: 2}", "{per_week: 3}"), 1);
  EXPECT_THAT(out_.str(), HasSubstr("4 cases: 2 failed"));
  EXPECT_THAT(out_.str(), HasSubstr("prompts on a: 1, a: 2, a: 3, b: 1"));
}

TEST_F(TestCommand, FoldersMeanEveryTestBelow) {
  const std::string one = "  - {name: a, record: {stage: Open, owner: ana}, expect: [no-step]}\n";
  write("x/rules.yaml", example_rules);
  write("x/a.test.yaml", head + one);
  write("x/b.test.yml", head + one);
  write("x/.hidden/c.test.yaml", "no test");
  EXPECT_EQ(run({folder_.string()}), 0) << out_.str();
  EXPECT_EQ(out_.str(), "2 files, 2 cases: all passed\n");
}

TEST_F(TestCommand, MistakesInFilesExitTwo) {
  EXPECT_EQ(run({(folder_ / "nowhere").string()}), 2);
  EXPECT_THAT(out_.str(), HasSubstr("there is no such file or folder"));
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(run({(folder_ / "empty").string()}), 2);
  EXPECT_THAT(out_.str(), HasSubstr("there is no *.test.yaml file in this folder"));
  EXPECT_EQ(run({(folder_ / "rules.yaml").string()}), 2);
  EXPECT_EQ(test("  - {name: a, record: {stage: Open}, expect: [no-such]}\n"), 2);
  EXPECT_EQ(run({}), 2);
}

TEST_F(TestCommand, JunitIsXmlWithEveryTextEscaped) {
  const auto path =
      write("a.test.yaml", std::string(head) +
                               "  - {name: 'a < b & \"c\"', record: {stage: Open, owner: ana, "
                               "next_step: \"x\\x01</failure>\"}, expect: [no-step]}\n"
                               "  - {name: good, record: {stage: Open, owner: ana}, expect: [no-step]}\n");
  const auto xml = (folder_ / "out.xml").string();
  EXPECT_EQ(run({path, write("b.test.yaml", "rules: none.yaml\nnow: 2026-05-04\ncases: []\n"), "--junit", xml}), 2);
  std::ostringstream text;
  text << std::ifstream(xml).rdbuf();
  EXPECT_THAT(text.str(), HasSubstr("<testsuites name=\"coachd test\" tests=\"3\" failures=\"1\" errors=\"1\""));
  EXPECT_THAT(text.str(), HasSubstr("name=\"a &lt; b &amp; &quot;c&quot;\""));
  EXPECT_THAT(text.str(), HasSubstr("<failure type=\"failure\" message=\"findings: expected no-step, got nothing\">"));
  EXPECT_THAT(text.str(), HasSubstr("<error type=\"error\" message="));
  EXPECT_THAT(text.str(), HasSubstr("&lt;/failure&gt;"));
  EXPECT_THAT(text.str(), Not(HasSubstr("\x01")));
  std::size_t opened = 0, closed = 0;
  for (auto at = text.str().find("<failure "); at != std::string::npos; at = text.str().find("<failure ", at + 1))
    ++opened;
  for (auto at = text.str().find("</failure>"); at != std::string::npos; at = text.str().find("</failure>", at + 1))
    ++closed;
  EXPECT_EQ(opened, closed);
  EXPECT_EQ(run({path, "--junit", "/nowhere/at/all.xml"}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("cannot write /nowhere/at/all.xml"));
}

}  // namespace
}  // namespace coachd::cli
