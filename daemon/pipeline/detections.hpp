// What detectors found, as rows of the store. A finding of theirs appears, stays with its `since`, and ends when a
// study no longer finds it. One about a record is a finding of that record; one about a person, a field, an automation,
// a meeting or a pair stands under its own key, and names the only person, or the owner, who is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/engine/timing.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

/// FindingRow::object of what is about no record: `unit:person`.
[[nodiscard]] std::string unit_object(rules::Unit unit);
/// `person` of `unit:person`; "" for the object of a record.
[[nodiscard]] std::string_view unit_of(std::string_view object);

/// As a row that is open; first_seen, since and episode are given when it is stored.
[[nodiscard]] store::FindingRow finding_row(const Context& context, const rules::ObjectPlan& plan, std::uint32_t rule,
                                            const rules::Detected& found);
/// The findings of a card's timing, for whoever owns its definition.
[[nodiscard]] std::vector<store::FindingRow> timing_rows(const Context& context, const rules::ObjectPlan& plan,
                                                         const rules::FieldTiming& timing);

/// Brings the open rows to what a study found, in steps: a merge of both in the order of their keys.
class DetectionsToStore {
 public:
  explicit DetectionsToStore(std::vector<store::FindingRow> found);
  [[nodiscard]] bool done() const noexcept { return done_; }
  /// What differs, over at most `limit` rows of each side; may be empty. Keep it only if it was committed: `advance`.
  [[nodiscard]] store::UnitOfWork next(const Context& context, const store::Snapshot& snapshot, std::size_t limit,
                                       model::Instant now);
  void advance();

 private:
  using Key = store::Snapshot::DetectedKey;
  std::vector<store::FindingRow> found_;  // by key
  std::size_t at_ = 0, next_at_ = 0;
  Key after_, next_after_;
  bool last_ = false, done_ = false;
};

/// What detectors cannot tell, as it is counted: replaces what the study before said.
void count_untold(const Context& context, const store::Snapshot& snapshot,
                  const std::vector<store::UnitOfWork::CannotTellDelta>& untold, store::UnitOfWork& unit);

}  // namespace coachd::pipeline
