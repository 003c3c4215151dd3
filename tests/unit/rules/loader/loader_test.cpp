#include "rules/loader/loader.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// `line code` of every diagnostic, in order.
std::vector<std::string> said(const Loaded& l) {
  std::vector<std::string> out;
  for (const auto& d : l.diagnostics) out.push_back(std::to_string(d.place.line) + ' ' + d.code);
  return out;
}
Loaded load_text(const std::string& text, const Binding& b = lab::Bench::standard()) {
  return load({Source{"t.yaml", text}}, b);
}
std::string file_text(const std::string& path) {
  std::ifstream f(std::string(COACHD_SOURCE_DIR) + '/' + path);
  std::stringstream s;
  s << f.rdbuf();
  return s.str();
}

TEST(Loader, SaysAllErrorsAtOnceWithPlaceAndNearestName) {
  const auto l = load_text(R"(version: 1
workflow: w
object: opportunity
owner: o@example.com
feilds: {}
rules:
  - id: a
    kind: stael
    control: [flag]
    when: {field: next_step, unchanged_for: 14 days}
  - id: a
    kind: stale
    control: [prompt, flag]
    when: {field: amount, older_than: 3d}
  - id: b
    kind: stale
    control: [flag]
    when: {stage: {at_least: Propsal}}
  - id: c
    kind: stale
    control: [flag]
    for: {opne: true}
)");
  EXPECT_FALSE(l.rules);
  EXPECT_THAT(said(l),
              ElementsAre("5 unknown-key", "8 unknown-kind", "10 wrong-type", "11 duplicate-id", "13 control-order",
                          "14 wrong-test", "18 unknown-stage", "19 missing-key", "22 unknown-key"));
  std::string all;
  for (const auto& d : l.diagnostics) all += d.message + '\n';
  for (const char* near : {"`fields`", "`stale`", "`Proposal`", "`open`"}) EXPECT_THAT(all, HasSubstr(near));
}

TEST(Loader, LimitsThatCannotStandThere) {
  auto b = lab::Bench::standard();
  b.meetings = {"forecast-call"};
  const auto l = load_text(lab::head + R"(rules:
  - {id: a, kind: stale, control: [flag], when: {stage_age: {above: p100}}}
  - {id: b, kind: stale, control: [flag], when: {stage_age: {above: {percentile: p90}}}}
  - {id: c, kind: stale, control: [flag], when: {age: {above: {since_meeting: forecast-call}}}}
  - {id: d, kind: stale, control: [flag], when: {field: a, changed_within: {since_meeting: forcast-call}}}
  - {id: e, kind: stale, control: [flag], when: {activity: {none_for: 14d, any_within: 2d}}}
  - {id: f, kind: stale, control: [flag], when: {activity: {none_for: 14d, by: automation}}}
  - {id: g, kind: stale, control: [flag], when: {activity: {none_for: 14d, on: [acount]}}}
  - {id: h, kind: stale, control: [flag], when: {field: a, set_by: owner}}
  - {id: i, kind: stale, control: [flag], when: {field: a, changed: {by: onwer}}}
  - {id: j, kind: stale, control: [flag], when: {field: a, changed: {by: "job:"}}}
  - {id: k, kind: stale, control: [flag], when: {owner: {}}}
  - {id: l, kind: stale, control: [prompt], when: {open: true}, prompt: {say: "Until the {meeting}"}}
)",
                           b);
  EXPECT_THAT(said(l), ElementsAre("6 wrong-type", "7 wrong-type", "8 wrong-type", "9 unknown-meeting", "10 wrong-type",
                                   "11 unknown-author", "12 wrong-type", "13 unknown-author", "14 unknown-author",
                                   "15 unknown-author", "16 no-test", "17 unknown-name"));
  std::string all;
  for (const auto& d : l.diagnostics) all += d.message + '\n';
  for (const char* near : {"`forecast-call`", "`account`", "`owner`"}) EXPECT_THAT(all, HasSubstr(near));
}

