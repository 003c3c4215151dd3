// A company of few deals in front of a hall: deals, tasks, meetings, contact roles and accounts enter the journal one
// by one, as a connector reads them. Observe mode; nothing goes out.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/delivery.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/intake.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/description.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_fixture.hpp"

namespace coachd::pipeline {

using Cells = std::map<std::string, model::StoredValue>;

inline const std::string quiet_rules = rule_file("quiet", R"(
  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 14d}}, control: [flag]}
  - {id: no-plan, kind: stale, for: {open: true}, when: {next_activity: {none_within: 30d}}, control: [flag]}
  - {id: no-champion, kind: stale, for: {open: true}, when: {not: {related: contact_role, count: {at_least: 1}, where: {field: role, is: Champion}}}, control: [flag]}
)");

class Nowhere final : public Outside {
 public:
  void write(Batch) override { ADD_FAILURE() << "observe mode wrote"; }
  void find(std::string, std::vector<connectors::PromptItem>) override { ADD_FAILURE() << "observe mode asked"; }
  void read(const std::string&) override { ADD_FAILURE() << "nobody hinted at anything"; }
};

inline model::StoredValue text(const std::string& t) {
  return t.empty() ? model::StoredValue(model::Value::blank()) : model::StoredValue::text(t);
}
inline model::StoredValue at(model::Instant i) {
  return model::StoredValue(model::Value::instant(i));
}

// A company of few deals in front of a hall.
class Company {
 public:
  explicit Company(std::vector<std::string> sources = {"task", "event"}, std::string rules = quiet_rules)
      : rules_(std::move(rules)) {
    setup.names = {};
    const auto names = salesforce::default_names();
    setup.names.objects = names.objects;
    setup.names.fields = names.fields;
    setup.names.fields["account"]["health_score"] = "Health_Score__c";
    setup.activity_sources = std::move(sources);
    setup.around = salesforce::make_surroundings();
    store = open_store(folder.path());
    hall.emplace(*store, nowhere);
    connect();
  }
  ~Company() {
    hall.reset();
    store->stop();
    store.reset();
  }
  Company(const Company&) = delete;
  Company& operator=(const Company&) = delete;

  static model::Description description() {
    auto d = org();
    d.signed_in = model::PersonId("bot");
    model::Person bot;
    bot.id = d.signed_in;
    bot.human = false;
    d.people.emplace(bot.id, bot);
    const auto object = [&](const char* name, const std::vector<std::string>& lookups,
                            const std::vector<std::string>& others) {
      model::ObjectDescription o{name, name, {}, {}, {}};
      const auto add = [&](const std::vector<std::string>& fields, model::FieldType type) {
        for (const auto& f : fields) {
          model::FieldDescription field;
          field.name = field.label = f;
          field.type = type;
          o.fields.push_back(field);
        }
      };
      add(lookups, model::FieldType::reference);
      add(others, model::FieldType::text);
      d.objects.emplace(name, o);
    };
    object("Task", {"WhatId", "WhoId", "AccountId", "OwnerId"}, {"Subject", "Description"});
    object("Event", {"WhatId", "WhoId", "AccountId", "OwnerId"}, {"Subject"});
    object("OpportunityContactRole", {"OpportunityId", "ContactId"}, {"Role"});
    object("Account", {"OwnerId"}, {"Name", "Region__c"});
    model::FieldDescription score;
    score.name = "Health_Score__c";
    score.label = "Health Score";
    score.type = model::FieldType::number;
    d.objects.at("Account").fields.push_back(score);
    model::FieldDescription account;
    account.name = account.label = "AccountId";
    account.type = model::FieldType::reference;
    d.objects.at("Opportunity").fields.push_back(account);
    return d;
  }

  void connect() {
    auto built = app::build_context({{"quiet.yaml", rules_}}, setup, description(), *store, true, now);
    ASSERT_TRUE(built.context) << (built.diagnostics.empty() ? "" : built.diagnostics[0].message);
    context = built.context;
    hall->connect(context, now);
    settle();
  }
  void loaded() {
    for (const auto& [object, beside] : context->beside) whole(object);
    hall->handle(FirstLoadDone{"acme"}, now);
    settle();
  }
  void whole(const std::string& object) {
    hall->handle(BesideRead{"acme", context->beside.at(object).whole}, now);
    settle();
  }
  void settle() {
    for (int i = 0; hall->step(now); ++i) ASSERT_LT(i, 1000) << "the hall does not come to rest";
  }
  void go(const char* instant) { go(*model::parse_instant(instant)); }
  void go(model::Instant instant) {
    now = instant;
    settle();
  }

