#include "daemon/app/evaluation_loop.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "daemon/app/clock.hpp"
#include "daemon/app/inbox.hpp"
#include "daemon/log/log.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/scheduler/scheduler.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

constexpr std::chrono::seconds longest_sleep{30};  // it looks around at least this often
constexpr std::chrono::minutes wall_saved_every{10};
constexpr std::string_view wall_name = "wall clock";
constexpr std::string_view test_clock_name = "test clock";

}  // namespace

EvaluationLoop::EvaluationLoop(store::Store& store, pipeline::Outside& outside, Inbox& inbox, const Clock& clock,
                               log::Logger& log, std::function<void()> turn)
    : store_(store),
      inbox_(inbox),
      clock_(clock),
      log_(log),
      turn_(std::move(turn)),
      hall_(store, outside),
      guard_(clock.rate()) {}

// What is overdue but cannot be done (first load, a call that is out, no room) is left alone for a moment: no spin.
std::optional<model::Instant> EvaluationLoop::unless_resting(scheduler::Job job,
                                                             std::optional<model::Instant> at) const {
  const auto until = resting_until_.find(job);
  return until != resting_until_.end() && std::chrono::steady_clock::now() < until->second ? std::nullopt : at;
}

void EvaluationLoop::watch_clock(model::Instant now) {
  guard_.tick(now, std::chrono::steady_clock::now());
  if (guard_.holding() == guard_held_) return;
  guard_held_ = guard_.holding();
  if (guard_held_)
    log_.warning("the clock jumped: delivery waits until the CRM's clock agrees twice");
  else
    log_.info("the clock agrees with the CRM's again");
}

void EvaluationLoop::work_or_wait(model::Instant now) {
  using scheduler::Job;
  auto agenda = hall_.agenda(now);
  watch_clock(now);
  if (guard_held_) agenda.release = agenda.deliver = std::nullopt;
  const auto step = scheduler_.next({.journal = unless_resting(Job::journal, agenda.journal),
                                     .evaluate = unless_resting(Job::evaluate, agenda.evaluate),
                                     .release = unless_resting(Job::release, agenda.release),
                                     .deliver = unless_resting(Job::deliver, agenda.deliver)},
                                    now);
  const auto rest = std::chrono::milliseconds(hall_.trouble().empty() ? 50 : 1000);
  if (step.job == Job::sleep) {
    const bool overdue = agenda.first() && *agenda.first() <= now;
    const std::chrono::nanoseconds longest =
        overdue ? std::chrono::nanoseconds(rest) : std::chrono::nanoseconds(longest_sleep);
    inbox_.wait(std::clamp<std::chrono::nanoseconds>(clock_.until(step.at), std::chrono::milliseconds(1), longest));
    return;
  }
  if (hall_.work(pipeline::Hall::kinds.at(static_cast<std::size_t>(step.job)), now))
    resting_until_.erase(step.job);
  else
    resting_until_[step.job] = std::chrono::steady_clock::now() + rest;
}

void EvaluationLoop::run() {
  while (!inbox_.closed()) {
    turn_();
    const auto now = clock_.now();
    auto items = inbox_.drain();
    if (!items.empty()) resting_until_.clear();  // an answer may have freed what was held
    for (auto& item : items) item(hall_, now);
    if (now - saved_ > wall_saved_every) save_wall(now);
    work_or_wait(now);
  }
  for (auto& item : inbox_.drain()) item(hall_, clock_.now());
  save_wall(clock_.now());
}

void EvaluationLoop::save_wall(model::Instant now) {
  saved_ = now;
  store::UnitOfWork unit;
  unit.epoch = store_.epoch();
  unit.metadata.emplace_back(wall_name, model::to_string(now));
  if (clock_.test()) unit.metadata.emplace_back(test_clock_name, "yes");  // commands beside us go by our time
  store_.apply(std::move(unit), [](store::Applied) {});
}

std::optional<model::Instant> saved_wall(const store::Snapshot& state) {
  const auto wall = state.metadata(wall_name);
  return wall ? model::parse_instant(*wall) : std::nullopt;
}

bool on_test_clock(const store::Snapshot& state) {
  return state.metadata(test_clock_name).has_value();
}

}  // namespace coachd::app
