// The evaluation thread: drives the hall, kind of work after kind of work, by the scheduler and on the daemon's clock.
// What the network thread learned comes in through the inbox. Nothing here waits for a network.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>

#include "daemon/app/clock.hpp"
#include "daemon/app/inbox.hpp"
#include "daemon/log/log.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/scheduler/clock_guard.hpp"
#include "daemon/scheduler/scheduler.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {

class EvaluationLoop {
 public:
  /// `turn` is called at least every 30 s while the loop is alive. All references outlive the loop.
  EvaluationLoop(store::Store& store, pipeline::Outside& outside, Inbox& inbox, const Clock& clock, log::Logger& log,
                 std::function<void()> turn);

  /// Runs on the calling thread until the inbox is closed; what is in it then is still carried out. Throws what is
  /// broken in the program itself.
  void run();
  /// A CRM's own clock, as a page brought it. On the evaluation thread, as an item of the inbox.
  void server_date(model::Instant server, model::Instant now) { guard_.server_date(server, now); }

 private:
  [[nodiscard]] std::optional<model::Instant> unless_resting(scheduler::Job job,
                                                             std::optional<model::Instant> at) const;
  void watch_clock(model::Instant now);
  void work_or_wait(model::Instant now);
  void save_wall(model::Instant now);

  store::Store& store_;
  Inbox& inbox_;
  const Clock& clock_;
  log::Logger& log_;
  std::function<void()> turn_;
  pipeline::Hall hall_;
  scheduler::Scheduler scheduler_;
  scheduler::ClockGuard guard_;
  bool guard_held_ = false;
  std::map<scheduler::Job, std::chrono::steady_clock::time_point> resting_until_;
  model::Instant saved_{};
};

/// The last wall time that a daemon on this state has seen; nothing for a new one.
[[nodiscard]] std::optional<model::Instant> saved_wall(const store::Snapshot& state);
/// That daemon worked on a test clock: only its own time counts.
[[nodiscard]] bool on_test_clock(const store::Snapshot& state);

}  // namespace coachd::app
