// Records beside a record: how many of them a condition holds for, and cards that they answer.
#include <gmock/gmock.h>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using testing::ElementsAre;
using testing::HasSubstr;
const std::string now = "2026-05-15T09:00:00Z";

std::string one(const std::string& when, const std::function<void(Bench&)>& prepare) {
  Bench b(lab::rule(when));
  prepare(b);
  return b.one(now);
}

TEST(Related, CountsThoseOfWhichTheConditionHolds) {
  const std::string rule = "{related: contact_role, count: {at_least: 2}, where: {field: role, is: Champion}}";
  const auto roles = [](std::initializer_list<const char*> all) {
    return [=](Bench& b) {
      b.none_beside();
      for (const char* r : all) b.beside({{"role", r}});
    };
  };
  EXPECT_EQ(one(rule, [](Bench&) {}), "?") << "not read";
  EXPECT_EQ(one(rule, roles({})), "no");
  EXPECT_EQ(one(rule, roles({"Champion", "Buyer"})), "no");
  EXPECT_EQ(one(rule, roles({"champion", "Buyer", "Champion"})), "yes");
  EXPECT_EQ(one(rule, roles({"Champion", "?"})), "?") << "it may be one, it may be two";
  EXPECT_EQ(one(rule, roles({"Champion", "Champion", "?"})), "yes");
  EXPECT_EQ(one(rule, roles({"Buyer", "?"})), "no") << "at most one";
  EXPECT_EQ(one("{related: contact_role, count: {at_most: 1}}", roles({"Buyer", "?"})), "no");
  EXPECT_EQ(one("{related: contact_role, count: {at_most: 0}, where: {field: role, is: Champion}}", roles({"Buyer"})),
            "yes");
  EXPECT_EQ(
      one("{related: contact_role, count: {is: 1}, where: {field: role, is: Champion}}", roles({"Champion", "?"})),
      "?");
  EXPECT_EQ(one("{related: contact_role, count: {above: 0, below: 3}}", roles({"a", "b"})), "yes");
  EXPECT_EQ(one("{related: contact_role}", roles({})), "no") << "at least one, where nothing is said";
  EXPECT_EQ(one("{not: {related: contact_role}}", roles({})), "yes");
  EXPECT_EQ(one("{related: contact_role, count: {at_least: {by_stage: {Qualification: 1, default: 3}}}}", roles({"a"})),
            "yes");
  EXPECT_EQ(one(rule,
                [&](Bench& b) {
                  roles({"Champion", "Champion"})(b);
                  b.c.related[0].known = false;
                }),
            "yes")
      << "two are there, whatever else is not known";
}

TEST(Related, TheOtherObjectHasItsOwnFieldsAndItsOwnTime) {
  Bench b(lab::rule("{related: task, where: {field: due, before: today}}"));
  const auto* tasks = b.loaded.rules->plan("task");
  ASSERT_NE(tasks, nullptr) << "there is a plan of what has no rules";
  EXPECT_THAT(b.plan->related, ElementsAre("task"));
  EXPECT_TRUE(tasks->find("due"));
  EXPECT_FALSE(b.plan->find("due"));
  EXPECT_TRUE(tasks->rules.empty());
  b.beside({{"due", "2026-05-20"}});
  const auto e = b.evaluate(now);
  EXPECT_TRUE(e.verdicts.empty());
  EXPECT_EQ(e.revisit_at, lab::at("2026-05-21T00:00:00Z"));
  EXPECT_EQ(b.one("2026-05-21T00:00:00Z"), "yes");
}

