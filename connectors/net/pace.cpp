#include "connectors/net/pace.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "connectors/net/retry.hpp"

namespace coachd::net {

using std::chrono::milliseconds;

milliseconds Pace::take(SteadyTime now) {
  if (now < held_until_) return std::chrono::ceil<milliseconds>(held_until_ - now);
  if (calls_ == 0) return milliseconds{0};
  while (!made_.empty() && made_.front() + window_ <= now) made_.pop_front();
  if (made_.size() >= calls_)  // after a lowered limit several must leave the window first
    return std::chrono::ceil<milliseconds>(made_[made_.size() - calls_] + window_ - now);
  made_.push_back(now);
  return milliseconds{0};
}

void Pace::limit(std::size_t calls, milliseconds window) {
  calls_ = calls;
  window_ = window;
}

void Pace::hold(milliseconds wait, SteadyTime now) {
  held_until_ = std::max(held_until_, now + wait);
}

}  // namespace coachd::net