  // A record enters the journal; what is not named is blank.
  void read(const std::string& object, const std::string& id, const Cells& cells, const std::string& by,
            bool deleted = false, const std::string& merged_into = "") {
    connectors::Page page;
    page.columns = columns_to_read(*context, object);
    model::RecordRow row;
    row.id = model::RecordId(id);
    row.version = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::milliseconds(++version);
    const auto known = made.try_emplace(id, now, by).first->second;
    row.created = known.first;
    row.created_by = model::PersonId(known.second);
    row.modified_by = model::PersonId(by);
    row.deleted = deleted;
    row.merged_into = model::RecordId(merged_into);
    for (const auto& column : page.columns) {
      const auto cell = cells.find(column);
      row.values.push_back(cell == cells.end() ? model::StoredValue(model::Value::blank()) : cell->second);
    }
    page.rows.push_back(std::move(row));
    auto unit = intake_records(store->dictionary(), "acme", object, page,
                               number_columns(store->dictionary(), "acme", object, page.columns), "read", now);
    unit.epoch = store->epoch();
    ASSERT_EQ(store::apply_and_wait(*store, std::move(unit)), store::Applied::done);
  }
  void deal(const std::string& id, const std::string& owner = "ana", const std::string& account = "") {
    read("opportunity", id,
         {{"Name", text("Deal " + id)},
          {"OwnerId", text(owner)},
          {"StageName", text("Late")},
          {"AccountId", text(account)}},
         owner);
    settle();
  }
  void task(const std::string& id, const std::string& deal, bool closed, const std::string& by,
            const std::string& subject = "Call about the offer", bool deleted = false) {
    read("task", id,
         {{"WhatId", text(deal)},
          {"Subject", text(subject)},
          {"OwnerId", text(by)},
          {"IsClosed", model::StoredValue(model::Value::boolean(closed))},
          {"TaskSubtype", text("Call")},
          {"ActivityDate", model::StoredValue(model::Value::day(std::chrono::floor<std::chrono::days>(now)))},
          {"CompletedDateTime", closed ? at(now) : model::StoredValue(model::Value::blank())}},
         by, deleted);
    settle();
  }
  void meeting(const std::string& id, const std::string& deal, model::Instant start, const std::string& by) {
    read("event", id, {{"WhatId", text(deal)}, {"OwnerId", text(by)}, {"StartDateTime", at(start)}}, by);
    settle();
  }
  void role(const std::string& id, const std::string& deal, const std::string& role, bool deleted = false) {
    read("contact_role", id, {{"OpportunityId", text(deal)}, {"Role", text(role)}}, "ana", deleted);
    settle();
  }

  // "record rule" of what is open.
  [[nodiscard]] std::set<std::string> open() const {
    std::set<std::string> out;
    for (const auto& f : store->open_reader()->snapshot()->open_findings("acme", 1000))
      out.insert(f.record + " " + f.finding);
    return out;
  }
  [[nodiscard]] std::string ended_how(const std::string& record, const std::string& finding) const {
    for (const auto& f : store->open_reader()->snapshot()->findings_of("acme", "opportunity", record))
      if (f.finding == finding) return f.ended ? f.ended_how : "open";
    return "never";
  }
  [[nodiscard]] std::int64_t cannot_tell(const std::string& rule) const {
    std::int64_t count = 0;
    for (const auto& c : store->open_reader()->snapshot()->cannot_tell())
      if (c.rule == "quiet/" + rule) count += c.delta;
    return count;
  }
  [[nodiscard]] std::int64_t counter(const std::string& name) const {
    for (const auto& [counted, n] : store->open_reader()->snapshot()->counters())
      if (counted == name) return n;
    return 0;
  }

  TemporaryFolder folder;
  app::ConnectionSetup setup = acme();
  std::unique_ptr<store::sqlite::SqliteStore> store;
  Nowhere nowhere;
  std::optional<Hall> hall;
  std::shared_ptr<const Context> context;
  model::Instant now = *model::parse_instant("2026-03-02T08:00:00Z");
  int version = 0;
  std::map<std::string, std::pair<model::Instant, std::string>> made;  // by record: when, by whom

 private:
  std::string rules_;
};

}  // namespace coachd::pipeline
