// After new rules, a new description or a restored state: every record is made due once, in id order and in small
// steps, and what it puts into facts is kept anew. The place reached stands in the store, so that a restart goes on
// where it was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"

namespace coachd::pipeline {

/// How far the sweep of a connection is.
struct SweepProgress {
  std::int64_t done = 0, total = 0;  ///< records
};
/// Nothing where no sweep is under way.
[[nodiscard]] std::optional<SweepProgress> sweep_progress(const store::Snapshot& snapshot,
                                                          const std::string& connection);

class Sweep {
 public:
  /// Where a sweep for these rules and this world stands; one that was never begun begins.
  Sweep(const Context& context, const store::Snapshot& snapshot);

  [[nodiscard]] bool done() const noexcept { return done_; }
  /// The next records, as a unit that also moves the place. Keep it only if the unit was committed: see `advance`.
  [[nodiscard]] store::UnitOfWork next(const Context& context, const store::Snapshot& snapshot, std::size_t limit,
                                       model::Instant now);
  /// The last unit is durable.
  void advance();
  /// Once that unit is durable a new sweep begins at the first record: what every answer may rest on is known only now.
  static void forget(store::UnitOfWork& unit, const std::string& connection);

 private:
  struct Place {
    std::string object;  // "" before the first
    std::string after;   // last record done
    SweepProgress progress;
    bool done = false;
  };
  [[nodiscard]] static std::optional<Place> place_in(std::string_view row, std::string_view version);
  friend std::optional<SweepProgress> sweep_progress(const store::Snapshot&, const std::string&);
  void write(store::UnitOfWork& unit, const Place& place) const;

  std::string name_;     // of the metadata row
  std::string version_;  // of rules and world
  Place place_, next_;
  bool done_ = false;
};

}  // namespace coachd::pipeline
