#include "daemon/scheduler/scheduler.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace coachd::scheduler {

Step Scheduler::next(const Agenda& agenda, Instant now) {
  struct Planned {
    Job job{};
    std::optional<Instant> at;
  };
  const std::array<Planned, 4> kinds{{{Job::journal, agenda.journal},
                                      {Job::evaluate, agenda.evaluate},
                                      {Job::release, agenda.release},
                                      {Job::deliver, agenda.deliver}}};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto kind = (turn_ + i) % kinds.size();
    const auto& planned = kinds[kind];
    if (!planned.at || *planned.at > now) continue;
    turn_ = (kind + 1) % kinds.size();
    return {planned.job, *planned.at};
  }
  Instant wake = now + options_.longest_sleep;
  for (const auto& planned : kinds)
    if (planned.at) wake = std::min(wake, *planned.at);
  return {Job::sleep, wake};
}

}  // namespace coachd::scheduler
