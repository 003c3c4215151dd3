// A desk for tests of detectors: one rule with `detect:`, records put on it one by one, and what was found.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rules/engine/detect.hpp"
#include "rules/loader/loader.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules::desk {

inline model::Instant at(const std::string& t) {
  return *model::parse_instant(t);
}

struct Change {
  std::string field;
  model::Instant at;
  std::string author;
  std::string from;
  std::string to;
};

struct Row {
  std::string id;
  std::map<std::string, std::string> values;  ///< ISO dates and instants are read as such in date columns
  std::string created = "2025-01-10T08:00:00Z";
  std::string created_by = {};
  std::vector<Change> changes = {};  ///< ascending; `to` of the last one is the value
  std::string history_since = {};    ///< "": since it was created
  bool history = true;
  std::vector<std::pair<std::string, std::string>> activities = {};  ///< person, when; ascending
  bool activities_known = true;
  std::vector<std::pair<std::string, std::string>> reviews = {};
  std::vector<std::string> unread = {};  ///< fields that were not read with the record
};

/// A rule `r` of one object with `detect: NAME` and the text of `with`.
class Desk {
 public:
  Desk(const std::string& object, const std::string& detect, const std::string& with = "",
       const std::string& scope = "", Binding binding = {}) {
    std::string yaml = "version: 1\nworkflow: w\nobject: " + object + "\nowner: o@example.com\n";
    yaml += "stages: [Prospecting, Proposal, Negotiation, {name: Won, won: true}, {name: Lost, lost: true}]\n";
    yaml += "rules:\n  - id: r\n    kind: workaround\n    control: [flag]\n    detect: " + detect + '\n';
    if (!with.empty()) yaml += "    with: " + with + '\n';
    if (!scope.empty()) yaml += "    for: " + scope + '\n';
    for (const char* f : {"close_date", "due", "due_date", "activity_date", "converted", "completed"})
      binding.column_types.emplace(f, model::FieldType::date);
    for (const char* f : {"logged", "done_at"}) binding.column_types.emplace(f, model::FieldType::datetime);
    loaded = load({Source{"test.yaml", yaml}}, binding);
    for (const auto& d : loaded.diagnostics) errors += yaml::render(d, false);
    if (!loaded.rules) return;
    plan = loaded.rules->plan(object);
    world.stages.emplace(object, StageTable(loaded.stages.begin()->second));
    object_ = object;
  }

  void person(const std::string& id, const std::string& job, const std::string& team = "", bool human = true) {
    model::Person p;
    p.id = model::PersonId(id);
    p.name = p.email = id;
    p.job = job;
    p.team = team;
    p.human = human;
    world.people.emplace(id, p);
  }

  void see(const Row& row) {
    if (!run_) run_ = std::make_unique<DetectorRun>(*loaded.rules, *plan, world, now);
    Case c;
    c.object = object_;
    c.id = row.id;
    c.created = at(row.created);
    c.created_by = row.created_by;
    c.values.assign(plan->slots.size(), model::Value::blank());
    if (row.history) {
      c.past.assign(plan->slots.size(), {});
      for (auto& p : c.past) p.known_since = row.history_since.empty() ? *c.created : at(row.history_since);
    }
    for (const auto& [name, text] : row.values)
      if (const auto slot = plan->find(name)) c.values[*slot] = value(*slot, text);
    for (const auto& change : row.changes) {
      const auto slot = plan->find(change.field);
      if (!slot || !row.history) continue;
      FieldChange f;
      f.at = change.at;
      f.author = change.author;
      f.from = value(*slot, change.from);
      f.to = value(*slot, change.to);
      c.past[*slot].changes.push_back(f);
      c.values[*slot] = f.to;
    }
    for (const auto& name : row.unread)
      if (const auto slot = plan->find(name)) c.values[*slot] = model::Value::unread();
    if (row.activities_known) c.activities.known_since = *c.created;
    for (const auto& [who, when] : row.activities) c.activities.items.push_back({.at = at(when), .by = who});
    if (row.activities_known) c.reviews_known_since = *c.created;
    for (const auto& [who, when] : row.reviews) c.reviews.push_back({.at = at(when), .by = who});
    run_->see(c, Facts(plan->facts.size()));
  }

  Detection conclude(const Evidence& evidence = {}) {
    if (!run_) run_ = std::make_unique<DetectorRun>(*loaded.rules, *plan, world, now);
    auto answers = run_->conclude(evidence);
    run_.reset();
    return std::move(answers.at(0).detection);
  }
  std::vector<std::string> keys(const Evidence& evidence = {}) {
    std::vector<std::string> out;
    last = conclude(evidence);
    for (const auto& f : last.findings) out.push_back(f.key);
    return out;
  }

  Loaded loaded;
  std::string errors;
  const ObjectPlan* plan = nullptr;
  World world;
  model::Instant now = at("2026-05-04T09:00:00Z");
  Detection last;

 private:
  [[nodiscard]] model::Value value(Slot slot, const std::string& t) const {
    if (t.empty()) return model::Value::blank();
    const auto type = plan->slots[slot].type;
    if (type == model::FieldType::date) return model::Value::day(*model::parse_day(t));
    if (type == model::FieldType::datetime) return model::Value::instant(at(t));
    return model::Value::text(t);
  }
  std::string object_;
  std::unique_ptr<DetectorRun> run_;
};

}  // namespace coachd::rules::desk
