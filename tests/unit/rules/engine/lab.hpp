// A bench for tests of rules: a rule text, one record made of plain values, and what the rules say about it.
#pragma once

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "rules/engine/evaluate.hpp"
#include "rules/loader/loader.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules::lab {

inline model::Instant at(const std::string& t) {
  return *model::parse_instant(t);
}

inline std::vector<model::Pipeline> stages() {
  model::Pipeline p;
  for (const char* name : {"Prospecting", "Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost"}) {
    model::Stage s;
    s.name = s.label = name;
    s.won = s.name == "Closed Won";
    s.lost = s.name == "Closed Lost";
    p.stages.push_back(s);
  }
  return {p};
}

/// Rules and world of one test. Texts of values live as long as the bench.
class Bench {
 public:
  explicit Bench(const std::string& yaml, Binding binding = standard()) : binding_(std::move(binding)) {
    loaded = load({Source{"test.yaml", yaml}}, binding_);
    std::string errors;
    for (const auto& d : loaded.diagnostics) errors += yaml::render(d, false);
    if (!loaded.rules) {
      ADD_FAILURE() << errors;
      return;
    }
    plan = loaded.rules->plan("opportunity");
    world.stages.emplace("opportunity", StageTable(binding_.stages.empty() ? loaded.stages["opportunity"]
                                                                           : binding_.stages["opportunity"]));
    c.object = "opportunity";
    c.id = "006A";
    c.values.assign(plan->slots.size(), model::Value::blank());
    c.past.assign(plan->slots.size(), {});
    facts.assign(plan->facts.size(), {});
    c.created = at("2026-01-01T08:00:00Z");
    c.created_by = "ana";
    set("stage", "Qualification");
    set("owner", "ana");
    set("name", "Acme");
  }
  static Binding standard() {
    Binding b;
    b.stages["opportunity"] = stages();
    b.names.milestones["opportunity"][""] = {
        {"qualified", {"Qualification"}}, {"proposal", {"Proposal"}}, {"negotiation", {"Negotiation"}}};
    for (const char* f : {"close_date", "contract_end", "waiting_until"}) b.column_types[f] = model::FieldType::date;
    for (const char* f : {"amount", "pushes"}) b.column_types[f] = model::FieldType::number;
    return b;
  }

  [[nodiscard]] Slot slot(const std::string& name) const { return plan->find(name).value_or(no_slot); }
  model::Value value(const std::string& t) {
    if (t.empty()) return model::Value::blank();
    if (const auto day = model::parse_day(t)) return model::Value::day(*day);
    if (t.size() > 10 && model::parse_instant(t)) return model::Value::instant(*model::parse_instant(t));
    double d = 0;
    std::size_t used = 0;
    try {
      d = std::stod(t, &used);
    } catch (...) {
      used = 0;
    }
    if (used == t.size()) return model::Value::number(d);
    return model::Value::text(texts_.emplace_back(t));
  }
  /// The present value; a field that no rule names is passed over.
  Bench& set(const std::string& name, const std::string& t) {
    if (slot(name) != no_slot) c.values[slot(name)] = value(t);
    return *this;
  }
  Bench& unread(const std::string& name) {
    if (slot(name) != no_slot) c.values[slot(name)] = model::Value::unread();
    return *this;
  }
  /// A change in history; the last one also sets the present value. A field that no rule names is passed over.
  Bench& change(const std::string& name, const std::string& when, const std::string& to,
                const std::string& author = "ana") {
    if (slot(name) == no_slot) return *this;
    auto& past = c.past[slot(name)];
    FieldChange f;
    f.at = at(when);
    f.author = texts_.emplace_back(author);
    f.from = c.values[slot(name)];
    f.to = value(to);
    past.changes.push_back(f);
    c.values[slot(name)] = f.to;
    return *this;
  }
  /// Something that was done (or is planned); REQUIRES: in order of time. All of them are known since `since`.
  Bench& activity(const std::string& when, const std::string& by = "ana", bool done = true,
                  Activity::On on = Activity::On::record, Activity::Kind kind = Activity::Kind::call) {
    c.activities.items.push_back({at(when), texts_.emplace_back(by), kind, on, done});
    return *this;
  }
  Bench& activities_since(const std::string& since) {
    c.activities.known_since = at(since);
    return *this;
  }
  /// A record of the object number `index` of those beside this one.
  Bench& beside(const std::vector<std::pair<std::string, std::string>>& values, std::size_t index = 0) {
    c.related.resize(plan->related.size());
    auto& all = c.related[index];
    all.known = true;
    const auto* other = loaded.rules->plan(plan->related[index]);
    Case one;
    one.object = other->object;
    one.values.assign(other->slots.size(), model::Value::blank());
    for (const auto& [field, text] : values)
      if (const auto s = other->find(field))  // a field that no rule names is passed over
        one.values[*s] = text == "?" ? model::Value::unread() : value(text);
    all.records.push_back(std::move(one));
    return *this;
  }
  /// There are none of them.
  Bench& none_beside(std::size_t index = 0) {
    c.related.resize(plan->related.size());
    c.related[index].known = true;
    return *this;
  }
  Bench& person(const std::string& id, const std::string& manager, const std::string& job = "rep",
                const std::string& team = "") {
    model::Person p;
    p.id = model::PersonId(id);
    p.email = id + "@example.com";
    p.manager = model::PersonId(manager);
    p.job = job;
    p.team = team;
    world.people[id] = std::move(p);
    return *this;
  }
  Bench& known_since(const std::string& when) {
    for (auto& p : c.past) p.known_since = at(when);
    return *this;
  }

  /// Ids of findings, `?id` of what cannot be told, in the order of the rules.
  std::vector<std::string> judge(const std::string& now) {
    std::vector<model::Verdict> out;
    rules::judge(*loaded.rules, *plan, c, facts, world, at(now), true, out);
    return ids(out);
  }
  [[nodiscard]] std::vector<std::string> ids(const std::vector<model::Verdict>& verdicts) const {
    std::vector<std::string> out;
    for (const auto& v : verdicts)
      out.push_back((v.outcome == model::Outcome::cannot_tell ? "?" : "") +
                    (v.id.empty() ? loaded.rules->rules[v.rule].id.get() : v.id));
    return out;
  }
  /// yes, no or ? for the only rule.
  std::string one(const std::string& now) {
    const auto out = judge(now);
    if (out.empty()) return "no";
    return out[0][0] == '?' ? "?" : "yes";
  }
  Evaluation evaluate(const std::string& now) {
    return rules::evaluate(*loaded.rules, *plan, c, facts, world, at(now));
  }

  Loaded loaded;
  const ObjectPlan* plan = nullptr;
  World world;
  Case c;
  Facts facts;

 private:
  Binding binding_;
  std::deque<std::string> texts_;
};

inline const std::string head = "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\n";
/// A file with one rule `r` whose condition is `when`.
inline std::string rule(const std::string& when) {
  return head + "rules:\n  - id: r\n    kind: stale\n    control: [flag]\n    when: " + when + "\n";
}

}  // namespace coachd::rules::lab