TEST(Related, SaysWhatItCountsAndWhatItMisses) {
  Bench b(lab::rule("{related: contact_role, count: {at_most: 0}, where: {field: role, is: Champion}}"));
  auto e = b.evaluate(now);
  EXPECT_EQ(e.verdicts.at(0).missing, "the contact roles of this record");
  b.beside({{"role", "?"}});
  e = b.evaluate(now);
  EXPECT_EQ(e.verdicts.at(0).missing, "of a contact role: `role` has not been read yet");
  b.c.related[0].records[0].values.assign(b.c.related[0].records[0].values.size(), model::Value::blank());
  e = b.evaluate(now);
  EXPECT_EQ(line(*b.loaded.rules, *b.plan, e.verdicts.at(0), b.c, b.facts, b.world, lab::at(now), "en").say,
            "Acme: it has no contact role where role is \"Champion\".");
  const auto told = explain(*b.loaded.rules, *b.plan, 0, b.c, b.facts, b.world, lab::at(now));
  EXPECT_EQ(told.parts.at(0).parts.at(0).saw, "1 contact role, 0 of them such");
}

TEST(Related, ADeniedCountIsSaidPlainly) {
  const auto denied = [](const std::string& count) {
    Bench b(lab::rule("{not: {related: contact_role" + count + "}}"));
    b.none_beside();
    const auto e = b.evaluate(now);
    return e.verdicts.empty()
               ? ""
               : line(*b.loaded.rules, *b.plan, e.verdicts[0], b.c, b.facts, b.world, lab::at(now), "en").say;
  };
  EXPECT_EQ(denied(""), "Acme: it has no contact role.");
  EXPECT_EQ(denied(", count: {at_least: 2}"), "Acme: it has fewer than 2 contact roles.");
  EXPECT_EQ(denied(", count: {above: 3}"), "Acme: it has at most 3 contact roles.");
  EXPECT_EQ(denied(", count: {is: 2}"), "Acme: it is not so that it has exactly 2 contact roles.");
}

TEST(Related, MistakesAreSaid) {
  const auto said = [](const std::string& when) {
    std::string out;
    for (const auto& d : load({Source{"f.yaml", lab::rule(when)}}, Bench::standard()).diagnostics)
      out += (out.empty() ? "" : "; ") + d.code + ": " + d.message;
    return out;
  };
  EXPECT_THAT(said("{count: {at_least: 1}}"), HasSubstr("missing-key: `count` belongs to `related`"));
  EXPECT_THAT(said("{where: {field: a, is: b}}"), HasSubstr("missing-key"));
  EXPECT_THAT(said("{related: contact_rol}"), HasSubstr("did you mean `contact_role`"));
  EXPECT_EQ(said("{related: Onboarding__c}"), "") << "a CRM's own name";
  EXPECT_THAT(said("{related: contact_role, count: {at_lest: 1}}"), HasSubstr("did you mean `at_least`"));
  EXPECT_THAT(said("{related: contact_role, count: {at_least: 1.5}}"), HasSubstr("a whole number"));
  EXPECT_THAT(said("{related: contact_role, count: {}}"), HasSubstr("no-test"));
  EXPECT_THAT(said("{related: contact_role, count: 2}"), HasSubstr("wrong-type"));
  EXPECT_THAT(said("{related: contact_role, where: {rol: x}}"), HasSubstr("unknown-key"));
  EXPECT_THAT(said("{related: task, where: {field: amount, times_owner_mean: {above: 2, at_least: 5}}}"),
              HasSubstr("cannot stand in `where`"));
}

TEST(Related, WhatTheConnectionLacksSwitchesTheRuleOff) {
  Binding b = Bench::standard();
  b.connection = "acme";
  b.names.objects = {{"opportunity", "Opportunity"}, {"contact_role", "OpportunityContactRole"}};
  b.names.fields["contact_role"] = {{"role", "Role"}};
  b.description.emplace();
  model::ObjectDescription opportunity;
  opportunity.name = "Opportunity";
  for (const char* f : {"Id", "Name", "OwnerId", "StageName", "CreatedDate"}) {
    model::FieldDescription d;
    d.name = f;
    opportunity.fields.push_back(d);
  }
  b.description->objects["Opportunity"] = opportunity;
  const auto off = load({Source{"f.yaml", lab::rule("{related: ticket}")}}, b);
  ASSERT_TRUE(off.rules);
  ASSERT_EQ(off.rules->off.size(), 1u);
  EXPECT_THAT(off.rules->off[0].why, HasSubstr("object `ticket` is unknown in acme"));
  const auto wrong = load({Source{"f.yaml", lab::rule("{related: tickett}")}}, b);
  ASSERT_FALSE(wrong.rules);
  EXPECT_THAT(wrong.diagnostics.at(0).message, HasSubstr("did you mean `ticket`"));
  for (const char* name : {"contact_role", "OpportunityContactRole"}) {
    const auto on =
        load({Source{"f.yaml", lab::rule(std::string("{related: ") + name + ", where: {field: role, is: x}}")}}, b);
    ASSERT_TRUE(on.rules);
    EXPECT_TRUE(on.rules->off.empty()) << "mapped, though it is not described: it cannot be told";
    const auto* plan = on.rules->plan("contact_role");
    ASSERT_NE(plan, nullptr);
    EXPECT_EQ(plan->crm_object, "OpportunityContactRole");
    EXPECT_EQ(plan->slots[*plan->find("role")].crm_name, "Role");
  }
}

