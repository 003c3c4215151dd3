#include "daemon/store/sqlite/unit_queue.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <utility>

#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

bool UnitQueue::put(WaitingUnit& unit) {
  const std::scoped_lock lock(mutex_);
  if (closed_) return false;
  unit.bytes = unit.unit.bytes();
  if (bytes_ == 0) moved_ = Clock::now();
  bytes_ += unit.bytes;
  (unit.unit.urgency == UnitOfWork::Urgency::intake ? intake_ : hall_).push_back(std::move(unit));
  there_.notify_one();
  return true;
}

bool UnitQueue::wait(std::chrono::milliseconds at_most, bool hall) {
  std::unique_lock lock(mutex_);
  const auto there = [&] { return !intake_.empty() || (hall && !hall_.empty()); };
  there_.wait_for(lock, at_most, [&] { return closed_ || there(); });
  return there();
}

std::optional<WaitingUnit> UnitQueue::take(bool hall) {
  const std::scoped_lock lock(mutex_);
  auto& from = !intake_.empty() ? intake_ : hall_;
  if (from.empty() || (&from == &hall_ && !hall)) return std::nullopt;
  WaitingUnit unit = std::move(from.front());
  from.pop_front();
  return unit;
}

bool UnitQueue::hall_waits() const {
  const std::scoped_lock lock(mutex_);
  return !hall_.empty();
}

void UnitQueue::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  there_.notify_all();
}

bool UnitQueue::closed() const {
  const std::scoped_lock lock(mutex_);
  return closed_;
}

}  // namespace coachd::store::sqlite
