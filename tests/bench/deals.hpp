// A made-up pipeline of deals for benches of the hall: a million of them take 16 bytes each, and what happens to them
// is the same for the same seed. No thread of its own.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "connectors/connector.hpp"
#include "daemon/app/contexts.hpp"
#include "rules/model/description.hpp"
#include "rules/model/record.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::bench {

/// What a change does to the findings of its record.
enum class Effect : std::uint8_t { none, opens, mends };

class Deals {
 public:
  /// 30 in 100 are open; of those 5 in 100 have one fault.
  Deals(std::size_t n, std::size_t people, model::Instant now, unsigned seed = 7)
      : people_(people), now_(now), random_(seed), deals_(n) {
    for (std::size_t i = 0; i < n; ++i) {
      auto& d = deals_[i];
      d.stage = roll(100) < 30 ? static_cast<std::uint8_t>(roll(4)) : static_cast<std::uint8_t>(4 + roll(2));
      d.amount = static_cast<std::uint32_t>(1000 + roll(90'000));
      d.close_in = static_cast<std::int16_t>(10 + roll(80));
      if (!open(i)) continue;
      opened_.push_back(i);
      if (roll(100) < 5) break_one(i);
    }
  }

  [[nodiscard]] static std::vector<std::string> columns() {
    return {"Name",
            "OwnerId",
            "StageName",
            "Amount",
            "CloseDate",
            "NextStep",
            "ForecastCategoryName",
            "Champion__c",
            "Loss_Reason__c",
            "Procurement_Status__c",
            "Decision_Process__c",
            "Legal_Status__c",
            "Implementation_Risk__c"};
  }
  [[nodiscard]] std::size_t size() const noexcept { return deals_.size(); }
  [[nodiscard]] bool open(std::size_t i) const { return deals_[i].stage < 4; }

  /// One change: 70 in 100 leave the findings of the record alone (amount 40, next step 20, close date 10), 15 open a
  /// finding, 15 mend one. Some of the first move a mean so that a test of another record flips.
  std::pair<std::size_t, Effect> change() {
    const auto what = roll(100);
    if (what >= 85 && !broken_.empty()) {
      const auto at = roll(broken_.size());
      const auto i = std::exchange(broken_[at], broken_.back());
      broken_.pop_back();
      mend(i);
      return {i, Effect::mends};
    }
    auto i = opened_[roll(opened_.size())];
    while (deals_[i].fault != 0) i = opened_[roll(opened_.size())];
    auto& d = deals_[i];
    ++d.turn;
    if (what < 40)
      d.amount += static_cast<std::uint32_t>(1 + roll(500));
    else if (what < 60)
      d.step = static_cast<std::uint32_t>(1 + roll(1'000'000'000));
    else if (what < 70)
      ++d.close_in;
    else
      return break_one(i), std::pair{i, Effect::opens};
    return {i, Effect::none};
  }

  [[nodiscard]] model::RecordRow row(std::size_t i) const {
    using model::StoredValue;
    static const std::vector<std::string> stages{"Prospecting",        "Qualification", "Proposal/Price Quote",
                                                 "Negotiation/Review", "Closed Won",    "Closed Lost"};
    const auto& d = deals_[i];
    const bool late = d.stage >= 2;
    model::RecordRow r;
    r.id = model::RecordId(id(i));
    r.created = now_ - std::chrono::days(25);  // nothing is stale yet
    r.version = d.turn == 0 ? now_ - std::chrono::days(1) : now_ + std::chrono::seconds(d.turn);
    r.created_by = r.modified_by = model::PersonId(person(i % people_));
    const auto text = [](const char* t) { return StoredValue::text(t); };
    const auto today = std::chrono::floor<std::chrono::days>(now_);
    r.values = {StoredValue::text("Deal " + std::to_string(i)),
                StoredValue::text(person(i % people_)),
                StoredValue::text(stages[d.stage]),
                StoredValue(model::Value::number(static_cast<double>(d.amount))),
                StoredValue(model::Value::day(today + std::chrono::days(d.fault == 1 ? -3 : d.close_in))),
                d.fault == 2
                    ? text("tbd")
                    : StoredValue::text("Send the draft " + std::to_string(i * 31 + d.step) + " to Dana by Friday"),
                text(open(i) ? "Pipeline" : "Closed"),
                d.fault == 3 ? StoredValue(model::Value::blank()) : text("N. Ataman, CFO"),
                d.stage == 5 ? text("They chose to build it themselves") : StoredValue(model::Value::blank()),
                late ? text("With purchasing since Monday") : StoredValue(model::Value::blank()),
                text("Board meets monthly, then the CFO signs"),
                late ? text("Draft read by their counsel") : StoredValue(model::Value::blank()),
                text("low")};
    return r;
  }
  [[nodiscard]] static std::string id(std::size_t i) { return "006" + std::to_string(100'000'000'000'000 + i); }
  [[nodiscard]] static std::string person(std::size_t i) { return "005" + std::to_string(100'000'000'000'000 + i); }
  /// What a CRM's field history says of an open deal: it came to its stage 20 days ago.
  [[nodiscard]] connectors::HistoryItem past(std::size_t i) const {
    connectors::HistoryItem h;
    h.record = model::RecordId(id(i));
    h.field = "StageName";
    h.row.at = now_ - std::chrono::days(20);
    h.row.author = model::PersonId(person(i % people_));
    h.row.from = model::StoredValue::text("Prospecting");
    h.row.to = row(i).values[2];
    h.vendor_id = "017" + std::to_string(100'000'000'000'000 + i);
    return h;
  }

 private:
  struct Deal {
    std::uint32_t amount = 0;
    std::uint32_t step = 0;
    std::uint32_t turn = 0;
    std::int16_t close_in = 0;
    std::uint8_t stage = 0;
    std::uint8_t fault = 0;  // 1 past its close date, 2 a placeholder as next step, 3 no champion
  };

  std::size_t roll(std::size_t n) { return random_() % n; }
  void break_one(std::size_t i) {
    auto& d = deals_[i];
    d.fault = d.stage >= 2 ? static_cast<std::uint8_t>(1 + roll(3)) : std::uint8_t{1};  // the others count late only
    broken_.push_back(i);
  }
  void mend(std::size_t i) {
    auto& d = deals_[i];
    ++d.turn;
    d.fault = 0;
    d.step = static_cast<std::uint32_t>(1 + roll(1'000'000'000));
  }

  std::size_t people_;
  model::Instant now_;
  std::mt19937_64 random_;
  std::vector<Deal> deals_;
  std::vector<std::size_t> opened_, broken_;
};

/// The organisation those deals live in, and a connection that prompts at once and without a limit.
[[nodiscard]] inline model::Description organisation(std::size_t people) {
  model::Description d;
  d.organisation = "00D000000000001EAA";
  d.zone = "UTC";
  d.signed_in = model::PersonId("005coachd");
  model::ObjectDescription o{"Opportunity", "Opportunity", {}, {}, {}};
  using T = model::FieldType;
  for (const auto& name : Deals::columns()) {
    model::FieldDescription f;
    f.name = f.label = name;
    f.type = name == "OwnerId"                                       ? T::reference
             : name == "StageName" || name == "ForecastCategoryName" ? T::picklist
             : name == "Amount"                                      ? T::currency
             : name == "CloseDate"                                   ? T::date
                                                                     : T::text;
    o.fields.push_back(std::move(f));
  }
  o.pipelines = {{"",
                  "",
                  {{"Prospecting", "Prospecting"},
                   {"Qualification", "Qualification"},
                   {"Proposal/Price Quote", "Proposal/Price Quote"},
                   {"Negotiation/Review", "Negotiation/Review"},
                   {"Closed Won", "Closed Won", true, false},
                   {"Closed Lost", "Closed Lost", false, true}}}};
  d.objects.emplace("Opportunity", std::move(o));
  for (std::size_t i = 0; i < people; ++i) {
    model::Person p;
    p.id = model::PersonId(Deals::person(i));
    p.email = "p" + std::to_string(i) + "@example.com";
    d.people.emplace(p.id, p);
  }
  return d;
}

[[nodiscard]] inline app::ConnectionSetup connection() {
  app::ConnectionSetup setup;
  setup.name = "acme";
  setup.names.objects = {{"opportunity", "Opportunity"}};
  setup.names.fields["opportunity"] = {{"name", "Name"},
                                       {"owner", "OwnerId"},
                                       {"stage", "StageName"},
                                       {"amount", "Amount"},
                                       {"close_date", "CloseDate"},
                                       {"next_step", "NextStep"},
                                       {"forecast_category", "ForecastCategoryName"},
                                       {"champion", "Champion__c"},
                                       {"loss_reason", "Loss_Reason__c"},
                                       {"procurement_status", "Procurement_Status__c"},
                                       {"decision_process", "Decision_Process__c"},
                                       {"legal_status", "Legal_Status__c"},
                                       {"implementation_risk", "Implementation_Risk__c"}};
  for (const auto* milestone : {"qualified", "proposal", "negotiation"})
    setup.names.milestones["opportunity"][""][milestone] = {milestone == std::string("qualified") ? "Qualification"
                                                            : milestone == std::string("proposal")
                                                                ? "Proposal/Price Quote"
                                                                : "Negotiation/Review"};
  setup.hall.live = true;
  setup.hall.own_list = std::chrono::seconds(0);
  setup.hall.budget = {1'000'000, 1'000'000};
  setup.hall.hours.windows = {std::chrono::minutes(0)};
  setup.hall.hours.open_for = std::chrono::hours(24);
  setup.hall.hours.quiet_from = setup.hall.hours.quiet_to = std::chrono::minutes(0);
  setup.meetings = {"pipeline-review", "forecast-call"};
  return setup;
}

}  // namespace coachd::bench
