// Deals with contacts and accounts around them, and rules that look at what is done with these, or one step up.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "tests/integration/hall_company.hpp"

namespace coachd::pipeline {

using model::Instant;
using model::StoredValue;
using model::Value;

inline const std::string around_rules = rule_file("quiet", R"(
  - {id: silent, kind: stale, for: {open: true}, when: {activity: {none_for: 14d, on: [record, contacts, account]}}, control: [flag]}
  - {id: alone, kind: stale, for: {open: true}, when: {activity: {none_for: 14d}}, control: [flag]}
)");

inline const std::string parent_rules = rule_file("quiet", R"(
  - {id: weak, kind: stale, for: {open: true}, when: {field: account.health_score, below: 50}, control: [flag]}
  - {id: unrated, kind: stale, for: {open: true}, when: {field: account.health_score, filled: false}, control: [flag]}
  - {id: fell, kind: stale, for: {open: true}, when: {field: Account.Health_Score__c, changed_within: 7d}, control: [flag]}
)");

class AroundDeals : public Company {
 public:
  explicit AroundDeals(const std::string& rules = around_rules, std::vector<std::string> sources = {"task", "event"})
      : Company(std::move(sources), rules) {}

  // With a contact and on an account, as Salesforce works it out; neither names the deal.
  void call(const std::string& id, const std::string& contact, const std::string& account,
            const std::string& by = "ana", bool deleted = false) {
    read("task", id,
         {{"WhoId", text(contact)},
          {"AccountId", text(account)},
          {"Subject", text("Call")},
          {"OwnerId", text(by)},
          {"IsClosed", StoredValue(Value::boolean(true))},
          {"TaskSubtype", text("Call")},
          {"CompletedDateTime", at(now)}},
         by, deleted);
    settle();
  }
  void named(const std::string& id, const std::string& deal, const std::string& contact, bool deleted = false) {
    read("contact_role", id, {{"OpportunityId", text(deal)}, {"ContactId", text(contact)}}, "ana", deleted);
    settle();
  }
  void account(const std::string& id, double score, bool deleted = false) {
    read("account", id, {{"Name", text("Account " + id)}, {"Health_Score__c", StoredValue(Value::number(score))}},
         "ana", deleted);
    settle();
  }
};

}  // namespace coachd::pipeline
