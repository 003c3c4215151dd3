// Activities and related records on their way into findings: read like any record, found from the record that they
// belong to, and told only once all of them were read. What coachd made itself never clears or delays a finding.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_company.hpp"

namespace coachd::pipeline {
namespace {

using model::Instant;
using model::Value;

TEST(HallBeside, NothingIsToldUntilAllOfASourceWasRead) {
  Company c;
  c.deal("d1");
  c.hall->handle(FirstLoadDone{"acme"}, c.now);
  c.settle();
  c.go("2026-04-01T08:00:00Z");
  EXPECT_EQ(c.open(), std::set<std::string>{});
  EXPECT_EQ(c.cannot_tell("silent"), 1);
  EXPECT_EQ(c.cannot_tell("no-champion"), 1);
  c.whole("task");
  EXPECT_EQ(c.open(), std::set<std::string>{}) << "meetings may have been held";
  c.whole("event");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 no-plan", "d1 silent"}));
  c.whole("contact_role");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 no-champion", "d1 no-plan", "d1 silent"}));
  EXPECT_EQ(c.cannot_tell("silent") + c.cannot_tell("no-plan") + c.cannot_tell("no-champion"), 0);
}

// A connection whose rules ask for nothing of the kind makes not one call more.
TEST(HallBeside, WhatNoTestAsksForIsNotRead) {
  constexpr const char* plain = R"(
version: 1
workflow: plain
object: opportunity
owner: revops@example.com
rules:
  - {id: no-step, kind: stale, when: {field: next_step, real: false}, control: [flag]}
)";
  Company c;
  const auto asked = app::objects_of({{"plain.yaml", plain}}, c.setup);
  EXPECT_EQ(asked.judged, std::vector<std::string>{"Opportunity"});
  EXPECT_TRUE(asked.beside.empty());
  const auto built =
      app::build_context({{"plain.yaml", plain}}, c.setup, Company::description(), *c.store, false, c.now);
  ASSERT_TRUE(built.context);
  EXPECT_TRUE(built.context->beside.empty());
  const auto quiet = app::objects_of({{"quiet.yaml", quiet_rules}}, c.setup);
  EXPECT_EQ(quiet.judged, std::vector<std::string>{"Opportunity"});
  EXPECT_EQ(quiet.beside, (std::vector<std::string>{"OpportunityContactRole", "Task", "Event"}));
}

TEST(HallBeside, WithoutADeclaredSourceNothingIsReadAndNothingTold) {
  Company c(std::vector<std::string>{});
  EXPECT_FALSE(c.context->beside.contains("task"));
  c.deal("d1");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  EXPECT_EQ(c.open(), std::set<std::string>{"d1 no-champion"});
  EXPECT_EQ(c.cannot_tell("silent"), 1);
}

TEST(HallBeside, ASourceThatCannotBeSeenLeavesItUntold) {
  Company c({"task", "email_message"});  // the organisation does not describe e-mails
  c.deal("d1");
  c.deal("d2");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  EXPECT_EQ(c.cannot_tell("silent"), 2);
  c.task("t1", "d1", true, "ana");
  EXPECT_EQ(c.cannot_tell("silent"), 1) << "a call that is known decides";
}

TEST(HallBeside, APersonsCallEndsTheFindingAndItsAgeOpensItAgain) {
  Company c;
  c.deal("d1");
  c.role("r1", "d1", "Champion");
  c.loaded();
  EXPECT_EQ(c.open(), std::set<std::string>{"d1 no-plan"}) << "it is too young to be silent";
  c.go("2026-03-17T08:00:00Z");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 no-plan", "d1 silent"}));
  c.go("2026-03-17T09:00:00Z");
  c.task("t1", "d1", true, "ana");
  EXPECT_EQ(c.open(), std::set<std::string>{"d1 no-plan"});
  EXPECT_EQ(c.ended_how("d1", "silent"), "mended");
  c.go("2026-03-31T21:59:00Z");  // 14 days later, 23:59 in Berlin
  EXPECT_EQ(c.open(), std::set<std::string>{"d1 no-plan"});
  c.go("2026-03-31T22:00:00Z");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 no-plan", "d1 silent"}));
}

TEST(HallBeside, OnlyWhatAPersonDidCounts) {
  Company c;
  c.deal("d1");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  const auto silent = [&] { return c.open().contains("d1 silent"); };
  ASSERT_TRUE(silent());
  c.task("open", "d1", false, "ana");
  EXPECT_TRUE(silent()) << "an open task is a plan";
  EXPECT_FALSE(c.open().contains("d1 no-plan"));
  c.task("machine", "d1", true, "bot");
  EXPECT_TRUE(silent()) << "an integration user is no person";
  c.task("own", "d1", false, "bot", "What happens next? [0123456789]");
  c.task("own", "d1", true, "ana", "What happens next? [0123456789]");
  EXPECT_TRUE(silent()) << "coachd's own, completed by a person";
  c.task("open", "d1", true, "ana");
  EXPECT_FALSE(silent());
}

TEST(HallBeside, ACallThatMovesIsLookedAtFromBothEnds) {
  Company c;
  c.deal("d1");
  c.deal("d2");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  c.task("t1", "d1", true, "ana");
  EXPECT_FALSE(c.open().contains("d1 silent"));
  EXPECT_TRUE(c.open().contains("d2 silent"));
  const auto woken = c.counter("woken_by_surroundings");
  c.task("t1", "d2", true, "ana");
  EXPECT_TRUE(c.open().contains("d1 silent"));
  EXPECT_FALSE(c.open().contains("d2 silent"));
  EXPECT_EQ(c.counter("woken_by_surroundings"), woken + 2);
  c.task("t1", "d2", true, "ana", "Call", true);
  EXPECT_TRUE(c.open().contains("d2 silent")) << "it was deleted";
}

TEST(HallBeside, AMeetingIsAPlanUntilItsTimeAndDoneFromThenOn) {
  Company c;
  c.deal("d1");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  c.meeting("e1", "d1", *model::parse_instant("2026-04-09T12:00:00Z"), "ana");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 no-champion", "d1 silent"}));
  c.go("2026-04-09T12:00:00Z");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 no-champion", "d1 no-plan"}));
}

TEST(HallBeside, RelatedRecordsAreCountedByWhatTheyHold) {
  Company c;
  c.deal("d1");
  c.loaded();
  EXPECT_TRUE(c.open().contains("d1 no-champion"));
  c.role("r1", "d1", "Evaluator");
  EXPECT_TRUE(c.open().contains("d1 no-champion"));
  c.role("r1", "d1", "Champion");
  EXPECT_FALSE(c.open().contains("d1 no-champion"));
  c.role("r1", "d1", "Champion", true);
  EXPECT_TRUE(c.open().contains("d1 no-champion"));
}

TEST(HallBeside, ASourceThatIsRefusedSinceTellsNoMore) {
  Company c;
  c.deal("d1");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  EXPECT_TRUE(c.open().contains("d1 silent"));
  c.hall->handle(BesideRead{"acme", c.context->beside.at("event").whole, false}, c.now);
  c.settle();
  EXPECT_FALSE(c.open().contains("d1 silent"));
  EXPECT_EQ(c.cannot_tell("silent"), 1);
  c.whole("event");
  EXPECT_TRUE(c.open().contains("d1 silent"));
}

TEST(HallBeside, WhatChangesWithItsRecordInOneStepIsSeen) {
  Company c;
  c.loaded();
  c.read("contact_role", "r1", {{"OpportunityId", text("d1")}, {"Role", text("Champion")}}, "ana");
  c.read("opportunity", "d1", {{"Name", text("d1")}, {"OwnerId", text("ana")}, {"StageName", text("Late")}}, "ana");
  c.settle();
  EXPECT_FALSE(c.open().contains("d1 no-champion"));
  EXPECT_EQ(c.open(), std::set<std::string>{"d1 no-plan"});
}

TEST(HallBeside, ARestartKeepsWhatIsKnown) {
  Company c;
  c.deal("d1");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  c.task("t1", "d1", true, "ana");
  const auto before = c.open();
  c.hall.emplace(*c.store, c.nowhere);
  c.connect();
  c.go("2026-04-02T08:00:00Z");
  EXPECT_EQ(c.open(), before);
}

// Design 6, 6: two companies of the same people and the same acts; in one of them coachd's own tasks come and go as
// well, are completed, moved and deleted by people, and move the deals' stamps as roll-ups do.
TEST(HallBeside, NoPromptClearsOrDelaysAnyFinding) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    std::mt19937 random(seed);
    const auto up_to = [&](int n) { return std::uniform_int_distribution<int>(0, n)(random); };
    Company with, without;
    const std::vector<std::string> deals{"d1", "d2", "d3"};
    const std::vector<std::string> people{"ana", "ben"};
    for (auto* c : {&with, &without}) {
      for (const auto& d : deals) c->deal(d);
      c->loaded();
    }
    std::set<std::string> prompts;
    for (int step = 0; step < 50; ++step) {
      const auto later = with.now + std::chrono::hours(1 + up_to(60));
      const auto& deal = deals[static_cast<std::size_t>(up_to(2))];
      const auto& person = people[static_cast<std::size_t>(up_to(1))];
      const auto act = up_to(9);
      const auto id = "t" + std::to_string(up_to(4));
      const auto mark = std::to_string(1'000'000'000 + up_to(5));
      const bool closed = up_to(1) == 0;
      for (auto* c : {&with, &without}) {
        c->go(later);
        if (act == 0) c->task(id, deal, closed, person);
        if (act == 1) c->meeting("e" + id, deal, later + std::chrono::hours(30), person);
        if (act == 2) c->role("r" + id, deal, closed ? "Champion" : "Evaluator");
      }
      if (act >= 4) {
        const bool first = prompts.insert(mark).second;
        with.task("p" + mark, deal, !first && closed, first ? "bot" : person, "What happens next? [" + mark + "]",
                  !first && act == 9);
        with.deal(deal);  // as a roll-up does: another stamp, the same values
        without.settle();
      }
      ASSERT_EQ(with.open(), without.open()) << "seed " << seed << ", step " << step;
    }
    const auto rows = [&](const Company& c) {
      // Since when a deal has no plan is not told where something on it was modified: the stamp says that, nothing
      // more.
      std::set<std::tuple<std::string, std::string, Instant, std::optional<Instant>, std::optional<Instant>>> out;
      for (const auto& d : deals)
        for (const auto& f : c.store->open_reader()->snapshot()->findings_of("acme", "opportunity", d))
          out.emplace(f.record, f.finding, f.first_seen, f.finding == "silent" ? f.since : std::nullopt, f.ended);
      return out;
    };
    EXPECT_EQ(rows(with), rows(without)) << "seed " << seed;
    EXPECT_FALSE(prompts.empty());
  }
}

}  // namespace
}  // namespace coachd::pipeline
