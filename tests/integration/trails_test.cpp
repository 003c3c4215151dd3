// From what a CRM writes down beside its records to findings. Who signs in and works on nothing, and who takes an
// export out before every meeting, is found; who only looks alike is left alone; without the right nobody is, and the
// right is named.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/trails.hpp"
#include "daemon/app/description_json.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/trails.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"
#include "tests/contract/connectors/world.hpp"
#include "tests/integration/hall_fixture.hpp"
#include "tests/integration/studied_company.hpp"
#include "tests/simulators/faults.hpp"
#include "tests/simulators/sf_org.hpp"
#include "tests/simulators/traces.hpp"

namespace coachd::pipeline {
namespace {

using contract::Kind;
using sim::trace;
using namespace std::chrono_literals;

const std::string rules = rule_file("health", R"(
  - {id: logins, kind: fake-adoption, detect: logins-without-work, with: {fields: [next_step, close_date, amount, stage]}, control: [flag]}
  - {id: exports, kind: workaround, detect: exports-before-meetings, with: {meeting: forecast-call}, control: [flag]}
  - {id: sheets, kind: workaround, detect: workaround, with: {clues: [spreadsheet]}, control: [flag]}
)");
const std::string no_rules = rule_file("health", R"(
  - {id: stale, kind: stale, when: {field: next_step, real: false}, control: [flag]}
)");

const std::string changes_rules = rule_file("health", R"(
  - {id: changes, kind: friction, detect: crm-changes, control: [flag]}
)");

INSTANTIATE_TEST_SUITE_P(Crm, StudiedCompany, testing::Values(Kind::salesforce, Kind::hubspot),
                         [](const auto& given) { return given.param == Kind::salesforce ? "Salesforce" : "HubSpot"; });

TEST_P(StudiedCompany, WhoSignsInWithoutWorkAndExportsBeforeMeetingsIsFoundAndNobodyElse) {
  grant({"manage-users", "event-log-files", "event-monitoring", "security-read"});
  const auto people = reps();
  ASSERT_GE(people.size(), 4u);
  auto& idle = people[0];
  auto& working = people[1];
  auto& absent = people[2];
  auto& seldom = people[3];
  world.company().clock().advance(std::chrono::days(55));
  works_on_everything(working);
  world.company().clock().advance(std::chrono::days(5));
  signs_in(idle, 25);
  signs_in(working, 25);
  signs_in(absent, 25, "Remote Access 2.0");  // a mail plug-in does, the person does not
  signs_in(seldom, 5);
  exports(working, {4, 11, 18, 25});                  // every Monday, before the call
  exports(idle, {3, 10, 17, 24});                     // every Tuesday
  exports(seldom, {4, 11});                           // before two of four
  for (int d = 1; d < 28; ++d) exports(absent, {d});  // every day
  run(rules, [&] { return studied(); });
  EXPECT_EQ(found("logins"), std::set{idle.id}) << why("logins");
  EXPECT_EQ(found("exports"), std::set{working.id}) << why("exports");
  EXPECT_EQ(studies, 1) << "the study waits for what it needs";
  const auto reader = store->open_reader();
  const auto state = trail_state(*reader->snapshot(), "acme", connectors::Trail::logins);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->why_not, "");
  EXPECT_TRUE(state->known_since);
}

TEST_P(StudiedCompany, WithoutTheRightNobodyIsFoundAndTheRightIsNamed) {
  const auto people = reps();
  ASSERT_GE(people.size(), 2u);
  world.company().clock().advance(std::chrono::days(60));
  signs_in(people[0], 25);
  exports(people[1], {4, 11, 18, 25});
  run(rules, [&] { return studied(); });
  EXPECT_EQ(found("logins"), std::set<std::string>{});
  EXPECT_EQ(found("exports"), std::set<std::string>{});
  const bool salesforce = world.kind == Kind::salesforce;
  EXPECT_NE(why("logins").find(salesforce ? "who signed in: Salesforce shows the sign-ins of others only with the "
                                            "permission Manage Users"
                                          : "who signed in: HubSpot shows sign-ins only with the scope "
                                            "account-info.security.read"),
            std::string::npos)
      << why("logins");
  EXPECT_NE(why("exports").find(salesforce ? "View Event Log Files" : "account-info.security.read"), std::string::npos)
      << why("exports");
  EXPECT_NE(why("sheets").find(salesforce ? "Query All Files" : "what they are called"), std::string::npos)
      << why("sheets");
  EXPECT_EQ(states.back(), "reading") << "what is not shown holds up nothing";
  // The right is given and the rules are loaded anew, on the same day.
  grant({"manage-users", "security-read"});
  reload();
  run(rules, [&] { return counter("studies") > 1; });
  EXPECT_EQ(found("logins"), std::set{people[0].id}) << why("logins");
  EXPECT_EQ(why("logins").find("who signed in"), std::string::npos) << why("logins");
}

// What changed in the CRM since the first day that the daemon saw, and by whom.
TEST_P(StudiedCompany, WhoAddedAFieldIsNamed) {
  grant({"security-read"});
  const auto people = reps();
  ASSERT_FALSE(people.empty());
  world.company().clock().advance(std::chrono::days(60));
  const bool salesforce = world.kind == Kind::salesforce;
  const std::string field = salesforce ? "Champion__c" : "champion";
  world.connect();
  auto before = world.run(world.connector->describe({world.words.object}));
  ASSERT_TRUE(before);
  auto& fields = before->objects.at(world.words.object).fields;
  ASSERT_EQ(std::erase_if(fields, [&](const auto& f) { return f.name == field; }), 1u);
  store::UnitOfWork unit;
  unit.epoch = store->epoch();
  unit.kept.push_back(
      {"acme", "description", "old", model::Instant(today - std::chrono::days(20)), app::to_json(*before)});
  ASSERT_EQ(store::apply_and_wait(*store, std::move(unit)), store::Applied::done);
  world.company().with_org([&](sim::org& org) {
    org.leave({.what = trace::type::setup,
               .person = people[0].user,
               .at = today - 50h,
               .object = world.words.object,
               .field = field,
               .name = "created"});
  });
  run(changes_rules, [&] { return studied(); });
  std::string why_changed;
  for (const auto& f : store->open_reader()->snapshot()->findings_of_units("acme"))
    if (f.record == world.words.object + "." + field + "|field") why_changed = decode_detail(f.detail).why;
  EXPECT_EQ(why_changed, "Champion appeared, by " + people[0].id) << why("changes");
}

// A failure that passes: records are read on, the study is made without, and again once it is over.
TEST_P(StudiedCompany, AFailureThatPassesHoldsUpNothing) {
  grant({"manage-users", "event-log-files", "event-monitoring", "security-read"});
  setup.hall.trails_wait = 0min;
  const auto people = reps();
  ASSERT_FALSE(people.empty());
  world.company().clock().advance(std::chrono::days(60));
  signs_in(people[0], 25);
  sim::fault_setting broken;
  broken.only = world.kind == Kind::salesforce ? "LoginHistory" : "activity/login";
  ASSERT_TRUE(world.company().set_fault("502", broken));
  run(rules, [&] { return studied() && why("exports").find("who took exports") == std::string::npos; });
  EXPECT_EQ(found("logins"), std::set<std::string>{});
  EXPECT_NE(why("logins").find("who signed in"), std::string::npos) << why("logins");
  EXPECT_EQ(states.back(), "reading");
  world.company().faults().clear();
  reload();  // else after ten minutes
  run(rules, [&] { return found("logins") == std::set{people[0].id}; });
}

// A spreadsheet that the owner put on their own deal; another's, and one that is no spreadsheet, are nothing.
TEST_P(StudiedCompany, AttachedSpreadsheetsAreFoundWhereFilesAreTold) {
  if (world.kind == Kind::hubspot) return;
  grant({"query-all-files"});
  const auto people = reps();
  ASSERT_GE(people.size(), 2u);
  world.company().clock().advance(std::chrono::days(60));
  const auto attach = [&](const Rep& by, const std::string& deal, const char* name) {
    world.company().with_org([&](sim::org& org) {
      org.leave({.what = trace::type::file, .person = by.user, .at = today - 50h, .record = deal, .name = name});
    });
  };
  attach(people[0], people[0].deals[0], "My pipeline.xlsx");
  attach(people[1], people[0].deals[1], "Prices.xlsx");
  attach(people[0], people[0].deals[2], "Offer.pdf");
  run(rules, [&] { return studied(); });
  const auto on = [&](std::size_t deal) {
    std::string out;
    for (const auto& f : store->open_reader()->snapshot()->findings_of("acme", "opportunity", people[0].deals[deal]))
      out += f.rule + " ";
    return out;
  };
  EXPECT_EQ(on(0), "health/sheets ") << why("sheets");
  EXPECT_EQ(on(1) + on(2), "");
}

TEST_P(StudiedCompany, WhatNoRuleAsksForIsNotRead) {
  grant({"manage-users", "event-log-files", "event-monitoring", "security-read"});
  world.company().clock().advance(std::chrono::days(60));
  signs_in(reps()[0], 25);
  run(no_rules, [&] { return studies > 0; });
  for (int i = 0; i < 50; ++i) world.io.run_for(2ms);
  const auto reader = store->open_reader();
  const auto snapshot = reader->snapshot();
  for (const auto trail : connectors::every_trail) {
    EXPECT_FALSE(trail_state(*snapshot, "acme", trail));
    EXPECT_FALSE(snapshot->newest("acme", "trail " + std::string(connectors::to_string(trail))));
  }
}

}  // namespace
}  // namespace coachd::pipeline
