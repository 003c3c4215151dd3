// The meetings of coachd.yaml as the daemon has known them: what the schedule says is kept dated, so that a meeting
// counts as held from the day on which it stood there first, and a changed schedule changes nothing of the past.
#pragma once

#include <string>
#include <vector>

#include "daemon/pipeline/meetings.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {

[[nodiscard]] std::vector<pipeline::MeetingPlan> meeting_plans(const std::vector<settings::Meeting>& meetings);
/// To be stored; keeps nothing where it is as before.
[[nodiscard]] store::KeptRow kept_meetings(const std::string& connection,
                                           const std::vector<pipeline::MeetingPlan>& plans, model::Instant now);
/// The plans of before and those of now, in the zone of each, else in `zone`.
[[nodiscard]] std::vector<pipeline::MeetingPeriod> meeting_periods(const store::Snapshot& snapshot,
                                                                   const std::string& connection,
                                                                   const std::vector<pipeline::MeetingPlan>& plans,
                                                                   const std::string& zone, model::Instant now);

}  // namespace coachd::app
