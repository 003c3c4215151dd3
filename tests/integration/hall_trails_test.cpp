// What a CRM told beside its records, as the daemon keeps it: by day, each thing once, no longer than detectors look
// back; told to them with since when it is known, or why not; and the study waits for it, but not for ever.
#include <gtest/gtest.h>

#include <chrono>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/trails.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/trails.hpp"
#include "daemon/store/store.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/model/ids.hpp"
#include "rules/model/time.hpp"
#include "tests/integration/hall_company.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

using connectors::Trace;
using connectors::Trail;
using connectors::TrailPage;
using model::Instant;
using namespace std::chrono_literals;

const std::string asking = rule_file("quiet", R"(
  - {id: logins, kind: fake-adoption, detect: logins-without-work, control: [flag]}
  - {id: clues, kind: workaround, detect: workaround, with: {clues: [spreadsheet]}, control: [flag]}
)");
const std::string notes_only = rule_file("quiet", R"(
  - {id: clues, kind: workaround, detect: workaround, with: {clues: [note-instead]}, control: [flag]}
  - {id: changes, kind: friction, detect: crm-changes, control: [flag]}
)");

Instant at(const char* text) {
  return *model::parse_instant(text);
}

class Kept {
 public:
  explicit Kept(const std::string& rules = asking) : company({"task", "event"}, rules) {}

  void take(Trail trail, const TrailPage& page, bool changes = true) {
    const auto reader = company.store->open_reader();
    auto unit = take_trail(*company.context, *reader->snapshot(), trail, page, company.now);
    EXPECT_EQ(!unit.kept.empty(), changes);
    apply(std::move(unit));
  }
  void apply(store::UnitOfWork unit) {
    unit.epoch = company.store->epoch();
    ASSERT_EQ(store::apply_and_wait(*company.store, std::move(unit)), store::Applied::done);
  }
  static TrailPage logins(std::initializer_list<std::pair<const char*, const char*>> rows,
                          std::optional<Instant> since = {}) {
    TrailPage page;
    for (const auto& [who, when] : rows) page.rows.push_back({.person = model::PersonId(who), .at = at(when)});
    page.known_since = since;
    page.next = "next";
    return page;
  }
  [[nodiscard]] rules::Evidence tell() const {
    rules::Evidence out;
    TrailReader reader(*company.context, company.now);
    const auto store = company.store->open_reader();
    while (reader.step(*store->snapshot(), out)) {
    }
    return out;
  }
  [[nodiscard]] std::set<std::string> signed_in() const {
    std::set<std::string> out;
    const auto evidence = tell();
    for (const auto& l : evidence.logins.rows) out.insert(l.person + " " + model::to_string(l.at));
    EXPECT_EQ(out.size(), evidence.logins.rows.size());
    return out;
  }

  Company company;  // its calendar: Berlin; now: 2026-03-02T08:00Z
};

TEST(HallTrails, OnlyWhatDetectorsLookAtIsWanted) {
  const Kept all;
  const Kept some(notes_only);
  EXPECT_TRUE(wants_trail(*all.company.context, Trail::logins));
  EXPECT_TRUE(wants_trail(*all.company.context, Trail::files));
  EXPECT_FALSE(wants_trail(*all.company.context, Trail::exports));
  EXPECT_FALSE(wants_trail(*all.company.context, Trail::setup));
  EXPECT_FALSE(wants_trail(*some.company.context, Trail::files)) << "a note is no file";
  EXPECT_TRUE(wants_trail(*some.company.context, Trail::setup));
}

