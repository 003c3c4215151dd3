// What is found about fields, automations and meetings in a company with planted faults.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/rules/detectors/company.hpp"

namespace coachd::rules::desk {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

model::FieldDescription described(const std::string& name, const std::string& label, bool required) {
  model::FieldDescription f;
  f.name = name;
  f.label = label;
  f.type = model::FieldType::text;
  f.required = required;
  return f;
}

TEST(Company, HandoffUnused) {
  std::string fields;
  for (int f = 0; f < 60; ++f) fields += (f == 0 ? "" : ", ") + std::string("hand") + std::to_string(f);
  Desk d("opportunity", "handoff-unused", "{fields: [" + fields + "]}");
  staff(d);
  Score score("handoff-unused");
  for (int f = 0; f < 60; ++f) {
    const std::string name = "hand" + std::to_string(f);
    const int kind = f % 6;
    if (kind == 0) score.plant(name);
    if (kind == 1) score.looks_like_it("fields that the receiver changes", name);
    if (kind == 2) score.looks_like_it("fields that are hardly ever filled", name);
    if (kind == 3) score.looks_like_it("fields whose receiver has just got them", name);
    if (kind == 4) score.looks_like_it("fields on records that the receiver works on", name);
    if (kind == 5) score.looks_like_it("fields that are filled with placeholders", name);
  }
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      const int f = (p * 40 + j) % 60;
      const std::string name = "hand" + std::to_string(f);
      const int kind = f % 6;
      r.values["stage"] = "Won";
      r.created = iso(ago(400));
      r.values["close_date"] = date(ago(kind == 3 ? 20 : 100));
      if (kind != 2 || p < 2) r.values[name] = kind == 5 ? "n/a" : "Their IT wants a workshop in the first week";
      const bool often = roll(number(p), number(j), 13) < 0.35;
      if (kind == 1 && often) r.changes = {{name, ago(80), "cleo", "A workshop", "Their IT wants a workshop"}};
      if (kind == 4 && often) r.activities = {{"cleo", iso(ago(90))}};
      if (kind == 0 && often) r.activities = {{person_id(p), iso(ago(90))}, {"mary", iso(ago(80))}};
      if (kind == 0 && roll(number(p), number(j), 14) < 0.01)
        r.changes = {{name, ago(80), "cleo", "A workshop", "Their IT"}};
      d.see(r);
    }
  score.judge(d.conclude());
}

TEST(Company, IgnoredAutomation) {
  Desk d("opportunity", "ignored-automation");
  staff(d);
  Score score("ignored-automation");
  Evidence e;
  e.automatic_tasks.known_since = ago(200);
  const int automations = 200;
  for (int a = 0; a < automations; ++a) {
    const std::string name = "flow" + std::to_string(a);
    const int kind = a % 10;
    if (kind == 0 || kind == 1) score.plant(name);
    if (kind == 2) score.looks_like_it("automations whose tasks are done a little late", name);
    if (kind == 3) score.looks_like_it("automations whose tasks are ticked after they were done", name);
    if (kind == 4) score.looks_like_it("automations with few tasks", name);
    if (kind == 5) score.looks_like_it("automations whose tasks are not due yet", name);
    if (kind == 6) score.looks_like_it("automations of which half is ignored", name);
    for (int n = 0; n < (kind == 4 ? 12 : records() / automations); ++n) {
      AutomaticTask t{name, person_id(n % people()), "D" + std::to_string(n), ago(60, n % 500), {}, {}, false};
      const double dice = roll(number(a), number(n), 15);
      t.due = kind == 5 ? ago(-10) : ago(50);
      if (kind == 0 || kind == 4) {
        if (dice < 0.1) t.completed = ago(55), t.followed = true;
      } else if (kind == 1) {
        t.completed = t.created + seconds(8);
        t.followed = dice < 0.1;
      } else if (kind == 2) {
        t.completed = ago(47);
      } else if (kind == 3) {
        t.completed = t.created + seconds(30);
        t.followed = true;
      } else if (kind == 6) {
        if (dice < 0.5) t.completed = ago(54), t.followed = true;
      } else if (kind != 5 && dice < 0.8) {
        t.completed = ago(53), t.followed = true;
      }
      e.automatic_tasks.rows.push_back(std::move(t));
    }
  }
  score.judge(d.conclude(e));
}

