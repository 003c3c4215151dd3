// What no record holds and detectors need, from what the daemon has: notes and automatic tasks from the activity rows
// that it keeps beside records, prompts that were answered, the meetings of its schedule, the CRM's description as it
// was and is, and the trails that it reads once a day (logins, exports, files, who changed the set-up). What the CRM
// does not show stays without `known_since`, with the reason. Gathered in steps, each in a snapshot of its own; one
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/trails.hpp"
#include "daemon/store/store.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

class EvidenceReader {
 public:
  /// The context outlives it.
  EvidenceReader(const Context& context, model::Instant now);
  /// The next rows, at most `limit`. False: there are none left.
  [[nodiscard]] bool step(const store::Snapshot& snapshot, std::size_t limit);
  /// After the last step.
  [[nodiscard]] const rules::Evidence& evidence() const noexcept { return out_; }

 private:
  void see(const Beside& beside, const store::Snapshot& snapshot, const store::SnapshotRow& row);
  void note(const Beside& beside, const store::SnapshotRow& row, const connectors::Deed& deed,
            const std::vector<std::string>& records);
  void task(const store::Snapshot& snapshot, const store::SnapshotRow& row, const connectors::Deed& deed,
            const std::string& object, const std::string& record);
  [[nodiscard]] bool followed(const store::Snapshot& snapshot, const std::string& object,
                              const rules::AutomaticTask& task) const;
  void mended(const store::Snapshot& snapshot);
  void described(const store::Snapshot& snapshot);

  const Context& context_;
  model::Instant now_;
  std::vector<const Beside*> walks_;  // still to be walked over, the last one first
  std::string after_;
  TrailReader trails_;
  bool notes_whole_ = true, any_notes_ = false;
  bool rest_ = true;  // what is not walked over is still to be read
  rules::Evidence out_;
};

}  // namespace coachd::pipeline