TEST(Loader, AFieldOneStepUpIsAColumnOrSwitchedOff) {
  const auto text = lab::rule("{field: account.health_score, below: 3}");
  Binding b;
  b.connection = "acme";
  b.columns = {"Id", "StageName", "Account_Health__c"};
  const auto off = load_text(text, b);
  ASSERT_TRUE(off.rules);
  ASSERT_EQ(off.rules->off.size(), 1u);
  EXPECT_THAT(off.rules->off[0].why, HasSubstr("`account.health_score` stands on another object"));
  b.names.fields["opportunity"]["account.health_score"] = "Account_Health__c";
  EXPECT_TRUE(load_text(text, b).rules->off.empty());
  b.names.fields.clear();
  b.columns.push_back("account.health_score");
  EXPECT_TRUE(load_text(text, b).rules->off.empty());
  EXPECT_THAT(said(load_text(lab::rule("{field: acount.health_score, below: 3}"), b)), ElementsAre("9 unknown-field"));
}

TEST(Loader, ATestWithoutItsFieldAndACheckbox) {
  auto b = lab::Bench::standard();
  b.column_types["done"] = model::FieldType::boolean;
  const auto l = load_text(lab::head + R"(rules:
  - {id: a, kind: stale, control: [flag], when: {real: false}}
  - {id: b, kind: stale, control: [flag], when: {field: done, filled: true}}
  - {id: c, kind: stale, control: [flag], when: {field: next_step}}
  - {id: d, kind: stale, control: [block], when: {field: next_step, real: true}}
  - {id: e, kind: stale, control: [flag], when: {field: amount, is: high}}
  - {id: f, kind: stale, control: [prompt], when: {open: true}, prompt: {to: ownr, say: "{nmae {why}"}}
  - {id: g, kind: stale, control: [flag], when: {open: true}, silences: [timing:nothing]}
)",
                           b);
  EXPECT_THAT(said(l), testing::UnorderedElementsAre("6 missing-field", "7 checkbox-never-blank", "8 no-test",
                                                     "9 hard-control", "10 wrong-type", "11 unknown-recipient",
                                                     "11 bad-template", "12 unknown-rule"));
}

TEST(Loader, WhatThisConnectionLacksIsSwitchedOffAndSaid) {
  Binding b;
  b.connection = "acme";
  b.columns = {"Id", "OwnerId", "StageName", "NextStep"};
  b.names.fields["opportunity"] = {{"next_step", "NextStep"}, {"stage", "StageName"}, {"owner", "OwnerId"}};
  b.stages["opportunity"] = lab::stages();
  const auto l = load_text(lab::head + R"(fields:
  champion: {decision: d, knowable_from: {creation: true}, needed_by: {stage: Proposal}}
rules:
  - {id: ok, kind: stale, control: [flag], when: {field: next_step, real: false}}
  - {id: off, kind: stale, control: [flag], when: {stage: {at_least: qualified}}}
)",
                           b);
  ASSERT_TRUE(l.rules) << said(l).size();
  ASSERT_EQ(l.rules->off.size(), 2u);
  EXPECT_EQ(l.rules->off[0].rule.get(), "timing:champion");
  EXPECT_THAT(l.rules->off[0].why, HasSubstr("`champion` is unknown in acme"));
  EXPECT_EQ(l.rules->rules.size(), 1u);
  EXPECT_EQ(l.rules->plan("opportunity")->slots[l.rules->plan("opportunity")->find("next_step").value()].crm_name,
            "NextStep");

  const auto wrong = load_text(lab::rule("{field: nxt_step, real: false}"), b);
  EXPECT_THAT(said(wrong), ElementsAre("9 unknown-field"));
  EXPECT_THAT(wrong.diagnostics[0].message, HasSubstr("did you mean `next_step`"));
}