// The same from a table of tasks: a task that was closed at once may have been done, so it is not held against anybody.
TEST(Company, IgnoredAutomationFromATableOfTasks) {
  Desk d("task", "ignored-automation");
  staff(d);
  int id = 0;
  const auto see = [&](const std::string& subject, const std::string& by, const std::string& completed) {
    d.see({.id = "T" + std::to_string(++id),
           .values = {{"owner", "u1"}, {"subject", subject}, {"due_date", date(ago(50))}, {"completed", completed}},
           .created = iso(ago(60)),
           .created_by = by});
  };
  for (int n = 0; n < 50; ++n) {
    see("Check in with account " + std::to_string(n), "robot", "");
    see("Welcome the customer", "robot", date(ago(52)));
    see("My own list", "u1", "");
  }
  const auto keys = d.keys();
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0], "robot: Check in with account #");
}

TEST(Company, MeetingWithoutInspection) {
  Desk d("opportunity", "meeting-without-inspection", "{meeting: pipeline-review}");
  staff(d);
  Score score("meeting-without-inspection");
  Evidence e;
  e.meetings.known_since = ago(200);
  std::vector<model::Instant> meetings;
  for (int week = 1; week <= 3; ++week) meetings.push_back(today - days(7 * week) + hours(9));
  const auto name = [](int t) { return "pipeline-review|m" + std::to_string(t); };
  for (int t = 0; t < people() / 10; ++t) {
    const int kind = t % 10;
    if (kind == 0) score.plant(name(t));
    if (kind == 1) score.looks_like_it("meetings in which records are ticked only", name(t));
    if (kind == 2) score.looks_like_it("meetings that were held twice", name(t));
    if (kind == 3) score.looks_like_it("meetings with few records", name(t));
    if (kind == 4) score.looks_like_it("meetings of which one was skipped", name(t));
    for (std::size_t m = 0; m < meetings.size(); ++m)
      if (kind != 2 || m < 2) e.meetings.rows.push_back({"pipeline-review", "m" + std::to_string(t), meetings[m]});
  }
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      const int kind = p / 10 % 10;
      Row r = opportunity(p, j);
      if (kind == 3 && (j > 0 || p % 10 > 4)) r.values["stage"] = "Lost";
      for (std::size_t m = meetings.size(); m-- > 0;) {
        const bool looked = roll(number(p), number(j), 17 + m) < 0.3;
        if (kind == 1 && looked) r.reviews.emplace_back("m" + std::to_string(p / 10), iso(meetings[m] + hours(1)));
        if ((kind > 4 || (kind == 4 && m != 1)) && looked)
          r.changes.push_back({"next_step", meetings[m] + hours(2), person_id(p), "old", "new " + std::to_string(m)});
        if (kind == 0 && looked)
          r.changes.push_back({"next_step", meetings[m] + days(4), person_id(p), "old", "new " + std::to_string(m)});
      }
      d.see(r);
    }
  score.judge(d.conclude(e));
}

TEST(Company, CrmChanges) {
  Desk d("opportunity", "crm-changes", "{fields: [champion]}");
  Score score("crm-changes");
  Evidence e;
  model::ObjectDescription was;
  was.name = "Opportunity";
  for (int f = 0; f < 200; ++f) {
    model::FieldDescription one;
    one.name = "F" + std::to_string(f) + "__c";
    one.label = "Field " + std::to_string(f);
    one.type = model::FieldType::picklist;
    one.options = {{"a", "Alpha", true}, {"b", "Beta", true}, {"old", "Old", false}};
    was.fields.push_back(one);
  }
  was.fields.push_back(described("champion", "Champion", false));
  was.pipelines = {{"", "", {{"P", "Proposal"}, {"N", "Negotiation"}}}};
  model::ObjectDescription is = was;
  const auto key = [](int f, const std::string& what) { return "Opportunity.F" + std::to_string(f) + "__c|" + what; };
  for (int f = 0; f < 200; ++f) {
    auto& one = is.fields[number(f)];
    switch (f % 20) {
      case 0: one.required = true, score.plant(key(f, "required")); break;
      case 1: one.options[1].active = false, score.plant(key(f, "option:b")); break;
      case 2: one.options.push_back({"c", "Gamma", true}), score.plant(key(f, "option:c")); break;
      case 3: one.label = "New name", score.plant(key(f, "label")); break;
      case 4: one.type = model::FieldType::text, score.plant(key(f, "type")); break;
      case 5: one.options[0].label = "Alfa", score.plant(key(f, "option:a")); break;
      case 6:
        std::swap(one.options[0], one.options[1]), score.looks_like_it("options in another order", key(f, "option:a"));
        break;
      case 7: one.options.pop_back(), score.looks_like_it("options that were off before", key(f, "option:old")); break;
      case 8:
        one.history_tracked = true, score.looks_like_it("fields whose history is tracked now", key(f, "field"));
        break;
      default: break;
    }
  }
  is.fields.erase(is.fields.begin() + 19);
  score.plant(key(19, "field"));
  is.fields.push_back(described("N__c", "New", true));
  score.plant("Opportunity.N__c|field");
  is.pipelines[0].stages.push_back({"L", "Legal"});
  score.plant("Opportunity|stage::L");
  is.fields[199].required = true;  // champion: one place earlier since a field vanished
  score.plant("Opportunity.champion|required");
  e.before = DescribedDay{ago(40), {}};
  e.after = DescribedDay{ago(30), {}};
  e.before->description.objects["Opportunity"] = was;
  e.after->description.objects["Opportunity"] = is;
  e.setup.known_since = ago(300);
  e.setup.rows = {{"Opportunity", "champion", "admin", ago(35)}};
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      r.created = iso(ago(j < 20 ? 100 - j : j - 10));
      if (j >= 20 && j % 2 == 0) r.values["champion"] = "tbd";
      d.see(r);
    }
  const Detection got = d.conclude(e);
  score.judge(got);
  for (const auto& f : got.findings)
    if (f.key == "Opportunity.champion|required") {
      EXPECT_EQ(f.why, "Champion is required now, by admin; placeholders went from 0 % to 50 %");
      EXPECT_EQ(f.since, ago(35));
    }
}

