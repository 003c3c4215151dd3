// Activities and related records on their way into findings: read like any record, found from the record that they
// belong to, and told only once all of them were read. What coachd made itself never clears or delays a finding.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/description.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

using model::Instant;
using model::StoredValue;
using model::Value;
using Cells = std::map<std::string, StoredValue>;

constexpr const char* rules_text = R"(
version: 1
workflow: quiet
object: opportunity
owner: revops@example.com
old_records: all
rules:
  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 14d}}, control: [flag]}
  - {id: no-plan, kind: stale, for: {open: true}, when: {next_activity: {none_within: 30d}}, control: [flag]}
  - {id: no-champion, kind: stale, for: {open: true}, when: {not: {related: contact_role, count: {at_least: 1}, where: {field: role, is: Champion}}}, control: [flag]}
)";

class Nowhere final : public Outside {
 public:
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string&) override { ADD_FAILURE() << "nobody hinted at anything"; }
};

StoredValue text(const std::string& t) {
  return t.empty() ? StoredValue(Value::blank()) : StoredValue::text(t);
}
StoredValue at(Instant i) {
  return StoredValue(Value::instant(i));
}

// A company of few deals in front of a hall.
class Company {
 public:
  explicit Company(std::vector<std::string> sources = {"task", "event"}) {
    setup.names = {};
    const auto names = salesforce::default_names();
    setup.names.objects = names.objects;
    setup.names.fields = names.fields;
    setup.activity_sources = std::move(sources);
    setup.around = salesforce::make_surroundings();
    store = open_store(folder.path());
    hall.emplace(*store, nowhere);
    connect();
  }
  ~Company() {
    hall.reset();
    store->stop();
    store.reset();
  }
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  static model::Description description() {
    auto d = org();
    d.signed_in = model::PersonId("bot");
    model::Person bot;
    bot.id = d.signed_in;
    bot.human = false;
    d.people.emplace(bot.id, bot);
    const auto object = [&](const char* name, const std::vector<std::string>& lookups,
                            const std::vector<std::string>& others) {
      model::ObjectDescription o{name, name, {}, {}};
      const auto add = [&](const std::vector<std::string>& fields, model::FieldType type) {
        for (const auto& f : fields) {
          model::FieldDescription field;
          field.name = field.label = f;
          field.type = type;
          o.fields.push_back(field);
        }
      };
      add(lookups, model::FieldType::reference);
      add(others, model::FieldType::text);
      d.objects.emplace(name, o);
    };
    object("Task", {"WhatId", "OwnerId"}, {"Subject"});
    object("Event", {"WhatId", "OwnerId"}, {"Subject"});
    object("OpportunityContactRole", {"OpportunityId", "ContactId"}, {"Role"});
    return d;
  }

  void connect() {
    auto built = app::build_context({{"quiet.yaml", rules_text}}, setup, description(), *store, true, now);
    ASSERT_TRUE(built.context) << (built.diagnostics.empty() ? "" : built.diagnostics[0].message);
    context = built.context;
    hall->connect(context, now);
    settle();
  }
  void loaded() {
    for (const auto& [object, beside] : context->beside) whole(object);
    hall->handle(FirstLoadDone{"acme"}, now);
    settle();
  }
  void whole(const std::string& object) {
    hall->handle(BesideRead{"acme", context->beside.at(object).whole}, now);
    settle();
  }
  void settle() {
    for (int i = 0; hall->step(now); ++i) ASSERT_LT(i, 1000) << "the hall does not come to rest";
  }
  void go(const char* instant) { go(*model::parse_instant(instant)); }
  void go(Instant instant) {
    now = instant;
    settle();
  }

  // A record enters the journal; what is not named is blank.
  void read(const std::string& object, const std::string& id, const Cells& cells, const std::string& by,
            bool deleted = false) {
    connectors::Page page;
    page.columns = columns_to_read(*context, object);
    model::RecordRow row;
    row.id = model::RecordId(id);
    row.version = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::milliseconds(++version);
    const auto known = made.try_emplace(id, now, by).first->second;
    row.created = known.first;
    row.created_by = model::PersonId(known.second);
    row.modified_by = model::PersonId(by);
    row.deleted = deleted;
    for (const auto& column : page.columns) {
      const auto cell = cells.find(column);
      row.values.push_back(cell == cells.end() ? StoredValue(Value::blank()) : cell->second);
    }
    page.rows.push_back(std::move(row));
    auto unit = intake_records(store->dictionary(), "acme", object, page,
                               number_columns(store->dictionary(), "acme", object, page.columns), "read", now);
    unit.epoch = store->epoch();
    ASSERT_EQ(store::apply_and_wait(*store, std::move(unit)), store::Applied::done);
  }
  void deal(const std::string& id, const std::string& owner = "ana") {
    read("opportunity", id, {{"Name", text("Deal " + id)}, {"OwnerId", text(owner)}, {"StageName", text("Late")}},
         owner);
    settle();
  }
  void task(const std::string& id, const std::string& deal, bool closed, const std::string& by,
            const std::string& subject = "Call about the offer", bool deleted = false) {
    read("task", id,
         {{"WhatId", text(deal)},
          {"Subject", text(subject)},
          {"OwnerId", text(by)},
          {"IsClosed", StoredValue(Value::boolean(closed))},
          {"TaskSubtype", text("Call")},
          {"ActivityDate", StoredValue(Value::day(std::chrono::floor<std::chrono::days>(now)))},
          {"CompletedDateTime", closed ? at(now) : StoredValue(Value::blank())}},
         by, deleted);
    settle();
  }
  void meeting(const std::string& id, const std::string& deal, Instant start, const std::string& by) {
    read("event", id, {{"WhatId", text(deal)}, {"OwnerId", text(by)}, {"StartDateTime", at(start)}}, by);
    settle();
  }
  void role(const std::string& id, const std::string& deal, const std::string& role, bool deleted = false) {
    read("contact_role", id, {{"OpportunityId", text(deal)}, {"Role", text(role)}}, "ana", deleted);
    settle();
  }

  // "record rule" of what is open.
  [[nodiscard]] std::set<std::string> open() const {
    std::set<std::string> out;
    for (const auto& f : store->open_reader()->snapshot()->open_findings("acme", 1000))
      out.insert(f.record + " " + f.finding);
    return out;
  }
  [[nodiscard]] std::string ended_how(const std::string& record, const std::string& finding) const {
    for (const auto& f : store->open_reader()->snapshot()->findings_of("acme", "opportunity", record))
      if (f.finding == finding) return f.ended ? f.ended_how : "open";
    return "never";
  }
  [[nodiscard]] std::int64_t cannot_tell(const std::string& rule) const {
    std::int64_t count = 0;
    for (const auto& c : store->open_reader()->snapshot()->cannot_tell())
      if (c.rule == "quiet/" + rule) count += c.delta;
    return count;
  }
  [[nodiscard]] std::int64_t counter(const std::string& name) const {
    for (const auto& [counted, n] : store->open_reader()->snapshot()->counters())
      if (counted == name) return n;
    return 0;
  }

  TemporaryFolder folder;
  app::ConnectionSetup setup = acme();
  std::unique_ptr<store::sqlite::SqliteStore> store;
  Nowhere nowhere;
  std::optional<Hall> hall;
  std::shared_ptr<const Context> context;
  Instant now = *model::parse_instant("2026-03-02T08:00:00Z");
  int version = 0;
  std::map<std::string, std::pair<Instant, std::string>> made;  // by record: when, by whom
};

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
  const auto quiet = app::objects_of({{"quiet.yaml", rules_text}}, c.setup);
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
