#include "daemon/app/study_loop.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "daemon/app/inbox.hpp"
#include "daemon/log/log.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/hall.hpp"
#include "daemon/pipeline/study.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

constexpr std::size_t page = 200;  // records

}  // namespace

void StudyLoop::ask(std::shared_ptr<const pipeline::Context> context, std::string key, model::Instant now) {
  {
    const std::lock_guard lock(mutex_);
    asked_.push_back({std::move(context), std::move(key), now});
  }
  changed_.notify_one();
}

void StudyLoop::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_one();
}

bool StudyLoop::stopped() {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void StudyLoop::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !asked_.empty(); });
    if (stopped_) return;
    auto next = std::move(asked_.front());
    asked_.pop_front();
    lock.unlock();
    study(std::move(next));
    lock.lock();
  }
}

void StudyLoop::study(Asked asked) {
  using steady = std::chrono::steady_clock;
  const auto began = steady::now();
  auto worked = steady::duration::zero();
  const auto reader = store_.open_reader();
  pipeline::Study study(asked.context, std::move(asked.key), asked.now);
  for (bool more = true; more && !stopped();) {
    const auto from = steady::now();
    more = study.step(*reader->snapshot(), page);
    const auto took = steady::now() - from;
    worked += took;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, took, [this] { return stopped_; });
  }
  if (stopped()) return;
  const auto from = steady::now();
  while (study.conclude_one())
    if (stopped()) return;
  auto found = study.finish();
  const auto ms = [](steady::duration d) { return std::chrono::duration_cast<std::chrono::milliseconds>(d).count(); };
  log_.info("studied", {{"connection", log::Id(found.connection)},
                        {"records", found.records},
                        {"worked_ms", ms(worked)},
                        {"concluded_ms", ms(steady::now() - from)},
                        {"took_ms", ms(steady::now() - began)}});
  inbox_.post(pipeline::Event(std::move(found)));
}

}  // namespace coachd::app
