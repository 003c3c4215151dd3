#include "daemon/pipeline/day_facts.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "daemon/pipeline/cases.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/meetings.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/day_facts.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/day_facts.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {
namespace {

constexpr const char* kind = "day facts";

}  // namespace

rules::DayFacts kept_day_facts(const store::Snapshot& snapshot, const std::string& connection, bool before) {
  auto row = snapshot.newest(connection, kind);
  if (row && before) row = snapshot.kept_at(connection, kind, row->at - std::chrono::microseconds(1));
  return row ? decode_day_facts(row->body).value_or(rules::DayFacts{}) : rules::DayFacts{};
}

store::KeptRow kept_row(const std::string& connection, const rules::DayFacts& facts, model::Instant now) {
  auto body = encode(facts);
  auto hash = std::to_string(stable_hash(body));
  return {connection, kind, std::move(hash), now, std::move(body)};
}

std::shared_ptr<const Context> with_day_facts(const Context& context, const rules::DayFacts& facts,
                                              model::Instant now) {
  auto world = std::make_shared<rules::World>(*context.world);
  static_cast<rules::DayFacts&>(*world) = facts;
  schedule_meetings(context.meetings, now, *world);
  auto next = std::make_shared<Context>(context);
  next->world = std::move(world);
  return next;
}

FactSweep::FactSweep(const Context& context, const rules::DayFacts& before)
    : name_("facts sweep: " + context.connection) {
  for (const auto& [object, plan] : context.rules->objects) {
    rules::FactsTurned turned(plan, before, *context.world);
    if (!turned.none()) turned_.emplace(object, std::move(turned));
  }
}

std::optional<FactSweep> FactSweep::left(const Context& context, const store::Snapshot& snapshot) {
  FactSweep sweep(context, kept_day_facts(snapshot, context.connection, true));
  if (snapshot.metadata(sweep.name_).value_or("").empty() || sweep.done()) return std::nullopt;
  return sweep;
}

void FactSweep::begin(store::UnitOfWork& unit) const {
  unit.metadata.emplace_back(name_, done() ? "" : "under way");
}

store::UnitOfWork FactSweep::next(const Context& context, const store::Snapshot& snapshot, std::size_t limit,
                                  model::Instant now) {
  store::UnitOfWork unit;
  const auto& [object, turned] = *turned_.begin();
  const auto* plan = context.rules->plan(object);
  auto rows = snapshot.records_after(context.connection, object, after_, limit);
  object_done_ = rows.size() < limit;
  if (!rows.empty()) next_after_ = rows.back().record;
  for (auto& row : rows) {
    const auto built = build_case(context, *plan, std::move(row), {}, {});
    if (!built || !turned.touches(*plan, built->value, *context.world)) continue;
    unit.make_due.push_back({context.connection, object, built->row.record, now, 0});
  }
  if (!unit.make_due.empty())
    unit.counters.push_back({"turned_by_facts", static_cast<std::int64_t>(unit.make_due.size())});
  if (object_done_ && turned_.size() == 1) unit.metadata.emplace_back(name_, "");
  return unit;
}

void FactSweep::advance() {
  after_ = next_after_;
  if (!object_done_) return;
  turned_.erase(turned_.begin());
  after_.clear();
  next_after_.clear();
}

}  // namespace coachd::pipeline
