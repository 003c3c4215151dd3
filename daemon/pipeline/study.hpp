// The daily study: a walk over all stored records of one connection, from which come the statistical facts of the day,
// what the detectors found, and when the answers that cards ask for were given. It reads page by page, each in a
// snapshot of its own, so that it never holds up the store; it runs beside the hall (on a thread of its own in the
// daemon) and hands its answer in as an event. One thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/evidence.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/day_facts.hpp"
#include "rules/engine/day_facts.hpp"
#include "rules/engine/detect.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/timing.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

/// What a study is asked for by, and its answer known again: the day, the rules, the world, what has been read.
[[nodiscard]] std::string study_key(const Context& context, const store::Snapshot& snapshot, model::Instant now);
/// Name of the metadata row that holds the key of the last study that is stored whole.
[[nodiscard]] std::string studied_row(const std::string& connection);

/// What a study found.
struct Studied {
  std::string connection;
  std::string key;
  rules::DayFacts facts;
  std::vector<store::FindingRow> found;                    ///< see finding_row
  std::vector<store::UnitOfWork::CannotTellDelta> untold;  ///< by detectors; delta is the count
  std::int64_t records = 0;                                ///< that it looked at
};

class Study {
 public:
  Study(std::shared_ptr<const Context> context, std::string key, model::Instant now);
  /// Looks at the next records, at most `limit`. False: there are none left.
  [[nodiscard]] bool step(const store::Snapshot& snapshot, std::size_t limit);
  /// After the last step: one rule's detector concludes. False: all have. No store is asked.
  [[nodiscard]] bool conclude_one();
  /// Said once, after that.
  [[nodiscard]] Studied finish();

 private:
  struct Walk {
    const rules::ObjectPlan* plan = nullptr;
    bool history = false;
    bool facts = false;
    rules::TimingStudy timing;
    std::unique_ptr<rules::DetectorRun> detectors;
  };
  void see(Walk& walk, const store::Snapshot& snapshot, store::SnapshotRow row);
  void untold(std::uint32_t rule, const std::string& why, std::int64_t count);

  std::shared_ptr<const Context> context_;
  model::Instant now_;
  std::vector<Walk> walks_;  // by object
  std::size_t at_ = 0;       // the one that is walked over, then the one that concludes
  std::string after_;
  bool detects_ = false;  // there is a detector
  EvidenceReader evidence_;
  rules::DayFactTally facts_;
  Studied out_;
};

}  // namespace coachd::pipeline