TEST(Related, AnotherMapIsAnotherRule) {
  Binding a = Bench::standard(), b = Bench::standard();
  b.names.fields["contact_role"]["role"] = "Role__c";
  const auto text = lab::rule("{related: contact_role, where: {field: role, is: x}}");
  const auto hash = [&](const Binding& binding) {
    return load({Source{"f.yaml", text}}, binding).rules->rules[0].hash;
  };
  EXPECT_EQ(hash(a), hash(Bench::standard()));
  EXPECT_NE(hash(a), hash(b));
}

// The contract's card: the answer is no field.
const std::string champion = lab::head + R"(inspected_in: forecast-call
fields:
  champion:
    answered_by: {related: contact_role, count: {at_least: 1}, where: {field: role, is: Champion}}
    decision: Whether we can reach the buyer without the champion's help
    knowable_from: {stage: qualified}
    ask_from: {stage: proposal}
    needed_by: {stage: negotiation}
    ask: Who is the champion? We ask for the {meeting}.
)";

TEST(AnsweredBy, IsMissingWhereItDoesNotHold) {
  Bench b(champion);
  b.set("stage", "Negotiation");
  EXPECT_THAT(b.judge(now), ElementsAre("?timing:champion"));
  EXPECT_EQ(b.evaluate(now).verdicts[0].missing, "the contact roles of this record");
  b.none_beside();
  EXPECT_THAT(b.judge(now), ElementsAre("timing.missing:champion"));
  b.set("stage", "Proposal");
  EXPECT_THAT(b.judge(now), ElementsAre("timing.due:champion"));
  const auto e = b.evaluate(now);
  const auto text = line(*b.loaded.rules, *b.plan, e.verdicts[0], b.c, b.facts, b.world, lab::at(now), "en");
  EXPECT_EQ(text.say, "Acme: champion can be answered now.");
  EXPECT_EQ(text.ask, "Who is the champion? We ask for the forecast call.");
  EXPECT_TRUE(evidence(*b.loaded.rules, *b.plan, e.verdicts[0], b.c, b.facts, b.world, lab::at(now)).empty());
  const Case before = b.c;
  b.beside({{"role", "Champion"}});
  EXPECT_TRUE(b.judge(now).empty());
  EXPECT_TRUE(mended(*b.loaded.rules, *b.plan, 0, "timing.due:champion", before, b.c, b.facts, b.world, lab::at(now)));
  EXPECT_EQ(explain(*b.loaded.rules, *b.plan, 0, b.c, b.facts, b.world, lab::at(now)).outcome, model::Outcome::ok);
}

TEST(AnsweredBy, KeysOfAFieldCannotStandBesideIt) {
  const auto l =
      load({Source{"f.yaml", lab::head + "fields:\n  champion: {answered_by: {related: contact_role}, needed_by: "
                                         "{stage: proposal}, valid_for: 90d, placeholders: [tbd]}\n"}},
           Bench::standard());
  ASSERT_EQ(l.diagnostics.size(), 2u);
  EXPECT_EQ(l.diagnostics[0].code, "unknown-key");
}

}  // namespace
}  // namespace coachd::rules
