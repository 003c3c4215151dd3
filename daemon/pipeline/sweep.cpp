#include "daemon/pipeline/sweep.hpp"
#include <cstddef>
#include <string>

#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/facts.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

// The row reads `VERSION done`, or `VERSION at OBJECT RECORD`.
Sweep::Sweep(const Context& context, const store::Snapshot& snapshot)
    : name_("sweep: " + context.connection),
      version_(std::to_string(context.rules->hash) + "-" + std::to_string(context.world->version)) {
  const auto row = snapshot.metadata(name_).value_or("");
  if (row == version_ + " done") {
    done_ = true;
  } else if (row.starts_with(version_ + " at ")) {
    const auto rest = row.substr(version_.size() + 4);
    const auto space = rest.find(' ');
    place_.object = rest.substr(0, space);
    place_.after = rest.substr(space + 1);
  }
}

void Sweep::write(store::UnitOfWork& unit, const Place& place) const {
  unit.metadata.emplace_back(name_,
                             place.done ? version_ + " done" : version_ + " at " + place.object + " " + place.after);
}

store::UnitOfWork Sweep::next(const Context& context, const store::Snapshot& snapshot, std::size_t limit,
                              model::Instant now) {
  store::UnitOfWork unit;
  next_ = place_;
  auto it = next_.object.empty() ? context.rules->objects.begin() : context.rules->objects.find(next_.object);
  if (it == context.rules->objects.end()) {
    next_.done = true;
    write(unit, next_);
    return unit;
  }
  const auto& plan = it->second;
  next_.object = plan.object;
  const auto rows = snapshot.records_after(context.connection, plan.object, next_.after, limit);
  FactKeeper facts(context, snapshot);
  for (const auto& row : rows) {
    unit.make_due.push_back({context.connection, plan.object, row.record, now, 0});
    next_.after = row.record;
    if (plan.facts.empty()) continue;
    const auto built = build_case(context, plan, row, {}, {});
    facts.record(plan, row.record, built ? &built->value : nullptr);
  }
  facts.finish(unit, now);
  if (rows.size() < limit) {  // this object is through
    ++it;
    next_.done = it == context.rules->objects.end();
    next_.object = next_.done ? std::string() : it->second.object;
    next_.after.clear();
  }
  write(unit, next_);
  return unit;
}

void Sweep::advance() {
  place_ = next_;
  done_ = place_.done;
}

}  // namespace coachd::pipeline