TEST(Loader, WithoutStagesTheRecordItselfSaysWhetherItIsClosed) {
  Binding binding;
  binding.columns = {"Id", "OwnerId", "StageName", "Amount", "IsClosed", "IsWon"};
  lab::Bench b(lab::head + "rules:\n  - {id: a, kind: stale, control: [flag], when: {open: true}}\n" +
                   "  - {id: b, kind: stale, control: [flag], when: {lost: true}}\n" +
                   "  - {id: c, kind: stale, control: [flag], when: {field: Amount, times_owner_mean: {above: 2, "
                   "at_least: 1}}}\n",
               binding);
  const auto contributes = [&] { return contribution(*b.loaded.rules, *b.plan, 0, b.c, b.world).has_value(); };
  b.set("Amount", "5").set("IsClosed", "0").set("IsWon", "0").facts[0] = {true, 5, 1};
  EXPECT_THAT(b.judge("2026-05-04T09:00:00Z"), ElementsAre("a"));
  EXPECT_TRUE(contributes());
  b.set("IsClosed", "true");
  EXPECT_THAT(b.judge("2026-05-04T09:00:00Z"), ElementsAre("b"));
  EXPECT_FALSE(contributes());
  b.set("IsClosed", "");
  EXPECT_THAT(b.judge("2026-05-04T09:00:00Z"), ElementsAre("?a", "?b"));
  EXPECT_FALSE(contributes());
}

TEST(Loader, SilencesExceptionsAndTwoWorkflows) {
  lab::Bench b(lab::head + R"(fields:
  champion: {decision: d, knowable_from: {creation: true}, needed_by: {creation: true}}
done_means:
  - {id: n, check: {field: next_step, real: true}}
rules:
  - {id: no-owner, kind: stale, control: [flag], when: {field: owner, filled: false}, silences: [timing:champion, w/acceptance.not-ready]}
  - {id: late, kind: stale, control: [flag], when: {field: close_date, before: today}, exceptions: [{record: 006A, until: 2026-05-10, because: known, by: li@example.com}]}
)");
  b.set("close_date", "2026-01-01");
  EXPECT_THAT(b.judge("2026-05-04T09:00:00Z"), ElementsAre("timing.missing:champion", "acceptance.not-ready"));
  EXPECT_THAT(b.judge("2026-05-11T00:00:00Z"), ElementsAre("timing.missing:champion", "acceptance.not-ready", "late"));
  EXPECT_EQ(b.evaluate("2026-05-04T09:00:00Z").revisit_at, lab::at("2026-05-11T00:00:00Z"));
  b.set("owner", "");
  EXPECT_THAT(b.judge("2026-05-04T09:00:00Z"), ElementsAre("no-owner"));
}

TEST(Loader, TheHashFollowsTheRuleItsFileAndTheMapOnly) {
  const auto of = [](const std::string& when, const std::string& more, const Binding& b = lab::Bench::standard()) {
    const auto l =
        load_text(lab::head + more + "rules:\n  - {id: r, kind: stale, control: [flag], when: " + when + "}\n", b);
    EXPECT_TRUE(l.rules);
    return l.rules ? l.rules->rules.at(0).hash : 0;
  };
  const auto first = of("{field: next_step, real: false}", "");
  EXPECT_EQ(first, of("{field: next_step, real: false}", "title: Another title\n"));
  EXPECT_NE(first, of("{field: next_step, real: true}", ""));
  EXPECT_NE(first, of("{field: next_step, real: false}", "placeholders: [soon]\n"));
  EXPECT_NE(first, of("{field: next_step, real: false}", "for: {open: true}\n"));
  auto mapped = lab::Bench::standard();
  mapped.names.fields["opportunity"]["next_step"] = "Next__c";
  EXPECT_NE(first, of("{field: next_step, real: false}", "", mapped));
}

TEST(Loader, AFilesOwnPlaceholdersAndACardsBeforeThem) {
  lab::Bench b(lab::head + R"(placeholders: {only: [soon]}
fields:
  champion: {decision: d, placeholders: {only: [somebody]}, knowable_from: {creation: true}}
rules:
  - {id: a, kind: fake-adoption, control: [flag], when: {field: next_step, placeholder: true}}
  - {id: b, kind: fake-adoption, control: [flag], when: {field: champion, placeholder: true}}
)");
  EXPECT_THAT(b.set("next_step", "tbd").set("champion", "soon").judge("2026-05-04T09:00:00Z"), IsEmpty());
  EXPECT_THAT(b.set("next_step", "Soon").set("champion", "somebody").judge("2026-05-04T09:00:00Z"),
              ElementsAre("timing.due:champion", "a", "b"));
}

