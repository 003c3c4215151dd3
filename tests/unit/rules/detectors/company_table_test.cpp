// What every detector owes, one row each: a company with planted faults and their look-alikes (company_*_test.cpp), an
// answer where the facts are missing, and silence where history starts today.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "rules/detectors/detector.hpp"
#include "tests/unit/rules/detectors/company.hpp"

namespace coachd::rules::desk {
namespace {

struct Owed {
  std::string name;
  std::string object = "opportunity";
  std::string with = {};
};

// All of them as a rule is mostly written; a new detector must be added here.
const std::vector<Owed>& all() {
  static const std::vector<Owed> rows{
      {"called-less"},
      {"constant-dates"},
      {"crm-changes"},
      {"duplicates", "account"},
      {"exports-before-meetings", "opportunity", "{meeting: forecast-call}"},
      {"friction"},
      {"handoff-unused", "opportunity", "{fields: [handoff_notes]}"},
      {"ignored-automation"},
      {"late-batches", "task"},
      {"logins-without-work"},
      {"meeting-without-inspection", "opportunity", "{meeting: forecast-call}"},
      {"pasted-text"},
      {"placeholder-share", "opportunity", "{fields: [champion]}"},
      {"promised-followups"},
      {"shadow-records", "account"},
      {"source-disputed"},
      {"win"},
      {"workaround"},
  };
  return rows;
}

std::string camel(const std::string& name) {
  std::string out;
  bool up = true;
  for (const char c : name) {
    if (c != '-') out += up ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    up = c == '-';
  }
  return out;
}

TEST(Company, EveryDetectorHasItsPlantedFaults) {
  ASSERT_EQ(all().size(), detectors().size());
  const auto& unit = *testing::UnitTest::GetInstance();
  std::vector<std::string> tests;
  for (int s = 0; s < unit.total_test_suite_count(); ++s)
    for (int t = 0; t < unit.GetTestSuite(s)->total_test_count(); ++t)
      if (unit.GetTestSuite(s)->name() == std::string("Company"))
        tests.emplace_back(unit.GetTestSuite(s)->GetTestInfo(t)->name());
  for (const auto* kind : detectors()) {
    const std::string name(kind->name);
    EXPECT_TRUE(std::any_of(all().begin(), all().end(), [&](const Owed& o) { return o.name == name; })) << name;
    // Each of them judges its finds by Score, which asks for three look-alikes.
    EXPECT_TRUE(std::any_of(tests.begin(), tests.end(), [&](const auto& t) { return t.starts_with(camel(name)); }))
        << "no Company." << camel(name);
  }
}

// Records that hold an id, an owner and a stage: without what they rest on detectors say so, and find nobody.
TEST(Company, NothingIsToldWithoutTheFacts) {
  for (const auto& owed : all()) {
    SCOPED_TRACE(owed.name);
    Binding bare;
    bare.columns = {"id", "owner", "stage", "champion", "handoff_notes"};
    Desk d(owed.object, owed.name, owed.with, "", bare);
    ASSERT_EQ(d.errors, "");
    ASSERT_NE(d.plan, nullptr);
    staff(d);
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(0, j);
      r.history = r.activities_known = false;
      d.see(r);
    }
    // Forty real champions of forty are told, and are no fault.
    const Detection got = d.conclude();
    EXPECT_TRUE(got.findings.empty());
    if (owed.name != "placeholder-share") EXPECT_FALSE(got.untold.empty());
  }
}

// What was not read is not blank: nobody is blamed for it.
TEST(Company, NothingIsToldOfFieldsThatWereNotRead) {
  for (const auto& owed : all()) {
    SCOPED_TRACE(owed.name);
    Desk d(owed.object, owed.name, owed.with);
    ASSERT_EQ(d.errors, "");
    staff(d);
    for (int j = 0; j < 400; ++j) {
      Row r = opportunity(j / 40, j % 40);
      // As like each other as they can be, entered in one go, and with marks of a copy.
      r.id = "R" + std::to_string(j);
      r.created = iso(ago(j % 40 / 8 * 7 + 3, 600 + j % 8));
      r.created_by = person_id(j / 40);
      r.values = {{"owner", person_id(j / 40)},
                  {"stage", "Proposal"},
                  {"name", j % 2 == 0 ? "Acme" : "Acme copy"},
                  {"next_step", "Waiting for the board's answer"},
                  {"activity_date", date(ago(j % 40 / 8 * 7 + 13))}};
      r.unread = {"website", "phone",   "parent",        "city",   "account",    "description", "champion",
                  "source",  "subject", "handoff_notes", "record", "close_date", "converted"};
      d.see(r);
    }
    Evidence e;
    e.notes.known_since = e.files.known_since = ago(300);
    for (int j = 0; j < 400; ++j)
      e.notes.rows.push_back({person_id(j / 40), "R" + std::to_string(j), "Champion: Petra Lang", ago(2)});
    const Detection got = d.conclude(e);
    EXPECT_TRUE(got.findings.empty()) << got.findings.front().key << ": " << got.findings.front().why;
  }
}

Evidence nothing_happened_since(model::Instant known) {
  Evidence e;
  e.logins.known_since = e.exports.known_since = e.meetings.known_since = e.automatic_tasks.known_since =
      e.files.known_since = e.notes.known_since = e.mended.known_since = e.setup.known_since = known;
  return e;
}

// History that starts today makes nobody stale: two years of records on which, as far as is known, nothing happened.
TEST(Company, HistoryThatStartsTodayMakesNobodyStale) {
  std::size_t told_with_history = 0;
  for (const auto& owed : all()) {
    SCOPED_TRACE(owed.name);
    for (const bool known : {false, true}) {
      Desk d(owed.object, owed.name, owed.with);
      ASSERT_EQ(d.errors, "");
      staff(d);
      for (int p = 0; p < 20; ++p)
        for (int j = 0; j < 40; ++j) {
          Row r = opportunity(p, j);
          r.created = "2024-05-01T08:00:00Z";
          r.values["handoff_notes"] = "Their IT wants a workshop in the first week " + r.id;
          r.values["converted"] = "2024-06-01";
          if (r.values["stage"] == "Won" || r.values["stage"] == "Lost") r.values["close_date"] = date(ago(100));
          if (!known) {
            r.history_since = iso(today);
            r.activities_known = false;
          }
          d.see(r);
        }
      auto e = nothing_happened_since(known ? ago(700) : today);
      for (int p = 0; p < 20; ++p)
        for (int day = 0; day < (known ? 30 : 1); ++day) e.logins.rows.push_back({person_id(p), ago(day, 540)});
      for (int week = 1; known && week < 8; ++week)
        for (int t = 0; t < 2; ++t)
          e.meetings.rows.push_back({"forecast-call", "m" + std::to_string(t), ago(7 * week)});
      const Detection got = d.conclude(e);
      if (known)
        told_with_history += got.findings.empty() ? 0 : 1;
      else
        EXPECT_TRUE(got.findings.empty()) << got.findings.front().key << ": " << got.findings.front().why;
    }
  }
  // The same company with all of its history: sign-ins without work, hand-offs unused, meetings without inspection.
  EXPECT_GE(told_with_history, 3u);
}

}  // namespace
}  // namespace coachd::rules::desk
