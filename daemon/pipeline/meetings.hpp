// When meetings are held: from the schedule of coachd.yaml, since the daemon first knew each of them. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/calendar/calendar.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/model/time.hpp"

namespace coachd::pipeline {

struct MeetingPlan {
  std::string name;
  std::chrono::weekday weekday{1};
  std::chrono::minutes at{0};  ///< since local midnight
  std::string manager;         ///< e-mail, or `each`: one a manager, about their own team
  std::string zone;            ///< IANA; empty: the calendar's
  [[nodiscard]] bool each() const noexcept { return manager == "each"; }
};
/// As they are kept dated.
[[nodiscard]] std::string encode(const std::vector<MeetingPlan>& plans);
[[nodiscard]] std::vector<MeetingPlan> decode_meetings(std::string_view body);

/// A plan while it was in force.
struct MeetingPeriod {
  MeetingPlan plan;
  calendar::Zone zone;
  model::Instant from{};                ///< the daemon knows it since then
  std::optional<model::Instant> until;  ///< nothing: it is in force
};

/// Into the world: the times of the last 400 days and of the 60 to come. Said anew each day.
void schedule_meetings(const std::vector<MeetingPeriod>& periods, model::Instant now, rules::World& world);
/// Those of the world that have been held; known since the first plan.
[[nodiscard]] rules::EvidenceTable<rules::HeldMeeting> held_meetings(const std::vector<MeetingPeriod>& periods,
                                                                     const rules::World& world, model::Instant now);

}  // namespace coachd::pipeline