// What two days' descriptions of one object differ in, as sentences.
std::vector<std::string> changes(const model::ObjectDescription& was, const model::ObjectDescription& is) {
  Desk d("opportunity", "crm-changes");
  Evidence e;
  e.before = DescribedDay{ago(40), {}};
  e.after = DescribedDay{ago(30), {}};
  e.before->description.objects["Opportunity"] = was;
  e.after->description.objects["Opportunity"] = is;
  e.setup.known_since = ago(300);
  const Detection got = d.conclude(e);
  std::vector<std::string> out;
  for (const auto& f : got.findings) out.push_back(f.key + ": " + f.why);
  for (const auto& u : got.untold) out.push_back("untold: " + u.why);
  std::sort(out.begin(), out.end());
  return out;
}

TEST(Company, CrmChangesOfValidationRulesAndLayouts) {
  model::ObjectDescription was;
  was.name = "Opportunity";
  was.fields = {described("Risk__c", "Risk", false), described("Seats__c", "Seats", false)};
  model::Stage won{"W", "Won"};
  won.won = true;
  was.pipelines = {{"", "", {{"Q", "Qualification"}, {"P", "Proposal"}, won}}};
  was.insists.rules = {{"Amount_positive", true, "aa", ""}, {"Old", true, "bb", ""}, {"Sleeping", false, "", ""}};
  was.insists.layouts = {"New business"};
  EXPECT_TRUE(changes(was, was).empty());

  model::ObjectDescription is = was;
  model::Requirement r;
  r.name = "Risk_early";
  r.stages = {"Q", "P", "W"};
  is.fields[0].required_where = {r};
  is.insists.rules.push_back({"Risk_early", true, "cc", ""});
  EXPECT_EQ(changes(was, is), std::vector<std::string>{"Opportunity.Risk__c|rule:Risk_early: Risk: validation rule "
                                                       "Risk_early requires it from Qualification on, and did not "
                                                       "before"});
  auto later = is;
  later.fields[0].required_where[0].stages = {"P", "W"};
  later.insists.rules.back().formula = "dd";
  EXPECT_EQ(changes(is, later), std::vector<std::string>{"Opportunity.Risk__c|rule:Risk_early: Risk: validation rule "
                                                         "Risk_early requires it from Proposal on, otherwise than "
                                                         "before"});
  EXPECT_EQ(changes(is, was),
            std::vector<std::string>{
                "Opportunity.Risk__c|rule:Risk_early: validation rule Risk_early no longer asks for Risk"});

  auto others = was;
  others.insists.rules = {{"Amount_positive", true, "zz", ""}, {"New", true, "n", ""}, {"Sleeping", true, "s", ""}};
  EXPECT_EQ(
      changes(was, others),
      (std::vector<std::string>{
          "Opportunity|rule:Amount_positive: validation rule Amount_positive has another formula now",
          "Opportunity|rule:New: validation rule New appeared", "Opportunity|rule:Old: validation rule Old vanished",
          "Opportunity|rule:Sleeping: validation rule Sleeping was switched on"}));

  auto layouts = was;
  r = {};
  r.by = model::Requirement::By::layout;
  r.name = "Renewal";
  layouts.fields[1].required_where = {r};
  layouts.insists.layouts.push_back("Renewal");
  EXPECT_EQ(
      changes(was, layouts),
      (std::vector<std::string>{
          "Opportunity.Seats__c|layout:Renewal: Seats: the page layout of Renewal requires it, and did not before",
          "Opportunity|layout:Renewal: the page layout of Renewal appeared"}));

  auto hidden = is;
  hidden.insists = {};
  hidden.insists.rules_untold = hidden.insists.layouts_untold = "no right";
  hidden.fields[0].required_where.clear();
  EXPECT_EQ(changes(is, hidden), (std::vector<std::string>{"untold: which page layouts of Opportunity changed",
                                                           "untold: which validation rules of Opportunity changed"}))
      << "what is not shown any more has not vanished";
}