TEST(Loader, PromptTextsKnowTheRecord) {
  lab::Bench b(lab::head + R"(rules:
  - id: r
    kind: fake-adoption
    control: [prompt]
    when: {any: [{field: next_step, real: false}, {field: close_date, before: today}]}
    prompt: {to: owner_manager, say: "{name} of {owner} is in {stage}, but {why}.", ask: "Is {close_date} right ({next_step.age})?", gives_back: Less work}
)");
  EXPECT_EQ(b.loaded.rules->rules[0].to.kind, Recipient::Kind::owner_manager);
  b.known_since("2026-01-01T00:00:00Z").change("next_step", "2026-04-24T10:00:00Z", "tbd");
  b.set("close_date", "2026-05-01");
  b.world.people["ana"].name = "Ana Ruiz";
  const auto e = b.evaluate("2026-05-04T09:00:00Z");
  const auto l =
      line(*b.loaded.rules, *b.plan, e.verdicts.at(0), b.c, b.facts, b.world, lab::at("2026-05-04T09:00:00Z"), "en");
  EXPECT_EQ(l.say,
            "Acme of Ana Ruiz is in Qualification, but next step says only \"tbd\" and close date (2026-05-01) is in "
            "the past.");
  EXPECT_EQ(l.ask, "Is 2026-05-01 right (10 days)?");
  const auto x = explain(*b.loaded.rules, *b.plan, 0, b.c, b.facts, b.world, lab::at("2026-05-04T09:00:00Z"));
  ASSERT_EQ(x.parts.size(), 1u);
  EXPECT_EQ(x.parts[0].test, "when any of");
  EXPECT_EQ(x.parts[0].parts.at(0).saw, "\"tbd\" (a placeholder)");
}

TEST(Loader, EveryConstructOfTheLanguageLoads) {
  const auto l = load_text(file_text("tests/unit/rules/loader/every_construct.yaml"));
  EXPECT_THAT(said(l), IsEmpty());
  ASSERT_TRUE(l.rules);
  EXPECT_GE(l.rules->rules.size(), 30u);
}

TEST(Loader, BrokenFilesAreErrorsAndNothingWorse) {
  const auto whole = file_text("tests/unit/rules/loader/every_construct.yaml");
  const std::string junk = "{}[]:,-#'\"\n\t &*!|>%@`0aZ\xc3\xff";
  std::mt19937 rng(4711);
  int loaded = 0, failed = 0;
  for (int round = 0; round < 150; ++round) {
    auto text = whole;
    for (auto n = rng() % 4; n > 0; --n) {
      const auto at = rng() % text.size();
      switch (rng() % 4) {
        case 0: text[at] = junk[rng() % junk.size()]; break;
        case 1: text.erase(at, rng() % 30); break;
        case 2: text.insert(at, 1, junk[rng() % junk.size()]); break;
        default: text.insert(at, text.substr(rng() % text.size(), rng() % 60)); break;
      }
    }
    const auto l = load_text(text);
    const bool errors = std::any_of(l.diagnostics.begin(), l.diagnostics.end(),
                                    [](const auto& d) { return d.severity == model::Severity::error; });
    EXPECT_EQ(l.rules == nullptr, errors) << text;
    ++(l.rules ? loaded : failed);
  }
  EXPECT_GT(loaded, 10);
  EXPECT_GT(failed, 50);
}

TEST(Loader, WorkloadWLoadsWithoutAWarning) {
  const auto l = load({Source{"w", file_text("tests/bench/workload_w.yaml")}}, {});
  EXPECT_THAT(said(l), IsEmpty());
  ASSERT_TRUE(l.rules);
  EXPECT_EQ(l.rules->rules.size(), 20u);
  EXPECT_EQ(l.now, "2026-01-15");
}

}  // namespace
}  // namespace coachd::rules
