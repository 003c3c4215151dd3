// What is done with a record's contacts and on its account, and fields of the record one step up: read only where a
// test asks, and a change of what stands around makes exactly the records due for which it counts.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "connectors/hubspot/hubspot.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/evaluation.hpp"
#include "daemon/pipeline/hall.hpp"
#include "rules/model/description.hpp"
#include "tests/integration/hall_around.hpp"
#include "tests/integration/hall_company.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {
namespace {

TEST(HallAround, WhatIsDoneWithAContactCountsForItsDeals) {
  AroundDeals c;
  c.deal("d1");
  c.deal("d2");
  c.named("r1", "d1", "dana");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  const std::set<std::string> all{"d1 alone", "d1 silent", "d2 alone", "d2 silent"};
  EXPECT_EQ(c.open(), all);
  const auto woken = c.counter("woken_by_surroundings");
  c.call("t1", "dana", "");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d2 alone", "d2 silent"}));
  EXPECT_EQ(c.counter("woken_by_surroundings"), woken + 1) << "d1 alone has to do with it";
  c.named("r2", "d2", "dana");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d2 alone"}));
  c.named("r1", "d1", "dana", true);
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d1 silent", "d2 alone"})) << "she is no contact of it now";
  c.call("t1", "dana", "", "ana", true);
  EXPECT_EQ(c.open(), all);
}

TEST(HallAround, WhatIsDoneOnTheAccountCountsForItsDeals) {
  AroundDeals c;
  c.deal("d1", "ana", "acme");
  c.deal("d2", "ben", "other");
  c.loaded();
  c.go("2026-04-01T08:00:00Z");
  c.call("t1", "", "acme");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d2 alone", "d2 silent"}));
  c.call("t1", "", "other");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d1 silent", "d2 alone"}));
  c.deal("d1", "ana", "other");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d2 alone"}));
  c.go("2026-04-16T08:00:00Z");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d1 silent", "d2 alone", "d2 silent"}));
}

TEST(HallAround, OnlyWhereATestAsksIsItRead) {
  AroundDeals plain(R"(
version: 1
workflow: quiet
object: opportunity
owner: revops@example.com
rules:
  - {id: alone, kind: stale, when: {activity: {none_for: 14d}}, control: [flag]}
)");
  EXPECT_FALSE(plain.context->beside.contains("contact_role"));
  const auto columns = columns_to_read(*plain.context, "opportunity");
  EXPECT_EQ(std::count(columns.begin(), columns.end(), "AccountId"), 0);
  const auto& task = plain.context->beside.at("task");
  EXPECT_EQ(task.links.size(), 1u);
  const AroundDeals asks;
  EXPECT_TRUE(asks.context->beside.contains("contact_role"));
  EXPECT_EQ(asks.context->beside.at("task").links.size(), 3u);
  const auto names = app::objects_of({{"quiet.yaml", around_rules}}, asks.setup);
  EXPECT_EQ(names.beside, (std::vector<std::string>{"OpportunityContactRole", "Task", "Event"}));
}

TEST(HallAround, UntilTheContactsAreReadSilenceCannotBeTold) {
  AroundDeals c;
  c.deal("d1", "ana", "acme");
  c.hall->handle(FirstLoadDone{"acme"}, c.now);
  c.settle();
  c.go("2026-04-01T08:00:00Z");
  c.whole("task");
  c.whole("event");
  EXPECT_EQ(c.open(), std::set<std::string>{"d1 alone"});
  EXPECT_EQ(c.cannot_tell("silent"), 1);
  c.whole("contact_role");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 alone", "d1 silent"}));
}

// An e-mail stands on contacts and accounts by the task that goes with it.
TEST(HallAround, ASourceWhoseContactsNobodyTellsLeavesThemUntold) {
  AroundDeals c(around_rules, {"event"});
  EXPECT_TRUE(c.context->surrounded.at("opportunity").contacts->told);
  auto setup = c.setup;
  setup.activity_sources = {"email_message"};
  auto d = Company::description();
  d.objects.emplace("EmailMessage", model::ObjectDescription{"EmailMessage", "Email", {}, {}, {}});
  model::FieldDescription to;
  to.name = "RelatedToId";
  to.type = model::FieldType::reference;
  d.objects.at("EmailMessage").fields.push_back(to);
  const auto told = [&] {
    const auto built = app::build_context({{"quiet.yaml", around_rules}}, setup, d, *c.store, false, c.now);
    return built.context->surrounded.at("opportunity").contacts->told;
  };
  EXPECT_FALSE(told());
  setup.activity_sources.emplace_back("task");
  EXPECT_TRUE(told());
}

TEST(HallAround, AFieldOneStepUpIsThatOfTheAccount) {
  AroundDeals c(parent_rules);
  c.deal("d1", "ana", "acme");
  c.deal("d2", "ana", "");
  c.loaded();
  c.go("2026-03-15T08:00:00Z");
  EXPECT_EQ(c.open(), std::set<std::string>{"d2 unrated"});
  EXPECT_EQ(c.cannot_tell("weak"), 1) << "the account has not been read";
  c.account("acme", 80);
  EXPECT_EQ(c.cannot_tell("weak"), 0);
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 fell", "d2 unrated"})) << "the account is new, and so is its score";
  c.go("2026-03-25T08:00:00Z");
  EXPECT_EQ(c.open(), std::set<std::string>{"d2 unrated"});
  c.account("acme", 40);
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 fell", "d1 weak", "d2 unrated"}));
  c.go("2026-04-05T08:00:00Z");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 weak", "d2 unrated"}));
  c.deal("d2", "ana", "acme");
  EXPECT_EQ(c.open(), (std::set<std::string>{"d1 weak", "d2 weak"}));
  c.account("acme", 40, true);
  EXPECT_EQ(c.open(), std::set<std::string>{}) << "of an account that is gone nothing can be told";
}

// The same rules on HubSpot, where contacts and companies are associations of the deal and of the engagement.
TEST(HallAround, OnHubSpotAssociationsAreReadForIt) {
  const AroundDeals c;  // lends its store
  auto setup = acme();
  const auto names = hubspot::default_names();
  setup.names = {};
  setup.names.objects = names.objects;
  setup.names.fields = names.fields;
  setup.activity_sources = {"task", "call"};
  setup.around = hubspot::make_surroundings();
  model::Description d;
  d.zone = "UTC";
  for (const auto& [object, properties] :
       std::map<std::string, std::vector<std::string>>{{"deals", {"dealname", "dealstage", "hubspot_owner_id"}},
                                                       {"companies", {"name", "score"}},
                                                       {"tasks", {}},
                                                       {"calls", {}}}) {
    auto& o = d.objects[object];
    o.name = object;
    for (const auto& property : properties) {
      model::FieldDescription f;
      f.name = f.label = property;
      f.type = property == "score" ? model::FieldType::number : model::FieldType::text;
      o.fields.push_back(f);
    }
  }
  d.objects.at("deals").pipelines = {{"default", "Sales", {{"open", "Open"}, {"won", "Won", true, false}}}};
  const std::string rules =
      around_rules + "  - {id: weak, kind: stale, when: {field: account.score, below: 50}, control: [flag]}\n";
  const auto built = app::build_context({{"hs.yaml", rules}}, setup, d, *c.store, false, c.now);
  ASSERT_TRUE(built.context) << (built.diagnostics.empty() ? "" : built.diagnostics[0].message);
  const auto columns = columns_to_read(*built.context, "opportunity");
  for (const char* column : {"associations.contacts", "associations.companies", "associations.companies.primary"})
    EXPECT_NE(std::find(columns.begin(), columns.end(), column), columns.end()) << column;
  EXPECT_EQ(std::count(columns.begin(), columns.end(), "account.score"), 0);
  const auto calls = columns_to_read(*built.context, "call");
  for (const char* column : {"associations.deals", "associations.contacts", "associations.companies"})
    EXPECT_NE(std::find(calls.begin(), calls.end(), column), calls.end()) << column;
  const auto companies = columns_to_read(*built.context, "account");
  EXPECT_NE(std::find(companies.begin(), companies.end(), "score"), companies.end());
  const auto& around = built.context->surrounded.at("opportunity");
  EXPECT_TRUE(around.contacts->told);
  EXPECT_TRUE(around.account->told);
  EXPECT_EQ(app::objects_of({{"hs.yaml", rules}}, setup).beside,
            (std::vector<std::string>{"companies", "tasks", "calls"}));
}

TEST(HallAround, AnAccountsChangeIsItsDealsAlone) {
  AroundDeals c(parent_rules);
  c.deal("d1", "ana", "acme");
  c.deal("d2", "ana", "acme");
  c.deal("d3", "ana", "other");
  c.loaded();
  c.account("other", 90);
  const auto evaluations = c.counter("evaluations");
  c.account("acme", 40);
  EXPECT_EQ(c.counter("evaluations"), evaluations + 2);
}

TEST(HallAround, WhatTheParentDoesNotHaveIsSaid) {
  const AroundDeals c(parent_rules);
  const auto load = [&](const std::string& field, const model::Description& d) {
    const auto text =
        "version: 1\nworkflow: q\nobject: opportunity\nowner: r@example.com\nrules:\n  - {id: x, kind: "
        "stale, when: {field: " +
        field + ", filled: false}, control: [flag]}\n";
    return app::build_context({{"q.yaml", text}}, c.setup, d, *c.store, false, c.now);
  };
  const auto unknown = load("account.Helth_Score__c", Company::description());
  ASSERT_FALSE(unknown.context);
  EXPECT_EQ(unknown.diagnostics[0].message,
            "unknown field `Helth_Score__c` of account: did you mean `account.Health_Score__c`?");
  auto d = Company::description();
  d.objects.erase("Account");
  const auto off = load("account.Health_Score__c", d);
  ASSERT_TRUE(off.context);
  ASSERT_EQ(off.context->rules->off.size(), 1u);
  EXPECT_EQ(off.context->rules->off[0].why,
            "`account.Health_Score__c` stands on another object, and acme does not show `Account`");
}

TEST(HallAround, WhatPeopleWriteIsReadOnlyWherePromptsQuoteIt) {
  const std::string rules = R"(
version: 1
workflow: quiet
object: opportunity
owner: revops@example.com
quote_notes: 14d
rules:
  - {id: no-step, kind: stale, for: {open: true}, when: {field: next_step, real: false}, control: [flag]}
)";
  AroundDeals c(rules.c_str());
  c.deal("d1");
  c.loaded();
  const auto write = [&](const std::string& id, const std::string& by, const std::string& body) {
    c.read("task", id,
           {{"WhatId", text("d1")},
            {"Description", text(body)},
            {"OwnerId", text(by)},
            {"IsClosed", StoredValue(Value::boolean(true))},
            {"CompletedDateTime", at(c.now)}},
           by);
    c.settle();
  };
  write("t1", "ana", "<p>Call with Dana.</p><p>I'll send the offer on Friday.</p>");
  write("t2", "bot", "Sent by a machine on Friday");
  const auto seen = view_record(*c.context, *c.store->open_reader()->snapshot(), "opportunity", "d1", c.now);
  ASSERT_EQ(seen.built->value.notes.size(), 1u);
  EXPECT_EQ(seen.built->value.notes[0].by, "ana");
  EXPECT_EQ(seen.built->value.notes[0].text, "Call with Dana.\nI'll send the offer on Friday.\n");
  EXPECT_TRUE(seen.built->value.activities.items.empty()) << "no test asks for them";
  const AroundDeals plain(parent_rules);
  EXPECT_FALSE(plain.context->beside.contains("task"));
}

}  // namespace
}  // namespace coachd::pipeline
