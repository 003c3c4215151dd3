#include "daemon/store/sqlite/unit_queue.hpp"

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

std::size_t bytes_of(const UnitOfWork& u) {
  std::size_t n = sizeof(UnitOfWork);
  for (const auto& j : u.journal) n += sizeof(j) + j.body.size();
  for (const auto& s : u.snapshots) n += sizeof(s) + s.values.size();
  for (const auto& h : u.history)
    n += sizeof(h) + (h.from.view().kind() == model::Value::Kind::text ? h.from.view().as_text().size() : 0) +
         (h.to.view().kind() == model::Value::Kind::text ? h.to.view().as_text().size() : 0);
  for (const auto& p : u.prompts) n += sizeof(p) + p.subject.size() + p.body.size();
  for (const auto& k : u.kept) n += sizeof(k) + k.body.size();
  for (const auto& e : u.evaluated) n += sizeof(e) + e.cannot_tell.size();
  for (const auto& [name, text] : u.metadata) n += 2 * sizeof(std::string) + text.size();
  n += u.known_since.size() * sizeof(UnitOfWork::KnownSince) + u.make_due.size() * sizeof(DueRow) +
       u.findings.size() * sizeof(FindingRow) + u.outbox.size() * sizeof(OutboxRow) +
       u.reasons.size() * sizeof(ReasonRow) + u.facts.size() * sizeof(FactRow) +
       u.read_list.size() * sizeof(UnitOfWork::ReadList);
  return n;
}

bool UnitQueue::put(WaitingUnit& unit) {
  const std::scoped_lock lock(mutex_);
  if (closed_) return false;
  unit.bytes = bytes_of(unit.unit);
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
