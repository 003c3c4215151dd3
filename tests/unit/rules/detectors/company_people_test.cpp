// What is found about people in a company with planted faults.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "rules/detectors/evidence.hpp"
#include "rules/model/time.hpp"
#include "tests/unit/rules/detectors/company.hpp"
#include "tests/unit/rules/detectors/desk.hpp"

namespace coachd::rules::desk {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(Company, PlaceholderShare) {
  Desk d("opportunity", "placeholder-share", "{fields: [champion]}");
  staff(d);
  Score score("placeholder-share");
  for (int p = 0; p < people(); ++p) {
    const int kind = p % 50;
    const bool team_habit = (p / 10) % 25 == 4;
    if (kind == 0) score.plant(person_id(p) + "|champion");
    if (kind == 11) score.looks_like_it("people with few records", person_id(p));
    if (kind == 12) score.looks_like_it("people with short and odd real answers", person_id(p));
    if (kind == 13) score.looks_like_it("people who leave the field blank", person_id(p));
    if (team_habit) score.looks_like_it("people of a team in which all do it", person_id(p));
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      std::string& v = r.values["champion"];
      if (kind == 0 ? j % 5 < 3 : team_habit ? j % 6 == 0 : roll(number(p), number(j), 3) < 0.05) v = "tbd";
      if (kind == 11) v = j < 5 ? "n/a" : "";
      if (kind == 12) v = j % 2 == 0 ? "Otto" : "None of the vendors objected";
      if (kind == 13 && j > 2) v = "";
      d.see(r);
    }
  }
  score.judge(d.conclude());
}

TEST(Company, PastedText) {
  Desk d("opportunity", "pasted-text");
  staff(d);
  Score score("pasted-text");
  for (int p = 0; p < people(); ++p) {
    const int kind = p % 50;
    const std::string who = person_id(p);
    const std::string text = "Waiting for the answer of person " + std::to_string(p);
    if (kind == 0) score.plant(who + "|next_step");
    if (kind == 1) score.looks_like_it("people with one account's records", who);
    if (kind == 2) score.looks_like_it("people with short words", who);
    if (kind == 3) score.looks_like_it("people who use the company's wording", who);
    if (kind == 4) score.looks_like_it("people whose closed records have one text", who);
    if (kind == 5) score.looks_like_it("people who inherited a text", who);
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      if (kind <= 5 && j < 4) {
        r.values["stage"] = kind == 4 ? "Lost" : "Proposal";
        r.values["next_step"] = kind == 2 ? "Call him" : kind == 3 ? "Standard review pending with the sponsor" : text;
        r.values["account"] = kind == 1 ? "A" + who : "A" + r.id;
        if (kind == 5) r.changes = {{"next_step", ago(20), "u1", "", text}};
        if (kind == 0 && j % 2 == 0) r.changes = {{"next_step", ago(20), who, "", "  " + text + "! "}};
      }
      d.see(r);
    }
  }
  score.judge(d.conclude());
}

TEST(Company, LateBatches) {
  Desk d("task", "late-batches");
  staff(d);
  Score score("late-batches");
  int id = 0;
  const auto log = [&](int p, model::Instant logged, model::Instant happened, const std::string& text,
                       const std::string& by = "") {
    d.see({.id = "T" + std::to_string(++id),
           .values = {{"owner", person_id(p)}, {"activity_date", date(happened)}, {"description", text}},
           .created = iso(logged),
           .created_by = by.empty() ? person_id(p) : by});
  };
  const std::string content = "Spoke with the buyer about the rollout in spring and the two open questions";
  for (int p = 0; p < people(); ++p) {
    const int kind = p % 50;
    const std::string who = person_id(p);
    if (kind == 0) score.plant(who + "|heaps");
    if (kind == 10) score.plant(who + "|quota");
    if (kind == 1) score.looks_like_it("people who enter in heaps with content", who);
    if (kind == 2) score.looks_like_it("people who enter in heaps on the day", who);
    if (kind == 3) score.looks_like_it("people who imported a list", who);
    if (kind == 4) score.looks_like_it("people with one bad week", who);
    if (kind == 5) score.looks_like_it("people for whom a machine enters", who);
    if (kind == 6) score.looks_like_it("people who work evenly and write", who);
    for (int week = 1; week <= 6; ++week) {
      const auto friday = today - days(7 * week - 4) + hours(16);
      for (int n = 0; n < (kind == 10 ? 6 : 5 + week % 3); ++n) {
        const auto spread = friday + minutes(3 * n);
        if (kind == 0 || (kind == 4 && week == 2))
          log(p, spread, friday - days(3), "ok");
        else if (kind == 1)
          log(p, spread, friday - days(3), content);
        else if (kind == 2)
          log(p, spread, friday, "ok");
        else if (kind == 3)
          log(p, friday, friday - days(3), "ok");
        else if (kind == 5)
          log(p, spread, friday - days(3), "ok", "robot");
        else if (kind == 6)
          log(p, friday - days(n % 5) - minutes(10 * n), friday - days(n % 5), content);
        else if (kind == 10)
          log(p, friday - days(n % 5) - minutes(71 * n), friday - days(n % 5), "done");
        else if (roll(number(p), number(week), number(n)) < 0.7) {
          const auto day =
              friday - days(n % 5) - minutes(static_cast<int>(roll(number(p), number(n), number(week)) * 400));
          log(p, day, day - days(roll(number(id), 5) < 0.1 ? 3 : 0), content);
        }
      }
    }
  }
  score.judge(d.conclude());
}

