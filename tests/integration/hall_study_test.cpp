// The daily study in the hall: what detectors find becomes findings that appear, stay and end with the days; what is
// about a person stands under that person alone; facts of a day survive a restart; meetings and notes are told from
// what the daemon has.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/day_facts.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/pipeline/study.hpp"
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

constexpr const char* guesses =
    "  - {id: guesses, kind: fake-adoption, detect: placeholder-share, with: {fields: [next_step]}, control: [flag, "
    "prompt], prompt: {to: owner, say: \"{name}\", ask: \"What is next?\"}}\n";
constexpr const char* logins = "  - {id: logins, kind: fake-adoption, detect: logins-without-work, control: [flag]}\n";
constexpr const char* promises =
    "  - {id: promised, kind: stale, detect: promised-followups, control: [flag]}\n"
    "  - {id: noted, kind: workaround, detect: workaround, with: {clues: [note-instead], fields: [next_step]}, "
    "control: "
    "[flag]}\n"
    "  - {id: reviewed, kind: stale, when: {reviewed: {by: owner_manager, within: {since_meeting: pipeline-review}}}, "
    "control: [flag]}\n"
    "  - {id: not-touched, kind: stale, when: {field: next_step, unchanged_for: {since_meeting: pipeline-review}}, "
    "control: [flag]}\n";
constexpr const char* slow =
    "  - {id: slow, kind: stale, for: {open: true}, when: {stage_age: {above: p50}}, control: [flag]}\n";

constexpr const char* silent =
    "  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 14d}}, control: [flag]}\n";

StoredValue text(const std::string& t) {
  return t.empty() ? StoredValue(Value::blank()) : StoredValue::text(t);
}

class Outsider final : public Outside {
 public:
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string&) override { ADD_FAILURE() << "nobody hinted at anything"; }
  void study(const std::shared_ptr<const Context>& context, const std::string& key, Instant now) override {
    asked.emplace(context, key, now);
    ++studies;
  }
  std::optional<Study> asked;
  int studies = 0;
};

// Deals and notes of a small portal in front of a hall that studies them.
class Portal {
 public:
  explicit Portal(const std::string& rules) : rules_(rule_file("health", rules)) {
    const auto names = hubspot::default_names();
    setup.names.objects = names.objects;
    setup.names.fields = names.fields;
    setup.names.fields["opportunity"]["next_step"] = "hs_next_step";
    setup.activity_sources = {"note"};
    setup.around = hubspot::make_surroundings();
    setup.meetings = {"pipeline-review"};
    setup.schedule = {{"pipeline-review", std::chrono::Monday, std::chrono::minutes(570), "li@example.com", ""}};
    store = open_store(folder.path());
    start();
  }
  ~Portal() {
    hall.reset();
    store->stop();
    store.reset();
  }
  Portal(const Portal&) = delete;
  Portal& operator=(const Portal&) = delete;

  static model::Description description() {
    auto d = org();
    d.objects.clear();
    const auto object = [&](const char* name, const std::vector<std::pair<const char*, model::FieldType>>& fields) {
      model::ObjectDescription o{name, name, {}, {}, {}};
      for (const auto& [field, type] : fields) {
        model::FieldDescription f;
        f.name = f.label = field;
        f.type = type;
        o.fields.push_back(f);
      }
      return o;
    };
    using T = model::FieldType;
    auto deals = object("deals", {{"dealname", T::text},
                                  {"hubspot_owner_id", T::reference},
                                  {"dealstage", T::picklist},
                                  {"pipeline", T::picklist},
                                  {"hs_next_step", T::text}});
    deals.pipelines = {{"default", "Sales", {{"early", "Early"}, {"late", "Late"}, {"won", "Won", true, false}}}};
    d.objects.emplace("deals", std::move(deals));
    d.objects.emplace("notes", object("notes", {{"hs_timestamp", T::datetime},
                                                {"hubspot_owner_id", T::reference},
                                                {"hs_note_body", T::text}}));
    model::Person li;
    li.id = model::PersonId("li");
    li.email = "li@example.com";
    d.people.emplace(li.id, li);
    for (const char* id : {"ana", "ben", "cem"}) d.people.at(model::PersonId(id)).manager = li.id;
    return d;
  }

