// Records out of recorded answers, and of two files joined by hand: the counts that any right audit finds.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <map>
#include <sstream>
#include <string>

#include "tests/integration/audit/written_rules.hpp"

namespace coachd::test {
namespace {

// Rows of a recorded answer as JSON Lines, each a flat object.
std::string lines_of(const json::array& rows, const char* nested = nullptr) {
  std::string out;
  for (const auto& row : rows) {
    json::object flat = nested == nullptr ? row.as_object() : row.at(nested).as_object();
    flat.erase("attributes");
    out += json::serialize(flat) + '\n';
  }
  return out;
}
const json::value& answer(const json::value& recorded, const char* path) {
  return recorded.at("api").at("get").at(path).at("response");
}

TEST(Recorded, OpportunitiesOfASalesforceOrg) {
  const auto file = shared_folder() / "data/sf_recorded/nango/opportunities.test.json";
  COACHD_NEEDS(file);
  const auto recorded = json::parse(text_of(file));
  const TempFolder folder;
  const auto rows = folder.write("opportunities.jsonl",
                                 lines_of(answer(recorded, "/services/data/v59.0/query").at("records").as_array()));
  const AuditRun r = judge(
      rows,
      head("opportunity") + "rules:\n" + rule("open", "{open: true}") +
          rule("past", "{open: true, field: close_date, before: 2026-05-01}"),
      "object: opportunity\nkey: [Id]\nfields: {name: Name, stage: StageName, close_date: CloseDate, amount: Amount}\n"
      "stages: [Prospecting, Qualification, Needs Analysis, Value Proposition, Id. Decision Makers, Perception "
      "Analysis, Proposal/Price Quote, Negotiation/Review, {name: Closed Won, won: true}, {name: Closed Lost, lost: "
      "true}]\nas_of: 2026-05-01\n");
  EXPECT_EQ(r.summary.at("records").to_number<int>(), 31);
  EXPECT_EQ(r.found("open"), 13);
  EXPECT_EQ(r.found("past"), 12);
}

TEST(Recorded, DealsOfAHubSpotPortal) {
  const auto file = shared_folder() / "data/hubspot_recorded/nango_v3/deals.test.json";
  COACHD_NEEDS(file);
  const auto recorded = json::parse(text_of(file));
  const TempFolder folder;
  const auto rows = folder.write(
      "deals.jsonl", lines_of(answer(recorded, "/crm/v3/objects/deals").at("results").as_array(), "properties"));
  const AuditRun r =
      judge(rows, head("opportunity") + "rules:\n" + rule("undated", "{field: closedate, filled: false}") +
                      rule("no-amount", "{field: amount, filled: false}") +
                      rule("no-description", "{field: description, filled: false}") +
                      rule("test", "{field: dealname, contains: test}"));
  EXPECT_EQ(r.summary.at("rows").to_number<int>(), 21);
  EXPECT_EQ(r.found("undated"), 20);
  EXPECT_EQ(r.found("no-amount"), 8);
  EXPECT_EQ(r.found("no-description"), 21);
  EXPECT_EQ(r.found("test"), 20);
}

// Two files of one funnel, joined by their common id as a person would in a spreadsheet.
TEST(OlistRules, EveryDealHasItsLeadAndOneWasWonBeforeItsFirstContact) {
  const auto folder = shared_folder() / "data/olist_funnel";
  COACHD_NEEDS(folder);
  std::map<std::string, std::string> contact;
  std::istringstream leads(text_of(folder / "olist_mql_3col_us_dates.csv"));
  const auto cell = [](const std::string& line, int n) {
    std::istringstream in(line);
    std::string out;
    for (int i = 0; i <= n; ++i) std::getline(in, out, ',');
    return out;
  };
  for (std::string line; std::getline(leads, line);) contact[cell(line, 0)] = cell(line, 1);
  std::istringstream deals(text_of(folder / "olist_closed_deals_iso_10col.csv"));
  std::string joined = "mql_id,first_contact,won\n";
  std::string line;
  std::getline(deals, line);
  int without = 0;
  while (std::getline(deals, line)) {
    const auto it = contact.find(cell(line, 0));
    without += it == contact.end() ? 1 : 0;
    joined += cell(line, 0) + ',' + (it == contact.end() ? "" : it->second) + ',' + cell(line, 4).substr(0, 10) + '\n';
  }
  EXPECT_EQ(without, 0);
  const TempFolder temp;
  const AuditRun r = judge(temp.write("funnel.csv", joined),
                           head("lead") + "rules:\n" + rule("before", "{field: won, before: {field: first_contact}}") +
                               rule("undated", "{field: first_contact, filled: false}"),
                           "object: lead\nkey: [mql_id]\nfields: {first_contact: first_contact, won: won}\n"
                           "dates: [\"%Y-%m-%d\", \"%m/%d/%Y\"]\nas_of: 2018-11-30\n");
  EXPECT_EQ(r.summary.at("records").to_number<int>(), 842) << r.err;
  EXPECT_EQ(r.found("before"), 1);
  EXPECT_EQ(r.found("undated"), 0);
}

}  // namespace
}  // namespace coachd::test
