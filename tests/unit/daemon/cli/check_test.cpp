#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/app/description_json.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"

namespace coachd::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* good_rules = R"(version: 1
workflow: update
object: opportunity
owner: revops@acme.example
inspected_in: pipeline-review
rules:
  - {id: a, kind: stale, when: {field: next_step, real: false}, control: [flag]}
)";

class CheckCommand : public testing::Test {
 protected:
  CheckCommand() {
    std::string name = (fs::temp_directory_path() / "coachd-check-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~CheckCommand() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << text;
    return (folder_ / name).string();
  }
  int run(std::vector<std::string> args) {
    out_.str({});
    err_.str({});
    Io io{out_, err_};
    return cli::run(args, io);
  }
  fs::path folder_;
  std::ostringstream out_, err_;
};

TEST_F(CheckCommand, GoodFilesAreCounted) {
  write("a.yaml", good_rules);
  EXPECT_EQ(run({"check", folder_.string()}), 0);
  EXPECT_EQ(out_.str(), "1 file, 1 rule: no mistakes\n");
}

TEST_F(CheckCommand, FoldersMeanEveryRuleFileBelowButTests) {
  write("a.yaml", good_rules);
  write("deep/er/b.yml", "workflow: [");
  write("a.test.yaml", "workflow: [");
  write(".hidden/c.yaml", "workflow: [");
  write("notes.txt", "workflow: [");
  EXPECT_EQ(run({"check", folder_.string()}), 2);
  EXPECT_THAT(out_.str(), HasSubstr("deep/er/b.yml:1:11: error:"));
  EXPECT_THAT(out_.str(), HasSubstr("2 files, 1 rule: 1 error, 0 warnings\n"));
}

TEST_F(CheckCommand, WarningsCountWithStrict) {
  const auto file = write(
      "a.yaml", std::string(good_rules).replace(std::string(good_rules).find("revops@acme.example"), 19, "RevOps"));
  EXPECT_EQ(run({"check", file}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("[no-owner]"));
  EXPECT_EQ(run({"check", "--strict", file}), 1);
}

TEST_F(CheckCommand, AFileReachedTwiceIsReadOnce) {
  const auto file = write("a.yaml", good_rules);
  EXPECT_EQ(run({"check", file, folder_.string(), file}), 0);
  EXPECT_EQ(out_.str(), "1 file, 1 rule: no mistakes\n");
}

TEST_F(CheckCommand, AConfigurationBringsItsRules) {
  write("own/a.yaml", "version: 1\nworkflow: update\n");
  const auto config = write("coachd.yaml",
                            "version: 1\nrules: [own]\nconnections:\n  acme:\n    crm: salesforce\n    login: "
                            "https://acme.my.salesforce.com\n"
                            "    auth: {flow: client_credentials, client_id: x, client_secret: {env: S}}\n");
  EXPECT_EQ(run({"check", config}), 2);
  EXPECT_THAT(out_.str(), HasSubstr("own/a.yaml:1:1: error: `object` is missing"));
  EXPECT_THAT(out_.str(), HasSubstr("2 files: 2 errors"));
}

TEST_F(CheckCommand, JsonHoldsEveryDiagnostic) {
  const auto file =
      write("ä.yaml", "version: 1\nworkflow: \"up\\\"date\"\nobject: opportunity\nowner: a@b.example\ncolour: red\n");
  EXPECT_EQ(run({"check", "--format", "json", file}), 2);
  const auto all = boost::json::parse(out_.str());
  EXPECT_EQ(all.at("files").to_number<int>(), 1);
  const auto& list = all.at("diagnostics").as_array();
  EXPECT_EQ(all.at("errors").to_number<std::size_t>() + all.at("warnings").to_number<std::size_t>(), list.size());
  bool found = false;
  for (const auto& d : list) {
    if (d.at("code") != "unknown-key") continue;
    found = true;
    EXPECT_EQ(d.at("line").to_number<int>(), 5);
    EXPECT_EQ(d.at("column").to_number<int>(), 1);
    EXPECT_EQ(d.at("severity"), "error");
    EXPECT_EQ(std::string(d.at("file").as_string()), file);
  }
  EXPECT_TRUE(found);
}

TEST_F(CheckCommand, AVoluntaryWorkflowDoesNothingToWhoStops) {
  const auto file = write("a.yaml", std::string(good_rules) + "voluntary: true\n");
  EXPECT_EQ(run({"check", file}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("a rep who stops for a week: the list must be empty, and is not\n"
                                    "  - `a` marks their records in reports\n"));
  EXPECT_EQ(run({"check", "--format", "json", file}), 0);
  const auto told = boost::json::parse(out_.str()).at("voluntary").at(0);
  EXPECT_EQ(told.at("workflow"), "update");
  EXPECT_EQ(told.at("happens_to_who_stops").as_array().size(), 1u);
  write("a.yaml",
        std::string(good_rules).replace(std::string(good_rules).find("[flag]"), 6, "[prompt]") + "voluntary: true\n");
  EXPECT_EQ(run({"check", file}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("a rep who stops for a week: nothing\n"));
}

TEST_F(CheckCommand, ReadSaysEachRuleBackWithWhatItFinds) {
  const auto rules = write("a.yaml", std::string(good_rules) +
                                         "  - {id: b, kind: stale, when: {field: amount, above: 900}, control: "
                                         "[prompt], prompt: {ask: Right, gives_back: Peace}}\n");
  const auto map = write("map/m.yaml",
                         "object: opportunity\nkey: [Id]\nfields: {name: Name, owner: Owner, next_step: "
                         "Next, amount: Amount}\n");
  std::string rows = "Id,Name,Owner,Next,Amount\n1,Acme,ana,tbd,5\n2,Bolt,ana,Call Kim on Friday,7\n3,Core,ben,,6\n";
  for (int i = 10; i < 30; ++i) rows += std::to_string(i) + ",More,ana,Call Kim again,1000\n";
  const auto file = write("map/e.csv", rows);
  EXPECT_EQ(run({"check", "--read", rules, "--file", file, "--map", map, "--now", "2026-05-04"}), 0) << err_.str();
  EXPECT_THAT(out_.str(),
              HasSubstr("update\n  a\n    Opportunities whose next step is not real: 2 of 23, 2 owners.\n"));
  EXPECT_THAT(out_.str(), HasSubstr("whose amount is above 900: 20 of 23, 1 owner.\n"));
  EXPECT_THAT(out_.str(),
              HasSubstr("In force where the files say nothing:\n  for: every record of the object (1 of 1)\n"));
  EXPECT_THAT(out_.str(), HasSubstr("`b` would ask 1 person about 20 records")) << "noisy, told from the counts";

  EXPECT_EQ(run({"check", "--read", rules}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("Opportunities whose next step is not real.\n")) << "nothing to count in";
  EXPECT_THAT(out_.str(), testing::Not(HasSubstr("[noisy]")));

  EXPECT_EQ(run({"check", "--read", "--format", "json", rules, "--file", file, "--map", map}), 0);
  const auto said = boost::json::parse(out_.str()).at("read_back").as_array();
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].at("findings").to_number<int>(), 2);
  EXPECT_EQ(said[0].at("records").to_number<int>(), 23);
}

TEST_F(CheckCommand, WhatIsNotThereIsAnError) {
  EXPECT_EQ(run({"check", (folder_ / "nothing.yaml").string()}), 2);
  EXPECT_THAT(out_.str(), HasSubstr("there is no such file or folder"));
  EXPECT_EQ(run({"check", folder_.string()}), 0);  // an empty folder: said, and no error
  EXPECT_THAT(out_.str(), HasSubstr("there is no *.yaml file in this folder"));
  EXPECT_EQ(run({"check"}), 2);
}

TEST_F(CheckCommand, SchemaAndVersionAreToldByTheProgram) {
  EXPECT_EQ(run({"schema"}), 0);
  EXPECT_EQ(boost::json::parse(out_.str()).at("$schema"), "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(run({"schema", "config"}), 0);
  EXPECT_EQ(boost::json::parse(out_.str()).at("title"), "coachd.yaml");
  EXPECT_EQ(run({"schema", "colours"}), 2);
  EXPECT_EQ(run({"version"}), 0);
  EXPECT_THAT(out_.str(), testing::MatchesRegex("coachd [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

// As the daemon left it: what the CRM said of itself, and nothing else.
void described(const std::string& state) {
  model::Description d;
  d.organisation = "00D000000000001EAA";
  model::ObjectDescription o{"Opportunity", "Opportunity", {}, {}, {}};
  for (const char* name : {"Name", "OwnerId", "StageName", "CloseDate"}) {
    model::FieldDescription f;
    f.name = f.label = name;
    o.fields.push_back(f);
  }
  o.pipelines = {{"new", "New business", {{"P", "Proposal"}, {"W", "Won", true, false}}},
                 {"renewal", "Renewals", {{"T", "Talk"}, {"W", "Won", true, false}}}};
  d.objects.emplace("Opportunity", o);
  store::sqlite::Options options;
  options.folder = state;
  options.reserve_bytes = 0;
  const auto opened = store::sqlite::open(std::move(options));
  store::UnitOfWork unit;
  unit.epoch = opened->epoch();
  unit.kept.push_back({"acme", "description", "1", *model::parse_instant("2026-05-04T09:00:00Z"), app::to_json(d)});
  ASSERT_EQ(store::apply_and_wait(*opened, std::move(unit)), store::Applied::done);
  opened->stop();
}

TEST_F(CheckCommand, SaysWhatIsOffOnAConnectionThatWasDescribed) {
  write("rules/a.yaml", R"(version: 1
workflow: update
object: opportunity
owner: revops@acme.example
inspected_in: pipeline-review
rules:
  - {id: early, kind: stale, when: {stage: {before: proposal}}, control: [flag]}
  - {id: late, kind: stale, for: {stage: {at_least: proposal}}, when: {field: champion, real: false}, control: [flag]}
  - {id: past, kind: stale, when: {stage: {in: [proposal, won]}, field: close_date, before: today}, control: [flag]}
)");
  const auto state = (folder_ / "state").string();
  const auto config = write("coachd.yaml", "version: 1\nstate: " + state + R"(
rules: [rules/]
connections:
  acme:
    crm: salesforce
    organisation: 00D000000000001EAA
    login: https://acme.my.salesforce.com
    auth: {flow: client_credentials, client_id: x, client_secret: {env: ACME}}
meetings: {pipeline-review: {every: monday 09:30, inspects: [stage]}}
)");
  EXPECT_EQ(run({"check", config}), 0) << err_.str();
  EXPECT_THAT(out_.str(), testing::Not(HasSubstr("On acme")));  // no daemon has been here yet
  fs::create_directories(state);
  described(state);
  EXPECT_EQ(run({"check", config}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("On acme, as its CRM was described last:\n"
                                    "  - the rule late is off here: field `champion` is unknown in acme: tie it to "
                                    "your own under `map:`\n"
                                    "  - early cannot be told in 1 of 2 pipelines of opportunity, which have no "
                                    "`proposal`: Renewals\n"));
  EXPECT_EQ(run({"check", "--format", "json", config}), 0);
  const auto off = boost::json::parse(out_.str()).at("off").as_array();
  ASSERT_EQ(off.size(), 2u);
  EXPECT_EQ(off[0].at("connection"), "acme");
}

}  // namespace
}  // namespace coachd::cli
