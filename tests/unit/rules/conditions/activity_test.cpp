// What people did around a record and what they plan, and who spoke of it.
#include <gmock/gmock.h>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using testing::HasSubstr;
const std::string now = "2026-05-15T09:00:00Z";

std::string one(const std::string& when, const std::function<void(Bench&)>& prepare, const std::string& at = now) {
  Bench b(lab::rule(when));
  prepare(b);
  return b.one(at);
}
std::string missing(const std::string& when, const std::function<void(Bench&)>& prepare) {
  Bench b(lab::rule(when));
  prepare(b);
  const auto e = b.evaluate(now);
  return e.verdicts.empty() ? "" : e.verdicts[0].missing;
}
std::string why(const std::string& when, const std::function<void(Bench&)>& prepare) {
  Bench b(lab::rule(when));
  prepare(b);
  const auto e = b.evaluate(now);
  return e.verdicts.empty()
             ? ""
             : line(*b.loaded.rules, *b.plan, e.verdicts[0], b.c, b.facts, b.world, lab::at(now), "en").say;
}

TEST(Activity, NoneForMeansStrictlyMoreAndKnowsWhatItDoesNotKnow) {
  const std::string rule = "{activity: {none_for: 14d}}";
  EXPECT_EQ(one(rule, [](Bench&) {}), "?") << "no source can be read";
  EXPECT_THAT(missing(rule, [](Bench&) {}), HasSubstr("none of their sources"));
  EXPECT_EQ(one(rule, [](Bench& b) { b.activities_since("2026-05-01T00:00:00Z"); }), "yes");
  EXPECT_EQ(one(rule, [](Bench& b) { b.activities_since("2026-05-01T00:00:01Z"); }), "?");
  EXPECT_EQ(missing(rule, [](Bench& b) { b.activities_since("2026-05-01T00:00:01Z"); }), "activities that far back");
  EXPECT_EQ(one(rule, [](Bench& b) { b.activity("2026-05-01T23:00:00Z"); }), "no")
      << "one inside decides, whatever else is not known";
  EXPECT_EQ(one(rule, [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z").activity("2026-04-30T23:00:00Z"); }),
            "yes");
  EXPECT_EQ(one(rule, [](Bench& b) { b.c.created = lab::at("2026-05-10T00:00:00Z"); }), "no")
      << "the record is younger than that";
  EXPECT_EQ(one(rule,
                [](Bench& b) {
                  b.activities_since("2026-01-01T00:00:00Z");
                  b.c.created.reset();
                }),
            "?")
      << "it may be younger";
  EXPECT_EQ(one(rule,
                [](Bench& b) {
                  b.activities_since("2026-01-01T00:00:00Z").activity("2026-02-01T00:00:00Z");
                  b.c.created.reset();
                }),
            "yes")
      << "it was there when that was done";
  EXPECT_EQ(
      one(rule,
          [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z").activity("2026-05-14T00:00:00Z", "ana", false); }),
      "yes")
      << "what is planned was not done";
  EXPECT_EQ(one("{activity: {none_for: {by_stage: {Qualification: 3d, default: 30d}}}}",
                [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z").activity("2026-05-10T00:00:00Z"); }),
            "yes");
}

TEST(Activity, OnContactsAndAccountIsToldOnlyWhereTheseAreReadToo) {
  const auto only_record = [](Bench& b) {
    b.activities_since("2026-01-01T00:00:00Z");
    b.c.activities.contacts = b.c.activities.account = false;
  };
  EXPECT_EQ(one("{activity: {none_for: 14d}}", only_record), "yes");
  EXPECT_EQ(one("{activity: {none_for: 14d, on: [record, account]}}", only_record), "?");
  EXPECT_THAT(missing("{activity: {none_for: 14d, on: [record, account]}}", only_record),
              HasSubstr("on its account: not all"));
  EXPECT_EQ(one("{next_activity: {none_within: 14d, on: [contacts]}}", only_record), "?");
  EXPECT_EQ(one("{activity: {none_for: 14d, on: [record, account]}}",
                [&](Bench& b) {
                  only_record(b);
                  b.activity("2026-05-14T00:00:00Z");
                }),
            "no")
      << "one that is known decides";
}

TEST(Activity, AnyWithinIsTheRest) {
  const std::string rule = "{activity: {any_within: 14d}}";
  EXPECT_EQ(one(rule, [](Bench&) {}), "?");
  EXPECT_EQ(one(rule, [](Bench& b) { b.activity("2026-05-01T00:00:00Z"); }), "yes");
  EXPECT_EQ(one(rule, [](Bench& b) { b.activity("2026-04-30T23:59:00Z"); }), "?");
  EXPECT_EQ(one(rule, [](Bench& b) { b.activities_since("2026-04-30T00:00:00Z").activity("2026-04-30T23:59:00Z"); }),
            "no");
  EXPECT_EQ(
      one(rule,
          [](Bench& b) { b.activities_since("2026-05-10T00:00:00Z").c.created = lab::at("2026-05-12T00:00:00Z"); }),
      "no")
      << "all of the record's life is known";
  EXPECT_EQ(
      one("{activity: {any_within: 14d, on: [record, account]}}",
          [](Bench& b) { b.activities_since("2026-05-10T00:00:00Z").c.created = lab::at("2026-05-12T00:00:00Z"); }),
      "?")
      << "the account is older than the record";
}

TEST(Activity, OnTheRecordItsContactsOrItsAccount) {
  const auto called = [](Bench& b) {
    b.activities_since("2026-01-01T00:00:00Z").activity("2026-05-10T00:00:00Z", "ana", true, Activity::On::contacts);
  };
  EXPECT_EQ(one("{activity: {any_within: 14d}}", called), "no");
  EXPECT_EQ(one("{activity: {any_within: 14d, on: [account]}}", called), "no");
  EXPECT_EQ(one("{activity: {any_within: 14d, on: [record, contacts]}}", called), "yes");
  EXPECT_EQ(one("{activity: {any_within: 14d, on: contacts}}", called), "yes");
}

TEST(Activity, ByWhom) {
  const auto world = [](Bench& b) -> Bench& {
    return b.person("ana", "li")
        .person("li", "kim", "manager")
        .activities_since("2026-01-01T00:00:00Z")
        .known_since("2026-01-01T00:00:00Z");
  };
  const auto by = [&](const std::string& whom, const std::string& who) {
    return one("{activity: {any_within: 14d, by: " + whom + "}}",
               [&](Bench& b) { world(b).activity("2026-05-10T00:00:00Z", who).set("deal_desk", "li"); });
  };
  EXPECT_EQ(by("owner", "ana"), "yes");
  EXPECT_EQ(by("owner", "li"), "no");
  EXPECT_EQ(by("owner_manager", "li"), "yes");
  EXPECT_EQ(by("[owner, owner_manager]", "li"), "yes");
  EXPECT_EQ(by("not_owner", "li"), "yes");
  EXPECT_EQ(by("'job:manager'", "li"), "yes");
  EXPECT_EQ(by("'job:manager'", "ana"), "no");
  EXPECT_EQ(by("'job:manager'", "stranger"), "?");
  EXPECT_EQ(by("'person:li@example.com'", "li"), "yes");
  EXPECT_EQ(by("'field:deal_desk'", "li"), "yes");
  EXPECT_EQ(by("'field:deal_desk'", "ana"), "no");
  EXPECT_EQ(by("owner", ""), "?") << "who did it is not known";
  EXPECT_EQ(one("{activity: {any_within: 14d, by: owner}}",
                [&](Bench& b) {
                  world(b).activity("2026-05-10T00:00:00Z", "li").change("owner", "2026-05-12T00:00:00Z", "li");
                }),
            "no")
      << "who owned it at that moment";
}

TEST(Activity, NoneSinceADate) {
  const std::string rule = "{activity: {none_since: {field: close_date}}}";
  const auto dated = [](const std::string& date, const std::string& done) {
    return [=](Bench& b) {
      b.activities_since("2026-01-01T00:00:00Z").set("close_date", date);
      if (!done.empty()) b.activity(done);
    };
  };
  EXPECT_EQ(one(rule, dated("2026-05-01", "")), "yes");
  EXPECT_EQ(one(rule, dated("2026-05-01", "2026-04-30T20:00:00Z")), "yes");
  EXPECT_EQ(one(rule, dated("2026-05-01", "2026-05-01T08:00:00Z")), "no") << "that day counts as since then";
  EXPECT_EQ(one(rule, dated("2026-05-15", "")), "no") << "the day is not over";
  EXPECT_EQ(one(rule, dated("", "")), "no");
  EXPECT_EQ(one(rule, [](Bench& b) { b.set("close_date", "2026-05-01").activities_since("2026-05-02T00:00:00Z"); }),
            "?");
  Bench b(lab::rule(rule));
  dated("2026-05-20", "")(b);
  EXPECT_EQ(b.evaluate(now).revisit_at, lab::at("2026-05-21T00:00:00Z"));
}

TEST(Activity, SinceTheLastMeeting) {
  const std::string rule = "{activity: {none_for: {since_meeting: forecast-call}}}";
  const auto prepare = [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z").activity("2026-05-07T14:59:00Z"); };
  EXPECT_EQ(one(rule, prepare), "?") << "never held";
  EXPECT_THAT(missing(rule, prepare), HasSubstr("`forecast-call` has never been held"));
  const auto held = [&](const std::string& whose, const std::string& when) {
    return [=](Bench& b) {
      prepare(b);
      b.person("ana", "li").world.meetings["forecast-call"][whose] = lab::at(when);
    };
  };
  EXPECT_EQ(one(rule, held("", "2026-05-07T15:00:00Z")), "yes");
  EXPECT_EQ(one(rule, held("", "2026-05-07T14:00:00Z")), "no");
  EXPECT_EQ(one(rule, held("li", "2026-05-07T15:00:00Z")), "yes") << "that of the owner's manager";
  EXPECT_EQ(one(rule, held("kim", "2026-05-07T15:00:00Z")), "?") << "another manager's";
  EXPECT_EQ(one("{field: f, changed_within: {since_meeting: forecast-call}}",
                [](Bench& b) {
                  b.set("f", "x").known_since("2026-01-01T00:00:00Z").change("f", "2026-05-08T00:00:00Z", "y");
                  b.world.meetings["forecast-call"][""] = lab::at("2026-05-07T15:00:00Z");
                }),
            "yes");
  EXPECT_EQ(one("{field: f, unchanged_for: {since_meeting: forecast-call}}",
                [](Bench& b) {
                  b.set("f", "x").known_since("2026-01-01T00:00:00Z");
                  b.world.meetings["forecast-call"][""] = lab::at("2026-05-07T15:00:00Z");
                }),
            "yes");
  EXPECT_EQ(one("{field: close_date, moved_later: {at_least: 1, within: {since_meeting: forecast-call}}}",
                [](Bench& b) {
                  b.set("close_date", "2026-05-30").known_since("2026-01-01T00:00:00Z");
                  b.change("close_date", "2026-05-06T00:00:00Z", "2026-06-30");
                  b.world.meetings["forecast-call"][""] = lab::at("2026-05-07T15:00:00Z");
                }),
            "no");
}

TEST(Activity, SaysWhatItKnows) {
  EXPECT_EQ(why("{activity: {none_for: 7d}}",
                [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z").activity("2026-05-03T10:00:00Z"); }),
            "Acme: the last activity was a call on 3 May.");
  EXPECT_EQ(why("{activity: {none_for: 14d}}", [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z"); }),
            "Acme: it had no activity for more than 14 days.");
  EXPECT_EQ(why("{activity: {none_for: 14d, by: owner_manager, on: [record, account]}}",
                [](Bench& b) { b.activities_since("2025-01-01T00:00:00Z"); }),
            "Acme: there was no activity by the owner's manager on it or its account for more than 14 days.");
  EXPECT_EQ(why("{not: {activity: {any_within: 14d}}}", [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z"); }),
            "Acme: it had no activity within 14 days.");
  EXPECT_EQ(
      why("{not: {next_activity: {any_within: 7d}}}", [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z"); }),
      "Acme: no activity on it is planned within 7 days.");
  EXPECT_EQ(why("{not: {field: f, real: true}}", [](Bench&) {}), "Acme: f is not really answered.");
  EXPECT_EQ(why("{not: {all: [{field: f, filled: true}, {won: true}]}}", [](Bench&) {}),
            "Acme: it is not so that (f is filled and it is won).");
  EXPECT_EQ(why("{not: {not: {field: f, filled: false}}}", [](Bench&) {}), "Acme: f is blank.");
  EXPECT_EQ(why("{next_activity: {none_within: 7d}}", [](Bench& b) { b.activities_since("2026-01-01T00:00:00Z"); }),
            "Acme: no activity on it is planned within 7 days.");
}

TEST(Activity, WakesWhenItTurns) {
  Bench b(lab::rule("{activity: {none_for: 14d}}"));
  b.activities_since("2026-01-01T00:00:00Z").activity("2026-05-10T12:00:00Z");
  EXPECT_EQ(b.evaluate(now).revisit_at, lab::at("2026-05-25T00:00:00Z"));
  const auto e = b.evaluate("2026-05-25T00:00:00Z");
  ASSERT_EQ(e.verdicts.size(), 1u);
  EXPECT_EQ(e.verdicts[0].since, lab::at("2026-05-25T00:00:00Z"));
  EXPECT_FALSE(e.revisit_at);
}

TEST(NextActivity, IsPlannedInTheFuture) {
  const auto planned = [](const std::string& when) {
    return [=](Bench& b) { b.activities_since("2026-05-15T00:00:00Z").activity(when, "ana", false); };
  };
  EXPECT_EQ(one("{next_activity: {none_within: 7d}}", [](Bench&) {}), "?");
  EXPECT_EQ(one("{next_activity: {none_within: 7d}}", [](Bench& b) { b.activities_since(now); }), "yes");
  EXPECT_EQ(one("{next_activity: {none_within: 7d}}", planned("2026-05-22T23:00:00Z")), "no");
  EXPECT_EQ(one("{next_activity: {none_within: 7d}}", planned("2026-05-23T00:00:00Z")), "yes");
  EXPECT_EQ(one("{next_activity: {any_within: 7d}}", planned("2026-05-15T08:00:00Z")), "no") << "its hour has passed";
  EXPECT_EQ(one("{next_activity: {any_within: 7d}}", planned("2026-05-15T00:00:00Z")), "yes") << "due today, no hour";
  EXPECT_EQ(one("{next_activity: {any_within: 2h}}", planned("2026-05-15T11:00:00Z")), "yes");
  EXPECT_EQ(
      one("{next_activity: {any_within: 7d}}", [](Bench& b) { b.activity("2026-05-16T08:00:00Z", "ana", false); }),
      "yes")
      << "one that is known decides";
  EXPECT_EQ(one("{next_activity: {any_within: 7d}}",
                [](Bench& b) { b.activities_since(now).activity("2026-05-16T08:00:00Z"); }),
            "no")
      << "done is not planned";
  Bench b(lab::rule("{next_activity: {none_within: 7d}}"));
  b.activities_since(now).activity("2026-05-30T10:00:00Z", "ana", false);
  EXPECT_EQ(b.evaluate(now).revisit_at, lab::at("2026-05-23T00:00:00Z"));
  EXPECT_EQ(b.evaluate("2026-05-23T00:00:00Z").revisit_at, lab::at("2026-05-30T10:00:00Z"));
}

TEST(Reviewed, ByTheOwnersManager) {
  const std::string rule = "{reviewed: {by: owner_manager, within: 14d}}";
  const auto spoken = [](const std::string& by, const std::string& when) {
    return [=](Bench& b) {
      b.person("ana", "li").known_since("2026-01-01T00:00:00Z").c.reviews_known_since = lab::at("2026-01-01T00:00:00Z");
      if (!when.empty()) b.c.reviews.push_back({lab::at(when), by == "li" ? "li" : "ana"});
    };
  };
  EXPECT_EQ(one(rule, [](Bench&) {}), "?");
  EXPECT_THAT(missing(rule, [](Bench&) {}), HasSubstr("whether anybody spoke of it"));
  EXPECT_EQ(one(rule, spoken("li", "")), "no");
  EXPECT_EQ(one(rule, spoken("li", "2026-05-01T10:00:00Z")), "yes");
  EXPECT_EQ(one(rule, spoken("li", "2026-04-30T10:00:00Z")), "no");
  EXPECT_EQ(one(rule, spoken("ana", "2026-05-01T10:00:00Z")), "no");
  EXPECT_EQ(why("{not: {reviewed: {within: 14d}}}", spoken("li", "")), "Acme: nobody spoke of it within 14 days.");
  Bench b(lab::rule(rule));
  spoken("li", "2026-05-10T10:00:00Z")(b);
  EXPECT_EQ(b.evaluate(now).revisit_at, lab::at("2026-05-25T00:00:00Z"));
}

TEST(StageAge, APercentileOfWonRecords) {
  const auto aged = [](std::size_t won, const std::string& since) {
    return [=](Bench& b) {
      b.known_since("2026-01-01T00:00:00Z").set("stage", "Prospecting").change("stage", since, "Proposal");
      std::vector<std::chrono::seconds> ages;
      for (std::size_t i = 1; i <= won; ++i) ages.push_back(std::chrono::hours(24 * i));
      b.world.stage_ages["opportunity"][{"", "Proposal"}] = ages;
    };
  };
  EXPECT_EQ(one("{stage_age: {above: p90}}", aged(30, "2026-04-18T09:00:00Z")), "no") << "27 days are the ninetieth";
  EXPECT_EQ(one("{stage_age: {above: p90}}", aged(30, "2026-04-18T08:59:59Z")), "yes");
  EXPECT_EQ(one("{stage_age: {above: p90}}", aged(29, "2026-01-18T09:00:00Z")), "?") << "too few";
  EXPECT_THAT(missing("{stage_age: {above: p90}}", aged(29, "2026-01-18T09:00:00Z")), HasSubstr("at least 30"));
  const std::string by_stage = "{stage_age: {above: {by_stage: {Proposal: p90, default: 14d}}}}";
  EXPECT_EQ(one(by_stage, aged(30, "2026-04-28T09:00:00Z")), "no");
  EXPECT_EQ(one(by_stage, aged(29, "2026-04-28T09:00:00Z")), "yes") << "the default counts";
  const std::string beside = "{stage_age: {above: {percentile: p50, by_stage: {Proposal: 3d}}}}";
  EXPECT_EQ(one(beside, aged(30, "2026-05-05T09:00:00Z")), "no");
  EXPECT_EQ(one(beside, aged(29, "2026-05-05T09:00:00Z")), "yes");
  Bench b(lab::rule(by_stage));
  aged(29, "2026-04-28T09:00:00Z")(b);
  const auto e = explain(*b.loaded.rules, *b.plan, 0, b.c, b.facts, b.world, lab::at(now));
  EXPECT_THAT(e.parts.at(0).parts.at(0).saw, HasSubstr("29 won records are too few for p90: the default of 14 days"));
}

TEST(Changes, WhoSetItBeforeAndWhatMadeIt) {
  const auto disputed = [](Bench& b) {
    b.known_since("2026-01-01T00:00:00Z")
        .set("source", "Web")
        .change("source", "2026-03-01T10:00:00Z", "Partner", "li")
        .change("source", "2026-03-05T10:00:00Z", "Web", "ana");
  };
  EXPECT_EQ(one("{field: source, changed: {by: not_setter, at_least: 2}}", disputed), "yes");
  EXPECT_EQ(
      one("{field: source, changed: {by: not_setter}}",
          [](Bench& b) {
            b.known_since("2026-01-01T00:00:00Z").set("source", "Web").change("source", "2026-03-01T10:00:00Z", "Fair");
          }),
      "no")
      << "ana had created it";
  EXPECT_EQ(
      one("{field: source, changed: {by: not_setter}}",
          [](Bench& b) {
            b.known_since("2026-02-01T00:00:00Z").set("source", "Web").change("source", "2026-03-01T10:00:00Z", "Fair");
          }),
      "?")
      << "who had set it is not known";
  const auto typed = [&](const std::string& when, const std::function<void(Bench&)>& prepare) {
    auto binding = Bench::standard();
    binding.column_types["source"] = model::FieldType::picklist;
    Bench b(lab::rule(when), binding);
    prepare(b);
    return b.one(now);
  };
  EXPECT_EQ(typed("{field: source, changed: {back: true}}", disputed), "yes");
  EXPECT_EQ(typed("{field: source, changed: {back: true, by: 'person:li@example.com'}}",
                  [&](Bench& b) {
                    b.person("ana", "").person("li", "");
                    disputed(b);
                  }),
            "no")
      << "ana changed it back";
  const auto made = [](Origin origin) {
    return [=](Bench& b) {
      b.known_since("2026-01-01T00:00:00Z").set("source", "Web").change("source", "2026-03-01T10:00:00Z", "Fair");
      b.c.past[b.slot("source")].changes[0].origin = origin;
    };
  };
  EXPECT_EQ(one("{field: source, changed: {by: automation}}", made(Origin::unknown)), "?") << "flows run as the person";
  EXPECT_EQ(one("{field: source, changed: {by: automation}}", made(Origin::automation)), "yes");
  EXPECT_EQ(one("{field: source, set_by: import}", made(Origin::import)), "yes");
  EXPECT_EQ(one("{field: source, set_by: import}", made(Origin::person)), "no");
  EXPECT_EQ(one("{field: source, set_by: human}", made(Origin::automation)), "no");
  EXPECT_EQ(one("{field: source, set_by: human}", made(Origin::unknown)), "yes");
}

TEST(Owner, JobTeamAndWhetherThePersonIsActive) {
  const auto people = [](Bench& b) { b.person("ana", "li", "rep", "DACH"); };
  EXPECT_EQ(one("{owner: {job: [rep]}}", people), "yes");
  EXPECT_EQ(one("{owner: {job: [manager, finance]}}", people), "no");
  EXPECT_EQ(one("{owner: {team: [dach], active: true}}", people), "yes");
  EXPECT_EQ(one("{owner: {team: [UK]}}", people), "no");
  EXPECT_EQ(one("{owner: {job: [rep]}}", [](Bench&) {}), "?") << "nobody that is known";
  EXPECT_EQ(one("{owner: {job: [rep]}}", [](Bench& b) { b.person("ana", "li", ""); }), "?");
  EXPECT_EQ(one("{owner: {job: [rep]}}", [](Bench& b) { b.set("owner", ""); }), "no");
  EXPECT_EQ(missing("{owner: {team: [UK]}}", [](Bench&) {}), "the team of the owner");
}

}  // namespace
}  // namespace coachd::rules
