// What a CRM told beside its records (connectors/trails.hpp), as the daemon keeps it for detectors: one kept row a
// trail and calendar day, what is older than detectors look is removed, and a metadata row that says since when it is
// complete, or why it cannot be read. Of sign-ins only a person's first of a day is kept. Pure but for the snapshot.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "connectors/trails.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

/// A detector of the loaded rules looks at it; the CRM is asked for nothing else.
[[nodiscard]] bool wants_trail(const rules::RuleSet& rules, connectors::Trail trail);
[[nodiscard]] inline bool wants_trail(const Context& context, connectors::Trail trail) {
  return wants_trail(*context.rules, trail);
}
/// As far back as it is kept, and as a first reading goes: the start of a calendar day.
[[nodiscard]] model::Instant trail_from(const Context& context, connectors::Trail trail, model::Instant now);

struct TrailState {
  model::Day read_on{};                       ///< calendar day on which it was last read to its end, or refused
  std::optional<model::Instant> known_since;  ///< nothing: not complete, or not to be had
  std::string why_not;                        ///< see connectors::TrailPage
  /// It was read on the calendar day of `now`.
  [[nodiscard]] bool is_of_today(const Context& context, model::Instant now) const {
    return read_on == context.world->calendar.today(now);
  }
};
/// Nothing where it was never read.
[[nodiscard]] std::optional<TrailState> trail_state(const store::Snapshot& snapshot, const std::string& connection,
                                                    connectors::Trail trail);
/// Something of it is kept, also of a reading that never came to its end.
[[nodiscard]] bool trail_kept(const store::Snapshot& snapshot, const std::string& connection, connectors::Trail trail);
/// All that are wanted were read on the calendar day of `now`.
[[nodiscard]] bool trails_read(const Context& context, const store::Snapshot& snapshot, model::Instant now);

/// Name of the cursor from which the next reading goes on.
[[nodiscard]] std::string trail_cursor(const std::string& connection, connectors::Trail trail);
/// What one page changes; after the last one the state and the cursor too.
[[nodiscard]] store::UnitOfWork take_trail(const Context& context, const store::Snapshot& snapshot,
                                           connectors::Trail trail, const connectors::TrailPage& page,
                                           model::Instant now);
/// Nobody wants it any more: nothing of it is kept.
[[nodiscard]] store::UnitOfWork forget_trail(const std::string& connection, connectors::Trail trail);

/// Fills the tables of Evidence from what is kept, some days in each step.
class TrailReader {
 public:
  /// The context outlives it.
  TrailReader(const Context& context, model::Instant now) : context_(context), now_(now) {}
  /// False: there is nothing left.
  [[nodiscard]] bool step(const store::Snapshot& snapshot, rules::Evidence& out);

 private:
  void begin(const store::Snapshot& snapshot, rules::Evidence& out);

  const Context& context_;
  model::Instant now_;
  std::size_t at_ = 0;                    // the trail that is read, of connectors::every_trail
  std::optional<model::Instant> before_;  // its days before this one are still to be read; nothing: not begun
};

}  // namespace coachd::pipeline