TEST(Company, FrictionOfLabelsAndNotes) {
  std::string fields;
  for (int f = 0; f < 40; ++f) fields += (f == 0 ? "" : ", ") + std::string("choice") + std::to_string(f);
  Desk d("opportunity", "friction", "{choices: [" + fields + "], asked: [next_step, competitor]}");
  staff(d);
  Score score("friction");
  Evidence e;
  e.notes.known_since = ago(100);
  e.after = DescribedDay{ago(1), {}};
  for (const char* object : {"Opportunity", "Lead", "Account"}) {
    auto& o = e.after->description.objects[object];
    const int required = std::string(object) == "Opportunity" ? 11 : 5;
    for (int f = 0; f < 20; ++f)
      o.fields.push_back(described("R" + std::to_string(f), "R" + std::to_string(f), f < required));
  }
  score.plant("Opportunity|required");
  score.looks_like_it("objects with a few required fields", "Lead|required");
  score.plant("next_step|noted");
  score.looks_like_it("fields that notes rarely answer", "competitor|noted");
  const auto pair = [](int f, const std::string& a, const std::string& b) {
    return "choice" + std::to_string(f) + "|labels|" + a + '|' + b;
  };
  for (int f = 0; f < 40; ++f) {
    if (f % 5 == 0) score.plant(pair(f, "Price to high", "Price too high"));
    if (f % 5 == 1) score.looks_like_it("options that differ in a digit", pair(f, "Tier 1 partner", "Tier 2 partner"));
    if (f % 5 == 2) score.looks_like_it("short options", pair(f, "UAE", "USA"));
    if (f == 4)
      score.looks_like_it("options that differ in a short form", pair(f, "SVP, Production", "VP, Production"));
    if (f % 5 == 3) score.looks_like_it("options of one kind", pair(f, "Lost to competitor", "Lost to price"));
  }
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      const int f = (p + j) % 40;
      const bool one = j % 2 == 0;
      std::string& v = r.values["choice" + std::to_string(f)];
      if (f % 5 == 0) v = p % 3 == 0 ? "Budget" : p % 2 == 0 ? "Price too high" : "Price to high";
      if (f % 5 == 1) v = p % 2 == 0 ? "Tier 1 partner" : "Tier 2 partner";
      if (f % 5 == 2) v = p % 2 == 0 ? "USA" : "UAE";
      if (f % 5 == 3) v = p % 2 == 0 ? "Lost to price" : "Lost to competitor";
      if (f == 4) v = p % 2 == 0 ? "VP, Production" : "SVP, Production";
      if (f % 5 == 4 && f != 4) v = "Text of its own number " + std::to_string(p * 40 + j) + " here";
      r.values["competitor"] = one ? "" : "Globex";
      if (p % 4 == 0 && one) {
        r.values["next_step"] = "";
        r.values["stage"] = "Proposal";
        e.notes.rows.push_back(
            {person_id(p), r.id,
             j % 20 == 0 ? "Globex is in, too. I'll send the plan on Friday" : "I'll send the plan on Friday", ago(5)});
      }
      d.see(r);
    }
  score.judge(d.conclude(e));
}

// Layouts and validation rules count as the fields' own marks do, stage by stage.
TEST(Company, FrictionOfRequiredFieldsInAStage) {
  Desk d("opportunity", "friction", "{signs: [required]}");
  Evidence e;
  e.after = DescribedDay{ago(1), {}};
  auto& o = e.after->description.objects["Opportunity"];
  o.pipelines = {{"", "", {{"Q", "Qualification"}, {"P", "Proposal"}}}};
  for (int f = 0; f < 12; ++f) {
    o.fields.push_back(described("R" + std::to_string(f), "Field " + std::to_string(f), f < 3));
    model::Requirement r;
    r.name = "Rule";
    if (f >= 3 && f < 8) r.stages = {"P"};
    if (f == 8) r.unread = "it uses VLOOKUP";
    if (f == 9) r.of_record = true;
    if (f == 10) r.pipeline = "another";
    if (f >= 3 && f < 11) o.fields.back().required_where = {r};
  }
  const auto got = d.conclude(e).findings;
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].key, "Opportunity|required|:P");
  EXPECT_EQ(got[0].why,
            "Opportunity in Proposal cannot be saved without 8 fields: Field 0, Field 1, Field 2, Field 3, Field 4, "
            "Field 5, Field 6, Field 7");
}

}  // namespace
}  // namespace coachd::rules::desk
