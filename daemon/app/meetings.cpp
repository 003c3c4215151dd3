#include "daemon/app/meetings.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/meetings.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"
#include "rules/calendar/tz.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

constexpr const char* kind = "meetings";
constexpr int most_changes = 100;  // of the schedule: what lies further back is forgotten

}  // namespace

std::vector<pipeline::MeetingPlan> meeting_plans(const std::vector<settings::Meeting>& meetings) {
  std::vector<pipeline::MeetingPlan> plans;
  plans.reserve(meetings.size());
  for (const auto& m : meetings) plans.push_back({m.name, m.weekday, m.at, m.manager, m.zone});
  return plans;
}

store::KeptRow kept_meetings(const std::string& connection, const std::vector<pipeline::MeetingPlan>& plans,
                             model::Instant now) {
  auto body = pipeline::encode(plans);
  return {connection, kind, std::to_string(pipeline::stable_hash(body)), now, body};
}

std::vector<pipeline::MeetingPeriod> meeting_periods(const store::Snapshot& snapshot, const std::string& connection,
                                                     const std::vector<pipeline::MeetingPlan>& plans,
                                                     const std::string& zone, model::Instant now) {
  std::vector<pipeline::MeetingPeriod> out;
  const auto add = [&](const std::vector<pipeline::MeetingPlan>& all, model::Instant from,
                       std::optional<model::Instant> until) {
    for (const auto& plan : all) {
      const auto& own = plan.zone.empty() ? zone : plan.zone;
      if (own.empty() || calendar::is_zone(own))
        out.push_back({plan, calendar::load_zone(own.empty() ? "UTC" : own), from, until});
    }
  };
  const auto current = pipeline::encode(plans);
  std::optional<model::Instant> until;
  auto row = snapshot.newest(connection, kind);
  if (!row || row->body != current) {
    add(plans, now, std::nullopt);
    until = now;
  }
  for (int i = 0; row && i < most_changes; ++i) {
    add(pipeline::decode_meetings(row->body), row->at, until);
    until = row->at;
    row = snapshot.kept_at(connection, kind, row->at - std::chrono::microseconds(1));
  }
  return out;
}

}  // namespace coachd::app
