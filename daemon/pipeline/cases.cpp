#include "daemon/pipeline/cases.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/fill_beside.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

void fill_values(rules::Case& c, const std::vector<FieldNumber>& numbers, const store::SnapshotRow& row,
                 const std::vector<FieldNumber>& read) {
  c.values.assign(numbers.size(), model::Value::unread());
  const auto values = decode_values(row.values);  // few: a walk is quicker than a map
  for (std::size_t slot = 0; slot < numbers.size(); ++slot) {
    const auto it = std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == numbers[slot]; });
    if (it != values.end())
      c.values[slot] = it->second;
    else if (std::find(read.begin(), read.end(), numbers[slot]) != read.end())
      c.values[slot] = model::Value::blank();
  }
}

void fill_history(rules::Case& c, const std::vector<FieldNumber>& numbers,
                  const std::vector<store::StoredHistory>& history,
                  const std::vector<store::Snapshot::FieldKnown>& known) {
  c.past.resize(numbers.size());
  for (std::size_t slot = 0; slot < numbers.size(); ++slot) {
    auto& past = c.past[slot];
    for (const auto& h : history) {
      if (h.field != numbers[slot]) continue;
      // Nearly always the last already; of two changes at one instant the first read stays first.
      const auto after = std::upper_bound(past.changes.begin(), past.changes.end(), h.at,
                                          [](auto at, const auto& c) { return at < c.at; });
      past.changes.insert(after, {h.at, h.author, h.source, rules::Origin::unknown, h.from.view(), h.to.view()});
    }
    for (const auto& k : known) {
      if (k.field != numbers[slot]) continue;
      // A record's own entry (a vendor list at its depth limit) moves what is known of the field in general.
      if (!past.known_since || (k.record.empty() ? k.at < *past.known_since : k.at > *past.known_since))
        past.known_since = k.at;
    }
  }
}

}  // namespace

std::unique_ptr<BuiltCase> build_case(const Context& context, const rules::ObjectPlan& plan, store::SnapshotRow row,
                                      std::vector<store::StoredHistory> history,
                                      const std::vector<store::Snapshot::FieldKnown>& known) {
  const auto numbers = context.fields.find(plan.object);
  if (row.deleted || numbers == context.fields.end()) return nullptr;
  auto built = std::make_unique<BuiltCase>();
  built->row = std::move(row);
  built->history = std::move(history);
  built->connection = context.connection;
  built->revision = built->row.revision;
  auto& c = built->value;
  c.connection = built->connection;
  c.object = built->row.object;
  c.id = built->row.record;
  c.created = built->row.created;
  c.created_by = built->row.created_by;
  c.modified = built->row.version;
  const auto read = context.read_fields(built->row.read_set);
  fill_values(c, numbers->second, built->row, read);
  fill_history(c, numbers->second, built->history, known);
  return built;
}

std::unique_ptr<BuiltCase> build_case(const Context& context, const store::Snapshot& snapshot,
                                      const std::string& object, const std::string& record) {
  const auto* plan = context.rules->plan(object);
  if (!plan) return nullptr;
  auto row = snapshot.record(context.connection, object, record);
  if (!row) return nullptr;
  auto built = build_case(context, *plan, std::move(*row), snapshot.history(context.connection, object, record),
                          snapshot.known_since(context.connection, object, record));
  if (built) fill_surroundings(context, *plan, snapshot, *built);
  return built;
}

rules::Facts read_facts(const Context& context, const rules::ObjectPlan& plan, const rules::Case& c,
                        const store::Snapshot& snapshot, const FactMoves& moves) {
  rules::Facts facts(plan.facts.size());
  for (std::size_t i = 0; i < plan.facts.size(); ++i) {
    facts[i].known = true;
    const auto part = rules::contribution(*context.rules, plan, i, c, *context.world);
    if (!part) continue;  // the record counts for nobody: its test fails whatever the others hold
    const auto& spec = plan.facts[i];
    const FactMove move = moves ? moves(spec, *part) : FactMove{};
    if (spec.kind == rules::FactSpec::Kind::owner_mean) {
      const auto mean = snapshot.fact_mean(context.connection, spec.key, part->owner, move.added);
      facts[i].sum = mean.sum;
      facts[i].count = mean.count + move.count;
    } else {
      facts[i].count = snapshot.fact_count(context.connection, spec.key, part->owner, part->text_hash) + move.count;
    }
  }
  return facts;
}

}  // namespace coachd::pipeline
