// What is found about forecasts and dates in a company with planted faults.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/rules/detectors/company.hpp"

namespace coachd::rules::desk {
namespace {

using std::chrono::days;
using std::chrono::hours;

// So many calls of the owner in the last weeks, the last one yesterday.
void call(Row& r, int times, int last = 1) {
  for (int i = times; i-- > 0;) r.activities.emplace_back(r.values.at("owner"), iso(ago(last + 3 * i)));
}

// A deal that shows all that a commit shows.
Row worked(int p, int j, const std::string& called) {
  Row r = opportunity(p, j);
  r.values["stage"] = "Negotiation";
  r.values["forecast_category"] = called;
  r.values["close_date"] = date(ago(-20 - j % 30));
  return r;
}

TEST(Company, CalledLess) {
  Desk d("opportunity", "called-less");
  staff(d);
  Score score("called-less");
  for (int p = 0; p < people(); ++p)
    for (int j = 0; j < 40; ++j) {
      const int kind = (p * 40 + j) % 100;
      const auto i = number(p * 40 + j);
      Row r = worked(p, j, "Best Case");
      const auto look = [&](const std::string& what) { score.looks_like_it(what, r.id); };
      if (kind == 0) {
        if (roll(i, 5) < 0.5) r.values["forecast_category"] = "PIPELINE";
        call(r, 8);
        score.plant(r.id);
      } else if (kind == 1) {
        r.values["next_step"] = "tbd";
        call(r, 8);
        look("deals without a real next step");
      } else if (kind == 2) {
        r.values["close_date"] = date(ago(-80));
        call(r, 8);
        look("deals of the next quarter");
      } else if (kind == 3) {
        call(r, 3);
        look("deals that are worked less");
      } else if (kind == 4) {
        r.values["stage"] = "Prospecting";
        call(r, 8);
        look("deals of an early stage");
      } else if (kind == 5) {
        r.changes = {{"forecast_category", ago(5), person_id(p), "Pipeline", "Best Case"}};
        call(r, 8);
        look("deals that were called so this week");
      } else if (kind == 6) {
        call(r, 8, 40);
        look("deals that were worked long ago");
      } else if (kind == 7) {
        r.values["stage"] = "Won";
        call(r, 8);
        look("deals that were won");
      } else if (kind == 8) {
        r.values["forecast_category"] = "Omitted";
        call(r, 8);
        look("deals that are left out of the forecast");
      } else if (kind == 9) {
        r.values["close_date"] = date(ago(3));
        call(r, 8);
        look("deals whose close date has passed");
      } else if (kind < 25) {
        r.values["forecast_category"] = "Commit";
        if (kind < 14) r.values["stage"] = "Proposal";
        call(r, 4 + kind % 5);
      } else {
        r = opportunity(p, j);
        r.values["forecast_category"] = "Pipeline";
        call(r, static_cast<int>(roll(i, 6) * 3));
      }
      d.see(r);
    }
  score.judge(d.conclude());
}

std::vector<std::string> untold_of(Desk& d) {
  std::vector<std::string> out;
  d.last = d.conclude();
  for (const auto& u : d.last.untold) out.push_back(u.why);
  return out;
}

TEST(CalledLess, CannotTellWithoutTheFactsItRestsOn) {
  const auto deals = [](Desk& d, int commits, bool known) {
    staff(d);
    for (int j = 0; j < commits; ++j) {
      Row r = worked(0, j, "Commit");
      call(r, 5);
      d.see(r);
    }
    Row r = worked(1, 0, "Best Case");
    call(r, 8);
    r.activities_known = known;
    d.see(r);
  };
  Desk few("opportunity", "called-less");
  deals(few, 29, true);
  EXPECT_EQ(untold_of(few), std::vector<std::string>{"there are too few open commits in its pipeline to compare with"});
  Desk enough("opportunity", "called-less");
  deals(enough, 30, true);
  ASSERT_EQ(enough.keys(), std::vector<std::string>{"0061x0"});
  EXPECT_EQ(enough.last.findings[0].why,
            "8 activities in 28 days (deals in commit have 5), a next step, the stage of a commit and a close date of "
            "2026-05-24; it is called best case");
  EXPECT_EQ(enough.last.findings[0].person, "u1");
  Desk unknown("opportunity", "called-less");
  deals(unknown, 30, false);
  EXPECT_EQ(untold_of(unknown), std::vector<std::string>{"activities that far back"});
  Desk hidden("opportunity", "called-less");
  hidden.world.activity_coverage = ActivityCoverage{}.counted({.won = 10, .silent = 4}, model::Day{});
  deals(hidden, 30, true);
  EXPECT_EQ(untold_of(hidden).size(), 1u);
  EXPECT_TRUE(hidden.last.findings.empty()) << "most of what people do is not in the CRM";
}

TEST(Company, ConstantDates) {
  Desk d("opportunity", "constant-dates");
  staff(d);
  Score score("constant-dates");
  for (int p = 0; p < people(); ++p) {
    const int kind = p % 50;
    const std::string who = person_id(p);
    // In the middle of a month; no other owner has the same.
    const auto own = date(at("2026-06-05T10:00:00Z") + days((p / 50) % 18) + days(30 * (p / 900)));
    if (kind == 0) score.plant(who + "|close_date");
    if (kind == 1) score.looks_like_it("people with one account's records", who);
    if (kind == 2) score.looks_like_it("people whose deals end with the quarter", who);
    if (kind == 3) score.looks_like_it("people who use the company's date", who);
    if (kind == 4) score.looks_like_it("people whose closed records have one date", who);
    if (kind == 5) score.looks_like_it("people for whom a machine sets dates", who);
    if (kind == 6) score.looks_like_it("people who inherited a date", who);
    if (kind == 7) score.looks_like_it("people with a few of one date", who);
    if (kind == 8) score.looks_like_it("people whose deals end on the last business day of a month", who);
    for (int j = 0; j < 40; ++j) {
      Row r = opportunity(p, j);
      // Nobody's dates are spread quite evenly.
      r.values["close_date"] = date(ago(-10 - static_cast<int>(roll(number(p), number(j), 4) * 75)));
      if (kind <= 8 && j < (kind == 7 ? 4 : 12)) {
        r.values["stage"] = kind == 4 ? "Lost" : "Proposal";
        r.values["close_date"] = kind == 2 ? "2026-06-30" : kind == 3 ? "2026-06-24" : kind == 8 ? "2026-05-29" : own;
        if (kind == 1) r.values["account"] = "A-one";
        if (kind == 5)
          r.changes = {{"close_date", at(r.created) + hours(2), "robot", "2026-05-15", r.values["close_date"]}};
        if (kind == 6) r.created_by = "mary";
      }
      d.see(r);
    }
  }
  score.judge(d.conclude());
}

}  // namespace
}  // namespace coachd::rules::desk
