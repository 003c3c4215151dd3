// Records out of a seed: each field by its type, with a past, activities, reviews and what stands beside it, in a world
// with a zone that changes its clock, people, meetings and the ages of won records. The same seed gives the same.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

class GeneratedCases {
 public:
  explicit GeneratedCases(std::uint32_t seed) : random_(seed) {}

  /// An instant of the spring of 2026.
  model::Instant moment() { return first_ + std::chrono::seconds(roll(120U * 86'400U)); }
  std::chrono::seconds length() { return std::chrono::seconds(1 + roll(90U * 86'400U)); }

  Case make(const RuleSet& rules, const ObjectPlan& plan, bool beside = true) {
    Case c;
    c.connection = "acme";
    c.object = plan.object;
    c.id = "006A";
    if (roll(8) != 0) c.created = moment();
    c.created_by = who();
    if (roll(3) != 0) c.modified = moment();
    for (std::size_t s = 0; s < plan.slots.size(); ++s) c.values.push_back(value(plan, s));
    if (roll(6) != 0) history(plan, c);
    activities(c);
    for (const auto& name : plan.related) {
      if (!beside) break;
      auto& others = c.related.emplace_back();
      others.known = roll(4) != 0;
      for (auto n = roll(4); others.known && n > 0; --n)
        if (const auto* other = rules.plan(name)) others.records.push_back(make(rules, *other, false));
    }
    return c;
  }
  Facts facts(const ObjectPlan& plan) {
    Facts out(plan.facts.size());
    for (auto& f : out) {
      f.known = roll(4) != 0;
      f.count = 1 + roll(9);
      f.sum = static_cast<double>(roll(200'000)) - 500;
    }
    return out;
  }
  World world(const std::vector<std::pair<std::string, std::vector<model::Pipeline>>>& stages) {
    World w;
    if (roll(2) == 0)
      w.calendar = calendar::Calendar({"Test",
                                       {{model::Instant::min(), std::chrono::seconds(3600)},
                                        {first_ + std::chrono::hours(2089), std::chrono::seconds(7200)}}},
                                      {std::chrono::floor<std::chrono::days>(first_) + std::chrono::days(60)},
                                      1 + static_cast<int>(roll(12)), 1);
    for (const auto& [object, pipelines] : stages) w.stages.emplace(object, StageTable(pipelines));
    for (const char* id : {"ana", "li"}) {
      auto& p = w.people[id];
      p.id = model::PersonId(id);
      p.email = std::string(id) + "@example.com";
      p.job = id == std::string_view("ana") ? "rep" : "manager";
      p.team = "North";
      p.active = roll(5) != 0;
      if (p.job == "rep" && roll(3) != 0) p.manager = model::PersonId("li");
    }
    w.integration_users.emplace_back("robot");
    if (roll(3) != 0) w.meetings["forecast-call"][roll(2) == 0 ? "" : "li"] = moment();
    if (roll(2) == 0)
      for (const auto& [object, pipelines] : stages)
        for (const auto& p : pipelines)
          for (const auto& s : p.stages)
            for (int i = 1; i <= 40; ++i) w.stage_ages[object][{p.name, s.name}].add(std::chrono::hours(20 * i));
    return w;
  }

 private:
  std::uint32_t roll(std::uint32_t n) { return static_cast<std::uint32_t>(random_()) % n; }
  std::string_view who() { return std::array<std::string_view, 4>{"ana", "li", "robot", ""}[roll(4)]; }
  // Dates lie ahead of the instants, too.
  model::Value day() {
    return model::Value::day(std::chrono::floor<std::chrono::days>(first_) + std::chrono::days(roll(240)));
  }
  model::Value text() {
    static constexpr std::array<std::string_view, 11> words{
        "Call Dana", "call dana", "tbd", "n/a", "xxx", "Web", "Event", "Board meeting on 4 May", "-", "Unknown",
        "commit"};
    return model::Value::text(words[roll(words.size())]);
  }
  model::Value number() {
    static constexpr std::array<double, 7> numbers{0, 1, -3, 99.5, 1000, 250'000, 1e15};
    return model::Value::number(numbers[roll(numbers.size())]);
  }

  model::Value value(const ObjectPlan& plan, std::size_t s) {
    static constexpr std::array<std::string_view, 7> stages{
        "Prospecting", "Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost", "No such stage"};
    const bool box = plan.slots[s].type == model::FieldType::boolean;
    if (const auto luck = roll(10); luck < 1 || (luck < 3 && !box))
      return luck == 0 ? model::Value::unread() : model::Value::blank();
    if (s == plan.stage) return model::Value::text(stages[roll(stages.size())]);
    if (s == plan.owner) return model::Value::text(roll(3) == 0 ? "li" : "ana");
    switch (plan.slots[s].type) {
      case model::FieldType::boolean: return model::Value::boolean(roll(2) == 0);
      case model::FieldType::number:
      case model::FieldType::currency:
      case model::FieldType::percent: return number();
      case model::FieldType::date: return day();
      case model::FieldType::datetime: return model::Value::instant(moment());
      case model::FieldType::unknown: break;
      default: return text();
    }
    switch (roll(4)) {  // a column of an export may hold anything
      case 0: return number();
      case 1: return day();
      default: return text();
    }
  }

  void history(const ObjectPlan& plan, Case& c) {
    static constexpr std::array sources{model::HistorySource::vendor, model::HistorySource::diff,
                                        model::HistorySource::created};
    static constexpr std::array origins{Origin::unknown, Origin::person, Origin::automation, Origin::import,
                                        Origin::integration};
    c.past.resize(plan.slots.size());
    for (std::size_t s = 0; s < plan.slots.size(); ++s) {
      auto& past = c.past[s];
      if (roll(4) != 0) past.known_since = moment();
      std::vector<model::Instant> when;
      for (auto n = roll(5); n > 0; --n)
        when.push_back(!when.empty() && roll(4) == 0 ? when.back() + std::chrono::seconds(roll(4)) : moment());
      std::sort(when.begin(), when.end());
      auto before = value(plan, s);
      for (const auto at : when) {
        FieldChange change;
        change.at = at;
        change.author = who();
        change.source = sources[roll(sources.size())];
        change.origin = origins[roll(origins.size())];
        change.from = before;
        change.to = before = value(plan, s);
        past.changes.push_back(change);
      }
      if (!when.empty()) c.values[s] = before;
    }
  }

  void activities(Case& c) {
    for (auto n = roll(5); n > 0; --n)
      c.activities.items.push_back(
          {moment(), who(), static_cast<Activity::Kind>(roll(5)), static_cast<Activity::On>(roll(3)), roll(3) != 0});
    std::sort(c.activities.items.begin(), c.activities.items.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
    if (roll(4) != 0) c.activities.known_since = moment();
    c.activities.contacts = c.activities.account = roll(5) != 0;
    for (auto n = roll(3); n > 0; --n) c.reviews.push_back({moment(), who()});
    std::sort(c.reviews.begin(), c.reviews.end(), [](const auto& a, const auto& b) { return a.at < b.at; });
    if (roll(3) != 0) c.reviews_known_since = moment();
  }

  std::mt19937 random_;
  const model::Instant first_{std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)};
};

}  // namespace coachd::rules
