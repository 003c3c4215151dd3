// The statistical facts of a day in the hall: kept dated in the store, part of the world while they last, and the sweep
// that makes exactly those records due whose answers a new day's facts may turn.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/day_facts.hpp"
#include "rules/engine/day_facts.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

/// The newest of a connection; those before the newest with `before`. Empty where there are none.
[[nodiscard]] rules::DayFacts kept_day_facts(const store::Snapshot& snapshot, const std::string& connection,
                                             bool before = false);
[[nodiscard]] store::KeptRow kept_row(const std::string& connection, const rules::DayFacts& facts, model::Instant now);
/// The same context in a world with these facts, and with the meetings as far ahead as they are known on that day.
[[nodiscard]] std::shared_ptr<const Context> with_day_facts(const Context& context, const rules::DayFacts& facts,
                                                            model::Instant now);

/// Walks over the stored records in id order and in small steps. That it is under way stands in the store: after a
/// restart it begins again at the first record.
class FactSweep {
 public:
  /// Between the facts before and those of the context's world.
  FactSweep(const Context& context, const rules::DayFacts& before);
  /// What a stopped daemon left undone; nothing where there is nothing.
  [[nodiscard]] static std::optional<FactSweep> left(const Context& context, const store::Snapshot& snapshot);

  [[nodiscard]] bool done() const noexcept { return turned_.empty(); }
  /// Into the unit that keeps the new facts.
  void begin(store::UnitOfWork& unit) const;
  /// The next records, at most `limit` looked at; the unit may be empty. Keep it only if it was committed: `advance`.
  [[nodiscard]] store::UnitOfWork next(const Context& context, const store::Snapshot& snapshot, std::size_t limit,
                                       model::Instant now);
  void advance();

 private:
  std::string name_;                                  // of the metadata row
  std::map<std::string, rules::FactsTurned> turned_;  // by canonical object: those still to be walked over
  std::string after_, next_after_;                    // of the first of them
  bool object_done_ = false;
};

}  // namespace coachd::pipeline
