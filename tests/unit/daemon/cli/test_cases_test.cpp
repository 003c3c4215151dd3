// What a case says, and what the rules then see.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/daemon/cli/test_fixture.hpp"

namespace coachd::cli {
namespace {

using testing::HasSubstr;

TEST_F(TestCommand, HistoryReachesBackToKnownSinceAndNoFurther) {
  const std::string record = "record: {stage: Open, owner: ana, next_step: Call}";
  EXPECT_EQ(test("  - {name: a, " + record + ", known_since: 2026-04-01, expect: [no-change]}\n"), 0) << out_.str();
  EXPECT_EQ(test("  - {name: a, " + record + ", known_since: 2026-04-20, expect: [], cannot_tell: [no-change]}\n"), 0)
      << out_.str();
  EXPECT_EQ(test("  - {name: a, " + record + ", expect: [], cannot_tell: [no-change]}\n"), 0) << out_.str();
  // Without `known_since` from its creation on.
  EXPECT_EQ(test("  - {name: a, record: {created: 2026-04-01, stage: Open, owner: ana, next_step: Call}, "
                 "expect: [no-change]}\n"),
            0)
      << out_.str();
  EXPECT_EQ(test("  - {name: a, record: {created: 2026-04-20, stage: Open, owner: ana, next_step: Call}, "
                 "expect: [], cannot_tell: []}\n"),
            0)
      << out_.str();
}

TEST_F(TestCommand, StepsGoOnFromWhereTheRecordStood) {
  EXPECT_EQ(test(R"(  - name: a
    record: {stage: Open, owner: ana, next_step: Call}
    known_since: 2026-04-01
    expect: [no-change]
    then:
      - {at: 2026-05-05, set: {next_step: Meet}, expect: []}
      - {at: 2026-05-06, history: [{field: next_step, to: Write, at: 2026-05-05T12:00:00Z}], expect: []}
      - {at: 2026-06-04, expect: []}
      - {at: 2026-06-05, expect: [no-change]}
      - {at: 2026-06-06, set: {stage: Lost}, expect: []}
)"),
            0)
      << out_.str();
}

TEST_F(TestCommand, OthersOfTheOwnerCountAndThoseOfSomebodyElseDoNot) {
  const std::string cases = R"(  - name: a
    record: {stage: Open, owner: ana, next_step: Call, amount: 100}
    others:
      - {stage: Open, owner: OWNER, next_step: call, amount: 10}
      - {stage: Open, owner: OWNER, next_step: x, amount: 10}
      - {stage: Won, owner: OWNER, next_step: x, amount: 10000}
    expect: EXPECTED
)";
  const auto with = [&](const char* owner, const char* expected) {
    auto text = cases;
    for (auto at = text.find("OWNER"); at != std::string::npos; at = text.find("OWNER")) text.replace(at, 5, owner);
    return text.replace(text.find("EXPECTED"), 8, expected);
  };
  EXPECT_EQ(test(with("ana", "[same, large]")), 0) << out_.str();
  EXPECT_EQ(test(with("bob", "[]")), 0) << out_.str();
}

TEST_F(TestCommand, WhatCannotBeReadCannotBeTold) {
  EXPECT_EQ(test("  - {name: a, record: {stage: Open, owner: ana}, unread: [next_step], expect: [], "
                 "cannot_tell: [no-step, no-change]}\n"),
            0)
      << out_.str();
  EXPECT_EQ(test("  - {name: a, record: {stage: Open, owner: ana}, expect: [no-step], cannot_tell: [no-step]}\n"), 1);
}

TEST_F(TestCommand, DaysAreThoseOfTheZone) {
  const std::string cases =
      "  - {name: a, record: {stage: Open, owner: ana, next_step: Call, close_date: 2026-04-28}, ";
  auto text = std::string(head) + cases + "expect: []}\n";
  text.replace(text.find("09:00"), 5, "23:00");
  EXPECT_EQ(run({write("a.test.yaml", text)}), 1) << "the 28th is six days before the 4th";
  text.replace(text.find("expect: []"), 10, "expect: [since-meeting]");
  EXPECT_EQ(run({write("a.test.yaml", text)}), 0) << out_.str();
  text.replace(text.find("04-28"), 5, "04-29");
  EXPECT_EQ(run({write("a.test.yaml", text)}), 1);
  EXPECT_EQ(run({write("a.test.yaml", "zone: Europe/Berlin\n" + text)}), 0) << out_.str();  // it is the 5th there
}

TEST_F(TestCommand, DetectorsSeeTheRecordAndAllOthers) {
  write("rules.yaml", R"(version: 1
workflow: copies
object: account
owner: revops@acme.example
rules:
  - {id: twins, kind: duplicate, detect: duplicates, control: [flag]}
)");
  const auto with = [&](const std::string& other, const std::string& expected) {
    return run({write("a.test.yaml", R"(rules: rules.yaml
now: 2026-05-04T09:00:00Z
cases:
  - name: a
    record: {id: A1, name: Acme Robotics GmbH, website: acme-robotics.example}
    others:
      - {id: A3, name: Globex, website: globex.example}
      - {id: A4, name: Globex Inc, website: globex.example}
      - )" + other + "\n    expect: " + expected +
                                         "\n    expect_others: []\n")});
  };
  const std::string twin = "{id: A2, name: ACME Robotics, website: www.acme-robotics.example}";
  EXPECT_EQ(with(twin, "[twins]"), 0) << out_.str();
  EXPECT_EQ(with(twin, "[]"), 1);
  EXPECT_THAT(out_.str(), HasSubstr("twins is found, and is not expected: "));
  // The pair of the others alone is not about this record.
  EXPECT_EQ(with("{id: A2, name: Initech, website: initech.example}", "[]"), 0) << out_.str();
  EXPECT_EQ(with("{id: A2, name: Initech, website: initech.example}", "[twins]"), 1);
  EXPECT_THAT(out_.str(), HasSubstr("twins is expected, and is not found: it is found, and about A3|A4"));
}

