// What other threads hand to the evaluation thread, in order. Thread-safe; bounded by what is in flight (one batch, one
// look-up and one page per connection).
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "daemon/pipeline/hall.hpp"

namespace coachd::app {

class Inbox {
 public:
  using Item = std::function<void(pipeline::Hall&, model::Instant now)>;

  void post(Item item) {
    {
      const std::lock_guard lock(mutex_);
      items_.push_back(std::move(item));
    }
    changed_.notify_one();
  }
  void post(pipeline::Event event) {
    auto shared = std::make_shared<pipeline::Event>(std::move(event));  // std::function wants something copyable
    post(Item([shared](pipeline::Hall& hall, model::Instant now) { hall.handle(std::move(*shared), now); }));
  }
  /// Something was committed that the hall should look at.
  void wake() {
    {
      const std::lock_guard lock(mutex_);
      woken_ = true;
    }
    changed_.notify_one();
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }
  [[nodiscard]] bool closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
  }
  [[nodiscard]] std::deque<Item> drain() {
    const std::lock_guard lock(mutex_);
    woken_ = false;
    return std::exchange(items_, {});
  }
  /// Returns at once where something waits, else after `longest` at the latest.
  void wait(std::chrono::nanoseconds longest) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, longest, [&] { return woken_ || closed_ || !items_.empty(); });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  bool woken_ = false;
  bool closed_ = false;
};

}  // namespace coachd::app
