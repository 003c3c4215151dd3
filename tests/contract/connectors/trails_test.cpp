// What CRMs write down beside their records: who signed in, exported, changed the set-up, attached files; and where a
// right is missing, that and nothing else.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/trails.hpp"
#include "rules/model/time.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/simulators/company.hpp"
#include "tests/simulators/hs_people.hpp"
#include "tests/simulators/instants.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/sf_table.hpp"
#include "tests/simulators/traces.hpp"

namespace coachd::contract {
namespace {

using connectors::Trace;
using connectors::Trail;
using model::Instant;
using sim::trace;

struct Told {
  std::vector<Trace> rows;
  std::string cursor, why_not;
  std::optional<Instant> known_since;
  int pages = 0;
};

class Trails : public EveryCrm {
 protected:
  const Instant since = *model::parse_instant("2026-02-01T00:00:00Z");
  const sim::instant now = *sim::parse_instant("2026-03-02T08:00:00Z");

  [[nodiscard]] Told tell(Trail trail, std::string cursor = {}) {
    Told out;
    for (bool more = true; more; ++out.pages) {
      const auto page = run(connector->trail({trail, since, {words.object}, cursor}));
      EXPECT_TRUE(page) << page.error().what;
      if (!page) return out;
      out.rows.insert(out.rows.end(), page->rows.begin(), page->rows.end());
      out.cursor = cursor = page->next;
      out.why_not = page->why_not;
      if (page->known_since) out.known_since = page->known_since;
      more = page->more;
      EXPECT_LT(out.pages, 50);
      if (out.pages >= 50) return out;
    }
    return out;
  }
  void leave(trace t) const {
    crm.with_org([&](sim::org& org) { org.leave(std::move(t)); });
  }
  void grant(std::initializer_list<const char*> rights) const {
    crm.with_org([&](sim::org& org) {
      for (const auto* right : rights) org.grant(right);
    });
  }
  void grant_all() const {
    grant({"manage-users", "event-log-files", "event-monitoring", "query-all-files", "security-read"});
  }
  // What the CRM calls the n-th rep.
  [[nodiscard]] std::string id(std::size_t n) const {
    for (const auto& p : crm.people().people)
      if (p.job == "rep" && p.active && n-- == 0) return p.id;
    return "";
  }
  // The company's own id of them, as traces name them.
  [[nodiscard]] std::string rep(std::size_t n) const {
    auto who = id(n);
    if (kind == Kind::salesforce) return who;
    crm.with_org([&](sim::org& org) {
      const auto& users = org.get("User");
      for (sim::row_number row = 0; row < users.size(); ++row)
        if (std::to_string(sim::hs_people::owner_id(row)) == who) {
          who = users.cell(row, 0).text();
          return;
        }
    });
    return who;
  }
  void sign_in(std::size_t n, std::chrono::hours ago, const char* type = "", bool good = true) const {
    leave({.what = good ? trace::type::login : trace::type::refused_login,
           .person = rep(n),
           .at = now - ago,
           .name = type});
  }
  static std::set<std::pair<std::string, std::string>> who_and_when(const std::vector<Trace>& rows) {
    std::set<std::pair<std::string, std::string>> out;
    for (const auto& t : rows) out.emplace(t.person.get(), model::to_string(t.at));
    return out;
  }
};

INSTANTIATE_TEST_SUITE_P(Crm, Trails, testing::Values(Kind::salesforce, Kind::hubspot),
                         [](const auto& given) { return given.param == Kind::salesforce ? "Salesforce" : "HubSpot"; });

TEST_P(Trails, WithoutTheRightsNothingIsToldAndTheRightIsNamed) {
  connect();
  sign_in(0, 30h);
  leave({.what = trace::type::export_taken, .person = rep(0), .at = now - 40h});
  leave({.what = trace::type::file, .person = rep(0), .at = now - 40h, .record = "006", .name = "list.xlsx"});
  const bool salesforce = kind == Kind::salesforce;
  const auto expect = [&](Trail trail, const std::string& right) {
    const auto told = tell(trail);
    EXPECT_TRUE(told.rows.empty());
    EXPECT_EQ(told.cursor, "");
    EXPECT_EQ(told.known_since, std::nullopt);
    EXPECT_NE(told.why_not.find(right), std::string::npos) << told.why_not;
  };
  expect(Trail::logins, salesforce ? "Manage Users" : "account-info.security.read");
  expect(Trail::exports, salesforce ? "View Event Log Files" : "account-info.security.read");
  expect(Trail::files, salesforce ? "Query All Files" : "what they are called");
  if (!salesforce) return;
  grant({"event-log-files"});  // the permission without the licence
  expect(Trail::exports, "Event Monitoring");
  ASSERT_TRUE(crm.set_fault("no-setup-right", {}));
  expect(Trail::setup, "View Setup and Configuration");
}

TEST_P(Trails, WhoSignedInIsTold) {
  grant_all();
  connect();
  leave({.what = trace::type::login, .person = rep(2), .at = now - 24h * 40});  // before what is asked for
  sign_in(0, 50h);
  sign_in(1, 26h);
  sign_in(0, 20h, "", false);            // a wrong password
  sign_in(1, 19h, "Remote Access 2.0");  // a program
  const auto told = tell(Trail::logins);
  EXPECT_EQ(told.why_not, "");
  EXPECT_EQ(who_and_when(told.rows),
            (std::set<std::pair<std::string, std::string>>{{id(0), model::to_string(Instant(now - 50h))},
                                                           {id(1), model::to_string(Instant(now - 26h))}}));
  ASSERT_TRUE(told.known_since);
  EXPECT_EQ(*told.known_since, since);
  // From where it stands on, and what is close before it once more.
  pass(24h);
  leave({.what = trace::type::login, .person = rep(1), .at = now + 10h});
  const auto next = tell(Trail::logins, told.cursor);
  EXPECT_EQ(who_and_when(next.rows),
            (std::set<std::pair<std::string, std::string>>{{id(1), model::to_string(Instant(now + 10h))}}));
  EXPECT_EQ(next.known_since, std::nullopt) << "as before";
}

TEST_P(Trails, SignInsComePageByPage) {
  grant_all();
  connect({.page = 7, .overlap = {}, .address = {}, .secret = {}, .network = {}});
  const int many = kind == Kind::salesforce ? 20 : 450;  // of HubSpot always 200 a page
  for (int i = 0; i < many; ++i)
    leave({.what = trace::type::login, .person = rep(0), .at = now - 24h - std::chrono::seconds(i)});
  const auto told = tell(Trail::logins);
  EXPECT_EQ(who_and_when(told.rows).size(), static_cast<std::size_t>(many));
  EXPECT_GE(told.pages, 3);
  EXPECT_EQ(told.known_since, since);
}

TEST_P(Trails, WhoTookExportsIsTold) {
  grant_all();
  connect();
  leave({.what = trace::type::export_taken, .person = rep(1), .at = now - 24h * 5});
  leave({.what = trace::type::export_taken, .person = rep(0), .at = now - 24h * 3});
  const auto told = tell(Trail::exports);
  EXPECT_EQ(told.why_not, "");
  EXPECT_EQ(who_and_when(told.rows),
            (std::set<std::pair<std::string, std::string>>{{id(1), model::to_string(Instant(now - 24h * 5))},
                                                           {id(0), model::to_string(Instant(now - 24h * 3))}}));
  ASSERT_TRUE(told.known_since);
  EXPECT_GE(*told.known_since, since);
  EXPECT_LT(*told.known_since, now - 24h * 20);
  leave({.what = trace::type::export_taken, .person = rep(1), .at = now + 2h});
  pass(48h);  // Salesforce makes a day's file in the night after it
  const auto next = tell(Trail::exports, told.cursor);
  EXPECT_EQ(who_and_when(next.rows),
            (std::set<std::pair<std::string, std::string>>{{id(1), model::to_string(Instant(now + 2h))}}));
}

TEST_P(Trails, WhoChangedAFieldIsTold) {
  grant_all();
  connect();
  const bool salesforce = kind == Kind::salesforce;
  const auto change = [&](std::size_t who, const char* field, std::chrono::hours ago, const char* how) {
    leave({.what = trace::type::setup,
           .person = rep(who),
           .at = now - ago,
           .object = words.object,
           .field = field,
           .name = how});
  };
  const char* const first = salesforce ? "Champion__c" : "champion";
  const char* const second = salesforce ? "Procurement_Status__c" : "procurement_status";
  change(0, first, 60h, "created");
  change(1, second, 50h, "required");
  const auto told = tell(Trail::setup);
  EXPECT_EQ(told.why_not, "");
  ASSERT_EQ(told.rows.size(), 2u);
  std::set<std::vector<std::string>> found;
  for (const auto& t : told.rows) found.insert({t.person.get(), t.object, t.field, model::to_string(t.at)});
  EXPECT_EQ(found,
            (std::set<std::vector<std::string>>{{id(0), words.object, first, model::to_string(Instant(now - 60h))},
                                                {id(1), words.object, second, model::to_string(Instant(now - 50h))}}));
  EXPECT_TRUE(told.known_since);
}

TEST_P(Trails, FilesAreToldWhereTheirNamesAre) {
  grant_all();
  connect();
  const auto record = opportunity_ids()[0];
  if (kind == Kind::hubspot) return;
  leave({.what = trace::type::file, .person = rep(0), .at = now - 40h, .record = record, .name = "My list.v2.xlsx"});
  leave({.what = trace::type::file, .person = rep(1), .at = now - 30h, .record = rep(1), .name = "own.csv"});
  const auto told = tell(Trail::files);
  ASSERT_EQ(told.rows.size(), 1u) << "a person's own files are on no record";
  EXPECT_EQ(told.rows[0].person.get(), id(0));
  EXPECT_EQ(told.rows[0].record.get(), record);
  EXPECT_EQ(told.rows[0].name, "My list.v2.xlsx");
  EXPECT_EQ(told.known_since, since);
}

// What operations say of it: a day costs a handful of calls.
TEST_P(Trails, ADayCostsFewCalls) {
  grant_all();
  connect();
  sign_in(0, 50h);
  leave({.what = trace::type::export_taken, .person = rep(0), .at = now - 24h * 5});
  std::map<Trail, std::string> cursors;
  for (const auto trail : connectors::every_trail) cursors[trail] = tell(trail).cursor;
  const bool salesforce = kind == Kind::salesforce;
  const auto cost = [&](Trail trail) {
    const auto before = connector->calls();
    (void)tell(trail, cursors[trail]);
    return connector->calls() - before;
  };
  EXPECT_EQ(cost(Trail::logins), salesforce ? 2u : 1u);
  EXPECT_EQ(cost(Trail::exports), 1u) << "no new file";
  EXPECT_EQ(cost(Trail::setup), 2u) << "Salesforce: the trail, and the object as it is described now";
  EXPECT_EQ(cost(Trail::files), salesforce ? 2u : 0u);
}

TEST_P(Trails, ATokenThatEndedIsNoMissingRight) {
  grant_all();
  connect();
  ASSERT_TRUE(run(connector->trail({Trail::logins, since, {words.object}, ""})));
  ASSERT_TRUE(crm.set_fault(kind == Kind::salesforce ? "502" : "401", {}));
  const auto refused = run(connector->trail({Trail::logins, since, {words.object}, ""}));
  EXPECT_FALSE(refused) << "it passes, or a person must act: nothing is said about sign-ins";
}

}  // namespace
}  // namespace coachd::contract