TEST(Company, ExportsBeforeMeetings) {
  Desk d("opportunity", "exports-before-meetings", "{meeting: forecast-call, within: 1d, times: 3}");
  staff(d);
  Score score("exports-before-meetings");
  Evidence e;
  e.exports.known_since = e.meetings.known_since = ago(90);
  const auto take = [&](const std::string& who, model::Instant when) { e.exports.rows.push_back({who, when}); };
  std::vector<model::Instant> meetings;
  for (int week = 1; week <= 8; ++week) meetings.push_back(today - days(7 * week - 3) + hours(15));
  for (int t = 0; t < people() / 10; ++t)
    for (const auto m : meetings) e.meetings.rows.push_back({"forecast-call", "m" + std::to_string(t), m});
  for (int p = 0; p < people(); ++p) {
    const int kind = p % 50;
    const std::string who = person_id(p);
    if (kind == 0) score.plant(who);
    if (kind == 1) score.looks_like_it("people who export every day", who);
    if (kind == 2) score.looks_like_it("people who export before two of the last four", who);
    if (kind == 3) score.looks_like_it("people who export after the meeting", who);
    if (kind == 4) score.looks_like_it("people who did so months ago", who);
    for (std::size_t w = 0; w < meetings.size(); ++w) {
      const auto m = meetings[w];
      if (kind == 0 && w != 1) take(who, m - hours(3));
      if (kind == 2 && w < 2) take(who, m - hours(3));
      if (kind == 3) take(who, m + hours(1));
      if (kind == 4 && w >= 4) take(who, m - hours(3));
      if (kind > 5 && roll(number(p), w, 7) < 0.1) take(who, m - hours(static_cast<int>(roll(number(p), w, 8) * 160)));
    }
    if (kind == 1)
      for (int day = 0; day < 60; ++day) take(who, ago(day, 480));
  }
  for (const auto m : meetings) take("robot", m - hours(2));
  score.looks_like_it("machines that export before meetings", "robot");
  score.judge(d.conclude(e));
}

// Without the right nobody is found, and the right is named.
TEST(Company, WhyATableIsNotThereIsSaid) {
  const auto why = [](const char* detector, const char* with, const Evidence& e) {
    Desk d("opportunity", detector, with);
    staff(d);
    const auto found = d.conclude(e);
    EXPECT_TRUE(found.findings.empty());
    std::string out;
    for (const auto& u : found.untold) out += u.why + ";";
    return out;
  };
  Evidence e;
  e.meetings.known_since = ago(90);
  EXPECT_EQ(why("logins-without-work", "{}", e), "who signed in, as far back as `within`;");
  EXPECT_EQ(why("exports-before-meetings", "{meeting: forecast-call}", e), "who took exports out of the CRM;");
  e.logins.why_not = e.exports.why_not = "the right is missing";
  EXPECT_EQ(why("logins-without-work", "{}", e), "who signed in: the right is missing;");
  EXPECT_EQ(why("exports-before-meetings", "{meeting: forecast-call}", e),
            "who took exports out of the CRM: the right is missing;");
}

TEST(Company, LoginsWithoutWork) {
  Desk d("opportunity", "logins-without-work");
  staff(d);
  Score score("logins-without-work");
  Evidence e;
  e.logins.known_since = ago(200);
  for (int p = 0; p < people(); ++p) {
    const int kind = p % 50;
    const std::string who = person_id(p);
    if (kind == 0) score.plant(who);
    if (kind == 1) score.looks_like_it("people who rarely sign in", who);
    if (kind == 2) score.looks_like_it("people with few open records", who);
    if (kind == 3) score.looks_like_it("people whose records are new", who);
    if (kind == 4) score.looks_like_it("people who just took over", who);
    if (kind == 5) score.looks_like_it("people who call and write nothing else", who);
    for (int day = 0; day < 30; ++day)
      if (kind == 1 ? day % 10 == 0 : day % 7 < 5) e.logins.rows.push_back({who, ago(day, 540)});
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      if (kind == 2 && j >= 3) r.values["stage"] = "Lost";
      if (kind == 3) r.created = iso(ago(10));
      if (kind == 4) r.changes = {{"owner", ago(5), "m1", "u1", who}};
      if (kind == 5) r.activities = {{who, iso(ago(4))}};
      if (kind > 5 && roll(number(p), number(j), 9) < 0.6)
        r.changes = {{"next_step", ago(6), who, "old", "new step " + std::to_string(j)}};
      if (kind == 0 && j % 3 == 0) r.changes = {{"next_step", ago(6), "robot", "old", "made by a machine"}};
      d.see(r);
    }
  }
  score.judge(d.conclude(e));
}

}  // namespace
}  // namespace coachd::rules::desk