  // The daemon, begun or begun again on the same state.
  void start() {
    hall.reset();
    outside.asked.reset();
    hall.emplace(*store, outside);
    auto built = app::build_context({{"health.yaml", rules_}}, setup, description(), *store, true, now);
    ASSERT_TRUE(built.context) << (built.diagnostics.empty() ? "" : built.diagnostics[0].message);
    context = built.context;
    hall->connect(context, now);
    settle();
  }
  void rules(const std::string& text) {
    rules_ = rule_file("health", text);
    start();
    loaded();
  }
  void loaded() {
    for (const auto& [object, beside] : context->beside) hall->handle(BesideRead{"acme", beside.whole}, now);
    hall->handle(FirstLoadDone{"acme"}, now);
    settle();
  }
  void settle() {
    do {
      for (int i = 0; hall->step(now); ++i) ASSERT_LT(i, 10'000) << "the hall does not come to rest";
    } while (study());
  }
  bool study() {
    if (!outside.asked) return false;
    const auto reader = store->open_reader();
    while (outside.asked->step(*reader->snapshot(), 3)) {
    }
    while (outside.asked->conclude_one()) {
    }
    hall->handle(outside.asked->finish(), now);
    outside.asked.reset();
    return true;
  }
  void go(const char* instant) {
    const auto until = *model::parse_instant(instant);
    for (auto next = hall->agenda(now).first(); next && *next <= until; next = hall->agenda(now).first()) {
      now = std::max(now, *next);
      settle();
    }
    now = until;
    settle();
  }

  void read(const std::string& object, const std::string& id, const Cells& cells, const std::string& by) {
    connectors::Page page;
    page.columns = columns_to_read(*context, object);
    model::RecordRow row;
    row.id = model::RecordId(id);
    row.version = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::milliseconds(++version);
    const auto known = made.try_emplace(id, now, by).first->second;
    row.created = known.first;
    row.created_by = model::PersonId(known.second);
    row.modified_by = model::PersonId(by);
    for (const auto& column : page.columns) {
      const auto cell = cells.find(column);
      row.values.push_back(cell == cells.end() ? StoredValue(Value::blank()) : cell->second);
    }
    page.rows.push_back(std::move(row));
    const auto numbers = number_columns(store->dictionary(), "acme", object, page.columns);
    auto unit = intake_records(store->dictionary(), "acme", object, page, numbers, "read", now);
    for (const auto f : numbers.fields) unit.known_since.push_back({"acme", object, f, "", now});
    unit.epoch = store->epoch();
    ASSERT_EQ(store::apply_and_wait(*store, std::move(unit)), store::Applied::done);
  }
  void deal(const std::string& id, const std::string& owner, const std::string& step,
            const std::string& stage = "late") {
    read("opportunity", id,
         {{"dealname", text("Deal " + id)},
          {"hubspot_owner_id", text(owner)},
          {"dealstage", text(stage)},
          {"pipeline", text("default")},
          {"hs_next_step", text(step)}},
         owner);
    settle();
  }
  void note(const std::string& id, const std::string& deal, const std::string& by, const std::string& body) {
    std::string note_object;
    for (const auto& [object, beside] : context->beside)
      if (beside.crm_object == "notes") note_object = object;
    const auto& beside = context->beside.at(note_object);
    const auto link = store->dictionary().field_name(beside.links.at(0).field);
    read(note_object, id,
         {{"hs_timestamp", StoredValue(Value::instant(now))},
          {"hubspot_owner_id", text(by)},
          {"hs_note_body", text(body)},
          {link, text(deal)}},
         by);
    settle();
  }
  // Twenty deals each; ana's hold a placeholder every second time.
  void many(bool ana_guesses) {
    for (const char* owner : {"ana", "ben", "cem"})
      for (int i = 0; i < 60; ++i)
        deal(owner + std::to_string(i), owner,
             owner == std::string("ana") && ana_guesses && i % 2 == 0 ? "tbd" : "Call number " + std::to_string(i));
  }

  [[nodiscard]] std::vector<store::FindingRow> of(const std::string& finding, bool open_only = true) const {
    const auto reader = store->open_reader();
    const auto snapshot = reader->snapshot();
    std::vector<store::FindingRow> out;
    for (auto& f : open_only ? snapshot->open_findings("acme", 1000) : snapshot->findings_of_units("acme"))
      if (f.finding == finding || f.finding.starts_with(finding + ":")) out.push_back(std::move(f));
    return out;
  }
  [[nodiscard]] std::int64_t counter(const std::string& name) const {
    for (const auto& [counted, n] : store->open_reader()->snapshot()->counters())
      if (counted == name) return n;
    return 0;
  }
  [[nodiscard]] std::map<std::string, std::int64_t> cannot_tell(const std::string& rule) const {
    std::map<std::string, std::int64_t> out;
    for (const auto& c : store->open_reader()->snapshot()->cannot_tell())
      if (c.rule == "health/" + rule) out[c.reason] += c.delta;
    return out;
  }

  TemporaryFolder folder;
  app::ConnectionSetup setup = acme();
  std::unique_ptr<store::sqlite::SqliteStore> store;
  Outsider outside;
  std::optional<Hall> hall;
  std::shared_ptr<const Context> context;
  Instant now = *model::parse_instant("2026-03-02T09:00:00Z");  // a Monday, half an hour after its review
  int version = 0;
  std::map<std::string, std::pair<Instant, std::string>> made;  // by record: when, by whom

 private:
  std::string rules_;
};

TEST(HallStudy, WhatIsAboutAPersonStandsUnderThatPersonAndStaysOverTheDays) {
  Portal p(guesses);
  p.many(true);
  p.loaded();
  const auto found = p.of("guesses");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].object, "unit:person");
  EXPECT_EQ(found[0].owner, "ana");
  EXPECT_EQ(decode_detail(found[0].detail).why.substr(0, 8), "30 of 60");
  EXPECT_EQ(decode_detail(found[0].detail).to, "") << "nobody else is told";
  {
    const auto reader = p.store->open_reader();
    const auto snapshot = reader->snapshot();
    EXPECT_TRUE(snapshot->findings_of("acme", "opportunity", "ana0").empty());
    for (const auto& prompt : snapshot->prompts("acme", std::nullopt, 1'000)) EXPECT_NE(prompt.person, "ana");
    const auto reasons = snapshot->reasons_of("acme", "unit:person", found[0].record);
    ASSERT_EQ(reasons.size(), 1U);
    EXPECT_EQ(reasons[0].reason.substr(0, 24), "held: no private carrier");
  }
  // A day on which nothing changes writes nothing about it.
  p.go("2026-03-03T09:00:00Z");
  p.go("2026-03-04T09:00:00Z");
  EXPECT_EQ(p.counter("studies"), 3);
  EXPECT_EQ(p.counter("findings_opened"), 1);
  EXPECT_EQ(p.of("guesses").at(0).first_seen, found[0].first_seen);
  // Some mended: the same finding in other words.
  for (int i = 0; i < 4; i += 2) p.deal("ana" + std::to_string(i), "ana", "Meet purchasing");
  p.go("2026-03-05T09:00:00Z");
  EXPECT_EQ(decode_detail(p.of("guesses").at(0).detail).why.substr(0, 8), "28 of 60");
  EXPECT_EQ(p.of("guesses").at(0).first_seen, found[0].first_seen);
  // All mended: it ends, and a later one is another episode.
  p.many(false);
  p.go("2026-03-06T09:00:00Z");
  EXPECT_TRUE(p.of("guesses").empty());
  EXPECT_EQ(p.of("guesses", false).at(0).ended_how, "overtaken");
  p.many(true);
  p.go("2026-03-07T09:00:00Z");
  EXPECT_EQ(p.of("guesses").at(0).episode, 2);
  // A rule that is gone takes its findings with it.
  p.rules(logins);
  EXPECT_TRUE(p.of("guesses").empty());
  EXPECT_EQ(p.of("guesses", false).at(0).ended_how, "rule");
}

TEST(HallStudy, WhatADetectorCannotTellIsCountedOnce) {
  Portal p(logins);
  p.deal("d1", "ana", "Call");
  p.loaded();
  const auto first = p.cannot_tell("logins");
  ASSERT_EQ(first.size(), 1U);
  p.go("2026-03-03T09:00:00Z");
  EXPECT_EQ(p.cannot_tell("logins"), first);
  p.rules(guesses);
  EXPECT_TRUE(p.cannot_tell("logins").empty());
}

TEST(HallStudy, FactsOfADayOutliveARestart) {
  Portal p(slow);
  p.deal("open", "ana", "Call", "early");
  for (int i = 0; i < 40; ++i) p.deal("w" + std::to_string(i), "ana", "Call", "early");
  p.loaded();
  EXPECT_TRUE(p.of("slow").empty());
  p.go("2026-03-12T09:00:00Z");
  for (int i = 0; i < 40; ++i) p.deal("w" + std::to_string(i), "ana", "Call", "won");
  EXPECT_TRUE(p.of("slow").empty()) << "facts are frozen between the days";
  EXPECT_EQ(p.store->open_reader()->snapshot()->cannot_tell().size(), 1U);
  p.go("2026-03-13T09:00:00Z");
  EXPECT_EQ(p.of("slow").size(), 1U) << "a day longer than half of those that were won";
  const auto studies = p.outside.studies;
  p.start();
  p.loaded();
  p.now += std::chrono::hours(1);
  p.settle();
  EXPECT_EQ(p.outside.studies, studies);
  const auto facts = kept_day_facts(*p.store->open_reader()->snapshot(), "acme");
  EXPECT_EQ(facts.facts_day, model::parse_day("2026-03-13"));
  EXPECT_EQ(p.of("slow").size(), 1U);
  p.go("2026-03-14T09:00:00Z");
  EXPECT_EQ(p.outside.studies, studies + 1);
}

TEST(HallStudy, WhatNewFactsTurnIsMadeDueAfterACrashToo) {
  Portal p(slow);
  p.deal("open", "ana", "Call", "early");
  for (int i = 0; i < 40; ++i) p.deal("w" + std::to_string(i), "ana", "Call", "early");
  p.loaded();
  p.go("2026-03-12T09:00:00Z");
  for (int i = 0; i < 40; ++i) p.deal("w" + std::to_string(i), "ana", "Call", "won");
  p.now = *model::parse_instant("2026-03-13T09:00:00Z");
  EXPECT_FALSE(p.hall->step(p.now));
  ASSERT_TRUE(p.outside.asked);
  p.study();
  EXPECT_TRUE(p.of("slow").empty()) << "the facts are stored, and nothing was evaluated yet";
  const auto studies = p.outside.studies;
  p.start();
  EXPECT_TRUE(p.of("slow").empty()) << "nothing has been read since the start";
  EXPECT_EQ(p.outside.studies, studies);
  p.loaded();
  EXPECT_EQ(p.of("slow").size(), 1U);
  EXPECT_EQ(p.outside.studies, studies + 1) << "what detectors found was not stored whole";
}

TEST(HallStudy, NotesAndMeetingsAreToldFromWhatTheDaemonHas) {
  Portal p(promises);
  p.deal("d1", "ana", "");
  p.deal("d2", "ben", "Call");
  p.loaded();
  EXPECT_EQ(p.cannot_tell("not-touched").size(), 1U) << "the daemon does not know that a meeting was ever held";
  p.go("2026-03-03T09:00:00Z");
  p.note("n1", "d1", "ana", "Spoke with Dana. I'll send the offer on Friday.\nhs_next_step: send the offer");
  p.go("2026-03-06T09:00:00Z");
  const auto promised = p.of("promised");
  ASSERT_EQ(promised.size(), 1U);
  EXPECT_EQ(promised[0].object, "unit:person");
  EXPECT_EQ(promised[0].owner, "ana");
  EXPECT_EQ(decode_detail(promised[0].detail).records, std::vector<std::string>{"d1"});
  const auto noted = p.of("noted");
  ASSERT_EQ(noted.size(), 1U) << "a finding of the record";
  EXPECT_EQ(noted[0].object, "opportunity");
  EXPECT_EQ(noted[0].record, "d1");
  // The record's own evaluation leaves it alone.
  p.deal("d1", "ana", "");
  EXPECT_EQ(p.of("noted").size(), 1U);
  // Monday's review passes: from then on it was held.
  p.go("2026-03-09T08:29:00Z");
  EXPECT_TRUE(p.of("not-touched").empty());
  p.go("2026-03-09T08:31:00Z");
  EXPECT_EQ(p.of("not-touched").size(), 2U);
  EXPECT_TRUE(p.of("reviewed").empty());
  p.go("2026-03-09T12:00:00Z");
  p.note("n2", "d2", "li", "What is the next step here?");
  ASSERT_EQ(p.of("reviewed").size(), 1U);
  EXPECT_EQ(p.of("reviewed")[0].record, "d2");
  p.go("2026-03-16T09:00:00Z");
  EXPECT_TRUE(p.of("reviewed").empty()) << "another review was held since";
}

TEST(HallStudy, WhereWonDealsShowNoActivityASilentDealIsNoSign) {
  Portal p(silent);
  p.deal("open", "ana", "Call", "early");
  for (int i = 0; i < 4; ++i) p.deal("w" + std::to_string(i), "ana", "Call", "early");
  p.loaded();
  p.go("2026-03-20T09:00:00Z");
  EXPECT_EQ(p.of("silent").size(), 5U);
  for (int i = 0; i < 4; ++i) p.deal("w" + std::to_string(i), "ana", "Call", "won");
  EXPECT_EQ(p.of("silent").size(), 1U);
  p.go("2026-03-21T09:00:00Z");
  EXPECT_TRUE(p.of("silent").empty()) << "four of four were won without a trace of work";
  const auto why = p.cannot_tell("silent");
  ASSERT_EQ(why.size(), 1U);
  EXPECT_EQ(why.begin()->first.substr(0, 18), "activities: 4 of 4");
  EXPECT_EQ(why.begin()->second, 1);
  p.start();
  EXPECT_TRUE(p.of("silent").empty()) << "as before the restart";
}

}  // namespace
}  // namespace coachd::pipeline
