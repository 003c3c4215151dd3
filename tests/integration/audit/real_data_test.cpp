// Counts and traps of exports that nobody here made up. Each number below is a fact about the data that any right audit
// finds.
#include <gmock/gmock.h>

#include "tests/integration/audit/audit_run.hpp"

namespace coachd::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

TEST(XEducation, FourColumnsHoldTheUntouchedDropDown) {
  const auto file = shared_folder() / "data/xeducation_leads/Leads.csv";
  COACHD_NEEDS(file);
  const AuditRun r = run_audit({"--file", file.string()});
  EXPECT_EQ(r.code, 0);
  EXPECT_EQ(r.summary.at("rows").to_number<int>(), 9240);
  std::map<std::string, std::int64_t> select;
  std::vector<std::string> constant;
  std::map<std::string, std::int64_t> placeholders;
  for (const auto& [name, f] : r.fields) {
    if (const auto n = r.placeholder(name, "Select"); n > 0) select[name] = n;
    if (f.at("constant").as_bool()) constant.push_back(name);
    if (const auto n = r.number(name, "placeholder"); n > 0) placeholders[name] = n;
  }
  EXPECT_THAT(select, UnorderedElementsAre(Pair("How did you hear about X Education", 5043), Pair("Lead Profile", 4146),
                                           Pair("City", 2249), Pair("Specialization", 1942)));
  EXPECT_THAT(constant, ElementsAre("Get updates on DM Content", "I agree to pay the amount through cheque", "Magazine",
                                    "Receive More Updates About Our Courses", "Update me on Supply Chain Content"));
  // Beside them only "unknown" as a country, and "Not Sure", which may be read either way.
  EXPECT_THAT(placeholders,
              UnorderedElementsAre(Pair("How did you hear about X Education", 5043), Pair("Lead Profile", 4146),
                                   Pair("City", 2249), Pair("Specialization", 1942), Pair("Country", 5),
                                   Pair("Lead Quality", 1092)));
  EXPECT_EQ(r.number("How did you hear about X Education", "blank"), 2207);
  EXPECT_EQ(r.number("City", "blank"), 1420);
  EXPECT_EQ(r.number("Specialization", "blank"), 1438);
  EXPECT_EQ(r.number("Lead Profile", "blank"), 2709);
  EXPECT_EQ(r.number("Lead Quality", "blank"), 4767);
  EXPECT_EQ(r.number("Tags", "blank"), 3353);
  EXPECT_EQ(r.number("Lead Source", "blank"), 36);
  for (const char* index : {"Asymmetrique Activity Index", "Asymmetrique Profile Index", "Asymmetrique Activity Score",
                            "Asymmetrique Profile Score"})
    EXPECT_EQ(r.number(index, "blank"), 4218) << index;
}

TEST(XEducation, NumbersAreNoPlaceholdersAndNothingIsStale) {
  const auto file = shared_folder() / "data/xeducation_leads/Leads.csv";
  COACHD_NEEDS(file);
  const AuditRun r = run_audit({"--file", file.string()});
  for (const char* column : {"TotalVisits", "Total Time Spent on Website", "Page Views Per Visit", "Converted"}) {
    EXPECT_EQ(r.fields.at(column).at("judged_as").as_string(), "number") << column;
    EXPECT_EQ(r.number(column, "placeholder"), 0) << column;  // 0, 111 and 234 are answers
  }
  EXPECT_EQ(r.fields.size(), 37U);  // the 38th has neither name nor value: not a field that nobody uses
  for (const auto& l : r.lines) EXPECT_NE(l.at("type"), "finding");
  EXPECT_THAT(r.untold(), testing::Contains(Pair("age and staleness: no column holds dates", 9240)));
  EXPECT_TRUE(r.fields.at("City").at("first_real").is_null());
  EXPECT_EQ(r.number("Tags", "placeholder"), 0);  // "Ringing", "switched off"
}

class Maven : public testing::TestWithParam<const char*> {};