TEST(HallTrails, OfSignInsAPersonsFirstOfADayIsKept) {
  Kept k;
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"},
                                      {"ana", "2026-02-26T07:00:00Z"},
                                      {"ben", "2026-02-26T07:00:00Z"},
                                      {"ana", "2026-02-26T23:30:00Z"},  // the next day in Berlin
                                      {"", "2026-02-26T07:00:00Z"}},
                                     at("2026-02-01T00:00:00Z")));
  const std::set<std::string> once{"ana 2026-02-26T07:00:00Z", "ben 2026-02-26T07:00:00Z", "ana 2026-02-26T23:30:00Z"};
  EXPECT_EQ(k.signed_in(), once);
  EXPECT_EQ(k.tell().logins.known_since, at("2026-02-01T00:00:00Z"));
  // Repeats change nothing; an earlier one of the day takes the place of the later.
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"}, {"ben", "2026-02-26T08:00:00Z"}}), false);
  EXPECT_EQ(k.signed_in(), once);
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T06:00:00Z"}}));
  EXPECT_TRUE(k.signed_in().contains("ana 2026-02-26T06:00:00Z"));
  EXPECT_EQ(k.signed_in().size(), 3u);
  EXPECT_EQ(k.tell().logins.known_since, at("2026-02-01T00:00:00Z")) << "what follows does not move it";
}

TEST(HallTrails, DaysThatHoldTheSameAreBothKept) {
  Kept k;
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"}}, at("2026-02-01T00:00:00Z")));
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-27T09:00:00Z"}}));
  EXPECT_EQ(k.signed_in().size(), 2u);
}

TEST(HallTrails, WhatIsTooOldIsRemovedAndNoLongerKnown) {
  Kept k;
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"}}, at("2025-12-01T00:00:00Z")));
  k.company.now = at("2026-06-20T08:00:00Z");
  k.take(Trail::logins, Kept::logins({{"ana", "2026-06-19T09:00:00Z"}, {"ana", "2026-01-01T09:00:00Z"}}));
  EXPECT_EQ(k.signed_in(), std::set<std::string>{"ana 2026-06-19T09:00:00Z"});
  EXPECT_EQ(k.tell().logins.known_since, trail_from(*k.company.context, Trail::logins, k.company.now));
  const auto reader = k.company.store->open_reader();
  EXPECT_FALSE(reader->snapshot()->kept_at("acme", "trail logins", at("2026-03-15T00:00:00Z")));
}

TEST(HallTrails, WhyThereIsNoneIsToldUntilThereIsOne) {
  Kept k;
  EXPECT_EQ(k.tell().logins.why_not, "") << "not asked yet";
  k.take(Trail::logins, connectors::no_trail("the right is missing"), false);
  auto evidence = k.tell();
  EXPECT_FALSE(evidence.logins.known_since);
  EXPECT_EQ(evidence.logins.why_not, "the right is missing");
  EXPECT_EQ(evidence.files.why_not, "");
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"}}, at("2026-02-01T00:00:00Z")));
  evidence = k.tell();
  EXPECT_TRUE(evidence.logins.known_since);
  EXPECT_EQ(evidence.logins.why_not, "");
  // The right is taken back: what is there is no longer all.
  k.take(Trail::logins, connectors::no_trail("the right is missing"), false);
  EXPECT_FALSE(k.tell().logins.known_since);
  EXPECT_TRUE(k.tell().logins.rows.empty());
  EXPECT_EQ(k.company.store->open_reader()->snapshot()->cursor(trail_cursor("acme", Trail::logins)), std::nullopt)
      << "the next reading begins from the beginning";
}

TEST(HallTrails, WhatCouldNotBeReadForDaysIsUnknown) {
  Kept k;
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"}}, at("2026-02-01T00:00:00Z")));
  k.company.now = at("2026-03-05T08:00:00Z");
  EXPECT_TRUE(k.tell().logins.known_since);
  k.company.now = at("2026-03-06T08:00:00Z");
  EXPECT_FALSE(k.tell().logins.known_since);
  EXPECT_EQ(k.tell().logins.why_not, "it could not be read for more than three days");
}

TEST(HallTrails, FilesKeepTheirRecordsAndNames) {
  Kept k;
  TrailPage page;
  Trace t{.person = model::PersonId("ana"), .at = at("2026-02-26T09:00:00Z")};
  t.record = model::RecordId("d1");
  t.name = "a\tlist\nof.xlsx";
  page.rows = {t, t};
  page.known_since = at("2026-02-01T00:00:00Z");
  k.take(Trail::files, page);
  const auto files = k.tell().files;
  ASSERT_EQ(files.rows.size(), 1u);
  EXPECT_EQ(files.rows[0].person, "ana");
  EXPECT_EQ(files.rows[0].record, "d1");
  EXPECT_EQ(files.rows[0].name, "a list of.xlsx");
  EXPECT_EQ(files.rows[0].at, t.at);
}

