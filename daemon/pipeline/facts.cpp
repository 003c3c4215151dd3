#include "daemon/pipeline/facts.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "daemon/pipeline/cases.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/evaluate.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

// The value above which a test of the mean holds; infinite where too few records count.
double threshold(const rules::FactSpec::MeanTest& test, double sum, std::int64_t count) {
  if (count < test.at_least || count <= 0) return std::numeric_limits<double>::infinity();
  return test.above * sum / static_cast<double>(count);
}

}  // namespace

// What the record puts in; a value that is no number counts for nothing, the store keeps no part of it either.
std::optional<store::FactRow> FactKeeper::part(const rules::ObjectPlan& plan, std::size_t fact, const std::string& id,
                                               const rules::Case* c) const {
  if (c == nullptr) return std::nullopt;
  const auto given = rules::contribution(*context_.rules, plan, fact, *c, *context_.world);
  if (!given || !std::isfinite(given->value)) return std::nullopt;
  return store::FactRow{context_.connection, plan.facts[fact].key, given->owner, id, given->value, given->text_hash};
}

void FactKeeper::record(const rules::ObjectPlan& plan, const std::string& id, const rules::Case* before,
                        const rules::Case* now) {
  for (std::size_t i = 0; i < plan.facts.size(); ++i) {
    const auto& spec = plan.facts[i];
    const auto [known, fresh] = parts_.try_emplace({spec.key, id});
    auto& old = known->second.row;
    if (fresh) old = current_ ? part(plan, i, id, before) : snapshot_.fact_of(context_.connection, spec.key, id);
    auto next = part(plan, i, id, now);
    const bool same =
        old.has_value() == next.has_value() &&
        (!old || (old->owner == next->owner && old->value == next->value && old->text_hash == next->text_hash));
    if (same) continue;
    if (old) move(plan, spec, *old, -1);
    if (next) move(plan, spec, *next, +1);
    old = std::move(next);
    known->second.changed = true;
  }
}

void FactKeeper::move(const rules::ObjectPlan& plan, const rules::FactSpec& spec, const store::FactRow& part,
                      int sign) {
  const bool mean = spec.kind == rules::FactSpec::Kind::owner_mean;
  auto& change = changes_[{{spec.key, part.owner}, mean ? 0 : part.text_hash}];
  change.object = plan.object;
  change.spec = &spec;
  change.sum += sign * part.value;
  if (mean) change.added.push_back(sign * part.value);
  change.count += sign;
}

rules::Facts FactKeeper::facts(const rules::ObjectPlan& plan, const rules::Case& c) const {
  return read_facts(context_, plan, c, snapshot_, [&](const rules::FactSpec& spec, const rules::Contribution& part) {
    const bool mean = spec.kind == rules::FactSpec::Kind::owner_mean;
    const auto change = changes_.find({{spec.key, part.owner}, mean ? 0 : part.text_hash});
    return change == changes_.end() ? FactMove{} : FactMove{change->second.added, change->second.count};
  });
}

void FactKeeper::flip_mean(Woken& woken, const Group& group, const Change& change) const {
  const auto& [fact, owner] = group.first;
  const auto before = snapshot_.fact_mean(context_.connection, fact, owner);
  for (const auto& test : change.spec->mean_tests) {
    const double old_limit = threshold(test, before.sum, before.count);
    const double new_limit = threshold(test, before.sum + change.sum, before.count + change.count);
    if (old_limit == new_limit) continue;
    // Thresholds come from a division: a hair of slack on both sides may wake one record too many, never one too few.
    const double low = std::min(old_limit, new_limit);
    const double high = std::max(old_limit, new_limit);
    const double slack = std::isfinite(high) ? std::abs(high) * 1e-12 : 0;
    for (const auto& id : snapshot_.fact_between(context_.connection, fact, owner, low - std::abs(low) * 1e-12 - 1e-9,
                                                 high + slack + 1e-9))
      woken.emplace(change.object, id);
  }
}

void FactKeeper::flip_text(Woken& woken, const Group& group, const Change& change) const {
  const auto& [fact, owner] = group.first;
  const auto before = snapshot_.fact_count(context_.connection, fact, owner, group.second);
  const auto after = before + change.count;
  if ((before >= 2) == (after >= 2)) return;  // whoever shares the text still does, or still does not
  // Those whose answer turns are few on one side of the limit: at most the ones that had the text before.
  for (const auto& id :
       snapshot_.fact_with_text(context_.connection, fact, owner, group.second, static_cast<std::size_t>(before)))
    woken.emplace(change.object, id);
}

void FactKeeper::finish(store::UnitOfWork& unit, model::Instant now) {
  Woken woken;
  for (const auto& [group, change] : changes_) {
    if (change.spec->kind == rules::FactSpec::Kind::owner_mean)
      flip_mean(woken, group, change);
    else
      flip_text(woken, group, change);
  }
  for (const auto& d : unit.make_due) woken.erase({d.object, d.record});
  for (const auto& [object, record] : woken) unit.make_due.push_back({context_.connection, object, record, now, 0});
  if (!woken.empty()) unit.counters.push_back({"flipped_by_facts", static_cast<std::int64_t>(woken.size())});
  for (const auto& [key, part] : parts_) {
    const auto& [fact, record] = key;
    if (!part.changed) continue;
    if (part.row)
      unit.facts.push_back(*part.row);
    else
      unit.facts_gone.push_back({context_.connection, fact, record});
  }
}

}  // namespace coachd::pipeline
