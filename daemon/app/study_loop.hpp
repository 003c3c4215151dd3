// The thread of the daily study: takes what the hall asks for, walks over the stored records with a reader of its own,
// and posts what it found. It rests as long as it works, so that half a core is the most that it takes; no snapshot of
// it lasts longer than one page.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "daemon/app/inbox.hpp"
#include "daemon/log/log.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {

class StudyLoop {
 public:
  /// All references outlive the loop.
  StudyLoop(store::Store& store, Inbox& inbox, log::Logger& log) : store_(store), inbox_(inbox), log_(log) {}

  /// Any thread.
  void ask(std::shared_ptr<const pipeline::Context> context, std::string key, model::Instant now);
  /// Runs on the calling thread until `stop`; a study that is under way is given up. Throws what is broken.
  void run();
  /// Any thread.
  void stop();

 private:
  struct Asked {
    std::shared_ptr<const pipeline::Context> context;
    std::string key;
    model::Instant now;
  };
  void study(Asked asked);
  [[nodiscard]] bool stopped();

  store::Store& store_;
  Inbox& inbox_;
  log::Logger& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Asked> asked_;
  bool stopped_ = false;
};

}  // namespace coachd::app