TEST_F(TestCommand, WhatNoRecordHoldsIsSaidUnderEvidence) {
  write("rules.yaml", R"(version: 1
workflow: exports
object: opportunity
owner: revops@acme.example
rules:
  - id: exports
    kind: workaround
    detect: exports-before-meetings
    with: {meeting: forecast-call, within: 1d, times: 3}
    control: [flag]
)");
  const auto with = [&](const std::string& more) {
    return run({write("a.test.yaml", R"(rules: rules.yaml
now: 2026-05-04T09:00:00Z
people: {ana: {job: rep}, bob: {job: rep}}
meetings: {forecast-call: [2026-04-16T13:00:00Z, 2026-04-23T13:00:00Z, 2026-04-30T13:00:00Z, 2026-05-07T13:00:00Z]}
cases:
  - name: a
    record: {owner: ana}
    expect: []
)" + more)});
  };
  const std::string exports =
      "    evidence: {exports: [{by: ana, at: 2026-04-16T09:00:00Z}, {by: ana, at: 2026-04-23T09:00:00Z}, "
      "{by: ana, at: 2026-04-30T09:00:00Z}, {by: bob, at: 2026-04-30T09:00:00Z}]}\n";
  EXPECT_EQ(with(exports + "    expect_others: [exports]\n    cannot_tell: []\n"), 0) << out_.str();
  EXPECT_EQ(with(exports + "    expect_others: [\"exports:ana\"]\n"), 0) << out_.str();
  EXPECT_EQ(with(exports + "    expect_others: [\"exports:bob\"]\n"), 1);
  EXPECT_THAT(out_.str(), HasSubstr("exports is found about ana, and is not expected: an export was taken before 3"));
  EXPECT_EQ(with("    evidence: {exports: []}\n    expect_others: []\n    cannot_tell: []\n"), 0) << out_.str();
  EXPECT_EQ(with("    expect_others: []\n    cannot_tell: [exports]\n"), 0) << out_.str();  // no such table
}

TEST_F(TestCommand, FindingsAboutAFieldNeedManyRecords) {
  write("rules.yaml", R"(version: 1
workflow: cards
object: opportunity
owner: revops@acme.example
fields:
  procurement_status: {knowable_from: {stage: Proposal}, needed_by: {stage: Won}, ask_from: {stage: Won}}
)");
  const auto with = [&](const std::string& times, const std::string& expected) {
    return run({write("a.test.yaml", R"(rules: rules.yaml
now: 2026-05-04T09:00:00Z
stages: [Open, Proposal, {name: Won, won: true}, {name: Lost, lost: true}]
cases:
  - name: a
    record: {stage: Proposal, owner: ana}
    known_since: 2026-01-01
    others:
      - times: )" + times + R"(
        record: {created: 2026-04-01, stage: Proposal, owner: ana, procurement_status: TBD}
        history:
          - {field: procurement_status, from: null, to: TBD, at: 2026-04-02}
          - {field: stage, from: Open, to: Proposal, at: 2026-04-10}
    expect: []
    expect_others: )" + expected + '\n')});
  };
  EXPECT_EQ(with("30", "[\"timing.too-early:procurement_status\"]"), 0) << out_.str();
  EXPECT_EQ(with("30", "[]"), 1);
  EXPECT_THAT(out_.str(), HasSubstr("30 of 30 answers were early and a placeholder"));
  EXPECT_EQ(with("29", "[]"), 0) << out_.str();
  EXPECT_EQ(with("29", "[\"timing.too-late:procurement_status\"]"), 2);
  EXPECT_EQ(with("2.5", "[]"), 2);
}

TEST_F(TestCommand, ActivitiesReviewsRelatedRecordsAndMeetingsAreThoseOfTheTest) {
  write("rules.yaml", R"(version: 1
workflow: around
object: opportunity
owner: revops@acme.example
rules:
  - {id: quiet, kind: stale, when: {activity: {none_for: 14d}}, control: [flag]}
  - {id: no-plan, kind: stale, when: {next_activity: {none_within: 30d}}, control: [flag]}
  - {id: talked, kind: win, when: {reviewed: {by: owner_manager, within: 14d}}, control: [flag]}
  - {id: no-champion, kind: stale, when: {not: {related: contact_role, count: {at_least: 1}, where: {field: role, is: Champion}}}, control: [flag]}
  - {id: since-review, kind: stale, when: {field: next_step, unchanged_for: {since_meeting: review}}, control: [flag]}
)");
  const auto with = [&](const std::string& more) {
    return run({write("a.test.yaml", R"(rules: rules.yaml
now: 2026-05-04T09:00:00Z
people: {ana: {job: rep, manager: li}, li: {job: manager}}
cases:
  - name: a
    record: {owner: ana, next_step: Call}
    known_since: 2026-01-01
)" + more)});
  };
  EXPECT_EQ(with("    expect: [quiet, no-plan, no-champion]\n    cannot_tell: [since-review]\n"), 0) << out_.str();
  EXPECT_EQ(with(R"(    activities: [{kind: call, at: 2026-04-28}, {kind: meeting, at: 2026-05-20}]
    reviews: [{by: li, at: 2026-04-28}]
    related: {contact_role: [{role: User}, {role: champion}]}
    meetings: {review: 2026-04-30T09:00:00Z}
    expect: [talked, since-review]
    cannot_tell: []
    then:
      - {at: 2026-05-05, set: {next_step: Meet}, expect: [talked]}
      - {at: 2026-05-06, meetings: {review: 2026-05-05T12:00:00Z}, expect: [talked, since-review]}
      - {at: 2026-05-21, related: {contact_role: []}, expect: [quiet, no-plan, no-champion, since-review]}
      - {at: 2026-05-22, activities: [{kind: note, by: ana, at: 2026-05-21}], expect: [no-plan, no-champion, since-review]}
)"),
            0)
      << out_.str();
  // What an automation did is nobody's work, and what cannot be read cannot be told.
  EXPECT_EQ(with("    activities: [{kind: email, by: automation, at: 2026-05-03}]\n"
                 "    unread: [contact_role, reviews]\n"
                 "    expect: [quiet, no-plan]\n"
                 "    cannot_tell: [no-champion, talked]\n"),
            0)
      << out_.str();
}

TEST_F(TestCommand, HistorySaysWhoOrWhatChangedAValue) {
  write("rules.yaml", R"(version: 1
workflow: authors
object: opportunity
owner: revops@acme.example
rules:
  - {id: by-person, kind: stale, when: {field: next_step, set_by: human}, control: [flag]}
  - {id: by-machine, kind: stale, when: {field: next_step, set_by: [automation, integration]}, control: [flag]}
  - {id: by-other, kind: stale, when: {field: next_step, changed: {within: 30d, by: not_owner}}, control: [flag]}
)");
  const auto with = [&](const std::string& by, const std::string& expected) {
    return run({write("a.test.yaml", R"(rules: rules.yaml
now: 2026-05-04T09:00:00Z
people: {ana: {job: rep}, bob: {job: rep}, sync: {human: false}}
cases:
  - name: a
    record: {owner: ana, created: 2026-01-01}
    history: [{field: next_step, from: Write, to: Call, at: 2026-04-28)" +
                                         by + "}]\n    expect: " + expected + '\n')});
  };
  EXPECT_EQ(with("", "[by-person]"), 0) << out_.str();
  EXPECT_EQ(with(", by: bob", "[by-person, by-other]"), 0) << out_.str();
  EXPECT_EQ(with(", by: automation", "[by-machine, by-other]"), 0) << out_.str();
  EXPECT_EQ(with(", by: sync", "[by-machine, by-other]"), 0) << out_.str();
}

TEST_F(TestCommand, PercentilesAreThoseOfWonRecords) {
  write("rules.yaml", R"(version: 1
workflow: ages
object: opportunity
owner: revops@acme.example
rules:
  - {id: slow, kind: stale, for: {open: true}, when: {stage_age: {above: p90}}, control: [flag]}
)");
  const auto with = [&](const std::string& top, const std::string& others, const std::string& expected) {
    return run({write("a.test.yaml", R"(rules: rules.yaml
now: 2026-05-04T09:00:00Z
stages: [Open, Proposal, {name: Won, won: true}, {name: Lost, lost: true}]
)" + top + R"(cases:
  - name: a
    record: {stage: Proposal, owner: ana}
    known_since: 2026-01-01
    history: [{field: stage, from: Open, to: Proposal, at: 2026-04-20}]
    others: )" + others + "\n    " + expected +
                                         '\n')});
  };
  EXPECT_EQ(with("stage_ages: {Proposal: [{records: 30, age: 10d}]}\n", "[]", "expect: [slow]"), 0) << out_.str();
  EXPECT_EQ(with("stage_ages: {Proposal: [{records: 30, age: 15d}]}\n", "[]", "expect: []"), 0) << out_.str();
  EXPECT_EQ(with("", "[]", "cannot_tell: [slow]"), 0) << out_.str();
  const auto won = [](const char* times, const char* at) {
    return std::string("[{times: ") + times + ", record: {stage: Won}, history: [{field: stage, from: Open, to: " +
           "Proposal, at: 2026-02-01}, {field: stage, to: Won, at: " + at + "}]}]";
  };
  EXPECT_EQ(with("", won("30", "2026-02-10"), "expect: [slow]"), 0) << out_.str();
  EXPECT_EQ(with("", won("30", "2026-03-10"), "expect: []"), 0) << out_.str();
  EXPECT_EQ(with("", won("29", "2026-02-10"), "cannot_tell: [slow]"), 0) << out_.str();
}

// Of five deals won two show nothing at all: then silence is no sign. Deals of whose activities nobody speaks are none.
TEST_F(TestCommand, WhereManyWonDealsShowNoActivitySilenceCannotBeTold) {
  write("rules.yaml", R"(version: 1
workflow: update
object: opportunity
owner: revops@acme.example
rules:
  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 14d}}, control: [flag]}
)");
  const auto with = [&](const std::string& silent, const std::string& expected) {
    return test(R"(  - name: a
    record: {stage: Open, owner: ana}
    known_since: 2026-01-01
    others:
      - {record: {stage: Won, owner: ana, created: 2026-02-01}, history: [{field: stage, from: Open, to: Won, at: 2026-04-10}], activities: [{kind: call, at: 2026-03-10}], times: 7}
      - {record: {stage: Won, owner: ana, created: 2026-02-01}, history: [{field: stage, from: Open, to: Won, at: 2026-04-10}])" +
                silent + "    " + expected + "\n");
  };
  EXPECT_EQ(with(", activities: [], times: 4}\n", "expect: []\n    cannot_tell: [silent]"), 0) << out_.str();
  EXPECT_EQ(with(", activities: [], times: 3}\n", "expect: [silent]"), 0) << out_.str() << "30 % is not above it";
  EXPECT_EQ(with(", times: 4}\n", "expect: [silent]"), 0) << out_.str();
}

TEST_F(TestCommand, TheRecipientsOwnNoteIsQuotedInThePrompt) {
  write("rules.yaml", R"(version: 1
workflow: update
object: opportunity
owner: revops@acme.example
quote_notes: 14d
old_records: all
rules:
  - {id: no-step, kind: stale, for: {open: true}, when: {field: next_step, real: false}, control: [prompt], prompt: {to: owner, say: "{name} has no next step.", ask: "What happens next?"}}
)");
  const auto with = [&](const std::string& by, const std::string& prompt) {
    return test(R"(  - name: a
    record: {id: 006A, name: Acme, stage: Open, owner: ana}
    known_since: 2026-05-01
    evidence: {known_since: 2026-01-01, notes: [{by: )" +
                by + R"(, record: 006A, text: "Good call. I'll send the offer on Monday.", at: 2026-05-02T09:00:00Z}]}
    expect: [no-step]
    expect_prompt: {no-step: )" +
                prompt + "}\n");
  };
  EXPECT_EQ(with("ana", "[\"mentions: \\\"I'll send the offer on Monday\\\".\", \"is that the next step?\"]"), 0)
      << out_.str() << err_.str();
  EXPECT_EQ(with("bob", "[\"Acme has no next step.\\nWhat happens next?\"]"), 0) << out_.str() << err_.str();
}

}  // namespace
}  // namespace coachd::cli
