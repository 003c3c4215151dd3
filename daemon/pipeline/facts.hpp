// Facts about owners, kept while records change: collects what the records of one unit put in and take out, and names
// the records of others that a new mean or count flips (compare as value*n > X*sum; a range query, never an
// evaluation).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

class FactKeeper {
 public:
  /// `current`: what is kept was made with these rules and this world, so that the values of a record tell what it put
  /// in; while a sweep is under way they need not.
  FactKeeper(const Context& context, const store::Snapshot& snapshot, bool current)
      : context_(context), snapshot_(snapshot), current_(current) {}

  /// The record as it was stored and as it is now (null: not known, deleted or of no interest).
  void record(const rules::ObjectPlan& plan, const std::string& id, const rules::Case* before, const rules::Case* now);
  /// What the facts of the record's owner will be once the unit is written. REQUIRES: all of its records were given.
  [[nodiscard]] rules::Facts facts(const rules::ObjectPlan& plan, const rules::Case& c) const;
  /// Adds the changed rows and the records to make due, and counts those that the unit did not make due already
  /// (`flipped_by_facts`: together with the changes themselves, what evaluation costs). Call once, at the end.
  void finish(store::UnitOfWork& unit, model::Instant now);

 private:
  struct Change {
    std::string object;
    const rules::FactSpec* spec = nullptr;
    double sum = 0;             // what the unit adds to the mean
    std::vector<double> added;  // the same one by one, for the exact sum
    std::int64_t count = 0;     // or to the count
  };
  using Group = std::pair<std::pair<std::string, std::string>, std::uint64_t>;  // (fact, owner), text hash

  [[nodiscard]] std::optional<store::FactRow> part(const rules::ObjectPlan& plan, std::size_t fact,
                                                   const std::string& id, const rules::Case* c) const;
  void move(const rules::ObjectPlan& plan, const rules::FactSpec& spec, const store::FactRow& part, int sign);
  using Woken = std::set<std::pair<std::string, std::string>>;  // object, record
  void flip_mean(Woken& woken, const Group& group, const Change& change) const;
  void flip_text(Woken& woken, const Group& group, const Change& change) const;

  const Context& context_;
  const store::Snapshot& snapshot_;
  bool current_;
  std::map<Group, Change> changes_;
  struct Part {
    std::optional<store::FactRow> row;
    bool changed = false;
  };
  std::map<std::pair<std::string, std::string>, Part> parts_;  // (fact, record) -> what it puts in, in this unit
};

}  // namespace coachd::pipeline