TEST_P(Maven, OpenDealsWithoutAccountAndAges) {
  const auto file = shared_folder() / "data" / GetParam() / "sales_pipeline.csv";
  COACHD_NEEDS(file);
  const AuditRun r =
      run_audit({"--file", file.string(), "--map", here("maven.map.yaml"), "--rules", here("maven.rules.yaml")});
  EXPECT_EQ(r.code, 1) << r.err;
  EXPECT_EQ(r.summary.at("records").to_number<int>(), 8800);
  EXPECT_EQ(r.summary.at("bad_rows").to_number<int>(), 0);
  EXPECT_EQ(r.summary.at("now").as_string(), "2017-12-31T00:00:00Z");
  EXPECT_EQ(r.found("open-without-account"), 1425);
  EXPECT_EQ(r.found("won-without-account"), 0);
  EXPECT_EQ(r.found("older-than-90-days"), 1479);
  EXPECT_EQ(r.found("older-than-any-deal-won"), 1291);
  EXPECT_EQ(r.found("older-than-a-year"), 53);
  EXPECT_EQ(r.found("overdue"), 0);
  EXPECT_EQ(r.found("pushed"), 0);
  EXPECT_EQ(r.found("amount-placeholder"), 0);  // 0 on every lost deal is right
  EXPECT_EQ(r.found("won-without-value"), 0);
  EXPECT_EQ(r.found("closed-before-engaged"), 0);
  const auto untold = r.untold();
  for (const char* rule : {"older-than-90-days", "older-than-any-deal-won", "older-than-a-year"}) {
    const auto it = untold.find(std::string(rule) + ": when the record was created");
    ASSERT_NE(it, untold.end()) << rule;
    EXPECT_EQ(it->second, 500) << rule;  // a deal without any date has no age: not 0, not fresh
  }
  EXPECT_THAT(untold, testing::Contains(Pair(testing::StartsWith("pushed: "), 2089)));
  EXPECT_THAT(untold, testing::Contains(Pair("column close_date: blank on every open record", 2089)));
  EXPECT_EQ(r.number("close_value", "placeholder"), 0);
  EXPECT_EQ(r.number("account", "blank"), 1425);
}

INSTANTIATE_TEST_SUITE_P(BothDateForms, Maven, testing::Values("maven_crm", "maven_crm_excel_resaved"),
                         [](const auto& form) { return std::string(form.param); });

TEST(MavenAccounts, BlankParentsAreAFactAndNoPlaceholder) {
  const auto file = shared_folder() / "data/maven_crm/accounts.csv";
  COACHD_NEEDS(file);
  const AuditRun r = run_audit({"--file", file.string()});
  EXPECT_EQ(r.number("subsidiary_of", "blank"), 70);
  EXPECT_EQ(r.number("subsidiary_of", "placeholder"), 0);
  for (const auto& [name, f] : r.fields) EXPECT_EQ(r.number(name, "placeholder"), 0) << name;
}

TEST(MavenUsDates, WithoutFormatsNoDayIsGuessed) {
  const auto file = shared_folder() / "data/maven_crm_excel_resaved/sales_pipeline.csv";
  COACHD_NEEDS(file);
  const TempFolder folder;
  std::string map = text_of(here("maven.map.yaml"));
  map.erase(map.find("dates:"), map.find("as_of:") - map.find("dates:"));
  const AuditRun r =
      run_audit({"--file", file.string(), "--map", folder.write("map.yaml", map), "--rules", here("maven.rules.yaml")});
  EXPECT_EQ(r.found("older-than-90-days"), 0);
  EXPECT_EQ(r.found("open-without-account"), 1425);
  EXPECT_THAT(r.untold(), testing::Contains(Pair(
                              testing::StartsWith("column engage_date: day and month cannot be told apart"), 8300)));
}