TEST(HallTrails, WhoChangedTheSetUpIsKeptWithWhatItWas) {
  Kept k(notes_only);
  TrailPage page;
  Trace t{.person = model::PersonId("ana"), .at = at("2026-02-26T09:00:00Z")};
  t.object = "Opportunity";
  t.field = "NextStep";
  page.rows = {t};
  page.known_since = at("2026-02-01T00:00:00Z");
  k.take(Trail::setup, page);
  const auto setup = k.tell().setup;
  ASSERT_EQ(setup.rows.size(), 1u);
  EXPECT_EQ(setup.rows[0].object + "." + setup.rows[0].field + " " + setup.rows[0].person, "Opportunity.NextStep ana");
}

TEST(HallTrails, WhatNobodyWantsAnyMoreIsForgotten) {
  Kept k;
  k.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"}}, at("2026-02-01T00:00:00Z")));
  k.apply(forget_trail("acme", Trail::logins));
  const auto reader = k.company.store->open_reader();
  EXPECT_FALSE(reader->snapshot()->newest("acme", "trail logins"));
  EXPECT_FALSE(trail_state(*reader->snapshot(), "acme", Trail::logins));
}

TEST(HallTrails, WhatAReadingThatNeverEndedBroughtIsKnownAsKept) {
  Kept k;
  auto page = Kept::logins({{"ana", "2026-02-26T09:00:00Z"}}, at("2026-02-01T00:00:00Z"));
  page.more = true;
  k.take(Trail::logins, page);
  const auto reader = k.company.store->open_reader();
  EXPECT_FALSE(trail_state(*reader->snapshot(), "acme", Trail::logins));
  EXPECT_TRUE(trail_kept(*reader->snapshot(), "acme", Trail::logins)) << "else nobody would take it away";
  k.apply(forget_trail("acme", Trail::logins));
  EXPECT_FALSE(trail_kept(*reader->snapshot(), "acme", Trail::logins));
}

class Asked final : public Outside {
 public:
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string&) override {}
  void study(const std::shared_ptr<const Context>&, const std::string&, Instant) override { ++studies; }
  int studies = 0;
};

class Waiting {
 public:
  Waiting() {
    auto patient = std::make_shared<Context>(*kept.company.context);
    patient->options.trails_wait = 30min;
    hall.connect(patient, now());
    hall.handle(FirstLoadDone{"acme"}, now());
    settle();
  }
  Instant& now() { return kept.company.now; }
  void settle() {
    for (int i = 0; hall.step(now()); ++i) ASSERT_LT(i, 1000) << "the hall does not come to rest";
  }

  Kept kept;
  Asked outside;
  Hall hall{*kept.company.store, outside};
};

TEST(HallTrails, TheStudyWaitsUntilTheTrailsOfItsDayAreRead) {
  Waiting w;
  EXPECT_EQ(w.outside.studies, 0);
  w.now() += 5min;
  w.settle();
  EXPECT_EQ(w.outside.studies, 0);
  w.kept.take(Trail::logins, Kept::logins({{"ana", "2026-02-26T09:00:00Z"}}, at("2026-02-01T00:00:00Z")));
  w.kept.take(Trail::files, connectors::no_trail("the right is missing"), false);
  w.hall.handle(TrailsRead{"acme"}, w.now());
  w.settle();
  EXPECT_EQ(w.outside.studies, 1) << "what cannot be read is no longer waited for";
}

TEST(HallTrails, TheStudyDoesNotWaitForEver) {
  Waiting w;
  const auto next = w.hall.agenda(w.now()).first();
  ASSERT_TRUE(next);
  EXPECT_EQ(*next, w.now() + 30min);
  w.now() += 29min;
  w.settle();
  EXPECT_EQ(w.outside.studies, 0);
  w.now() += 1min;
  w.settle();
  EXPECT_EQ(w.outside.studies, 1);
}

}  // namespace
}  // namespace coachd::pipeline