TEST(DeveloperEdition, NullReferencesAreBlankAndTheInstallerPushedNothing) {
  const auto folder = shared_folder() / "data/sf_devedition_export";
  COACHD_NEEDS(folder);
  const TempFolder temp;
  std::string map = text_of(here("devedition.map.yaml"));
  const std::string name = "OpportunityHistory.csv";
  map.replace(map.find(name), name.size(), (folder / name).string());
  const AuditRun r = run_audit({"--file", (folder / "Opportunity.csv").string(), "--map", temp.write("map.yaml", map),
                                "--rules", here("devedition.rules.yaml")});
  EXPECT_EQ(r.code, 1) << r.err;
  EXPECT_EQ(r.summary.at("records").to_number<int>(), 31);
  EXPECT_EQ(r.found("pushed-close-date"), 0);  // all 31 changed in the second of their creation
  EXPECT_EQ(r.found("changed-close-date"), 0);
  for (const auto& [what, count] : r.untold())
    EXPECT_THAT(what, testing::Not(testing::HasSubstr("close-date"))) << count;
  EXPECT_EQ(r.found("open"), 13);
  EXPECT_EQ(r.found("past-close-date"), 12);
  EXPECT_EQ(r.found("has-campaign"), 0);
  EXPECT_EQ(r.found("without-next-step"), 31);
  EXPECT_EQ(r.number("CampaignId", "blank"), 31);
  for (const char* column : {"NextStep", "Description", "LastActivityDate", "Pricebook2Id"})
    EXPECT_EQ(r.number(column, "blank"), 31) << column;
  EXPECT_EQ(r.fields.at("IsWon").at("judged_as").as_string(), "checkbox");
  for (const auto& [column, f] : r.fields) EXPECT_EQ(r.number(column, "placeholder"), 0) << column;
}

TEST(DeveloperEdition, TheHistoryIsReadAtAll) {
  const auto folder = shared_folder() / "data/sf_devedition_export";
  COACHD_NEEDS(folder);
  const TempFolder temp;
  // Were the records created a year before, the same history rows would be 31 pushed dates.
  std::string map = text_of(here("devedition.map.yaml"));
  const std::string name = "OpportunityHistory.csv";
  map.replace(map.find(name), name.size(), (folder / name).string());
  std::string data = text_of(folder / "Opportunity.csv");
  for (std::size_t at = 0; (at = data.find("\"00546000001l1cJAAQ\",\"2018-10-13 17:16:45\"", at)) != std::string::npos;
       at += 10)
    data.replace(data.find("2018", at), 4, "2017");
  const AuditRun r = run_audit({"--file", temp.write("Opportunity.csv", data), "--map", temp.write("map.yaml", map),
                                "--rules", here("devedition.rules.yaml")});
  EXPECT_EQ(r.found("pushed-close-date"), 31) << r.err;
}

TEST(DeveloperEdition, EveryFileOfTheExportIsRead) {
  const auto folder = shared_folder() / "data/sf_devedition_export";
  COACHD_NEEDS(folder);
  const AuditRun lead = run_audit({"--file", (folder / "Lead.csv").string()});
  EXPECT_EQ(lead.summary.at("rows").to_number<int>(), 22);
  EXPECT_EQ(lead.number("ConvertedAccountId", "blank"), 22);
  EXPECT_EQ(lead.fields.at("IsConverted").at("judged_as").as_string(), "checkbox");
  EXPECT_EQ(lead.number("IsConverted", "distinct"), 1);
  EXPECT_EQ(lead.summary.at("object").as_string(), "lead");
  for (const auto& e : fs::directory_iterator(folder)) {
    if (e.path().extension() != ".csv") continue;
    const AuditRun r = run_audit({"--file", e.path().string()});
    EXPECT_EQ(r.code, 0) << e.path() << r.err;
    EXPECT_EQ(r.summary.at("bad_rows").to_number<int>(), 0) << e.path();
  }
}

TEST(Olist, UnknownOriginsAndUsDates) {
  const auto folder = shared_folder() / "data/olist_funnel";
  COACHD_NEEDS(folder);
  const AuditRun leads = run_audit({"--file", (folder / "olist_mql_3col_us_dates.csv").string()});
  EXPECT_EQ(leads.summary.at("rows").to_number<int>(), 8000);
  EXPECT_EQ(leads.placeholder("origin", "unknown"), 1099);
  EXPECT_EQ(leads.number("origin", "blank"), 60);
  EXPECT_EQ(leads.number("origin", "placeholder"),
            1099);  // "other" and "other_publicities" are answers where no card says otherwise
  EXPECT_EQ(leads.fields.at("first_contact_date").at("judged_as").as_string(), "date");
  const AuditRun deals = run_audit({"--file", (folder / "olist_closed_deals_iso_10col.csv").string()});
  EXPECT_EQ(deals.summary.at("rows").to_number<int>(), 842);
  EXPECT_EQ(deals.fields.at("won_date").at("judged_as").as_string(), "datetime");
}

}  // namespace
}  // namespace coachd::test
