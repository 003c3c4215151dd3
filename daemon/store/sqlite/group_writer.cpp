#include "daemon/store/sqlite/group_writer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/dictionary.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "daemon/store/sqlite/migrations.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/sqlite/unit_queue.hpp"
#include "daemon/store/sqlite/write.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t most_units = 2000;  // a flood at the door still gets its answers in turn
constexpr std::chrono::milliseconds longest_group{50};

// Deliveries, and nothing else: a page that was read brings its cursor.
bool from_a_door(const UnitOfWork& u) {
  return u.urgency == UnitOfWork::Urgency::intake && u.cursors.empty() && !u.journal.empty() &&
         u.journal.front().kind == JournalEntry::Kind::hint;
}

bool is_hall(const UnitOfWork& unit) {
  return unit.urgency == UnitOfWork::Urgency::hall;
}

}  // namespace

GroupWriter::GroupWriter(const Options& options, SqliteDictionary& dictionary)
    : options_(options),
      dictionary_(dictionary),
      c_(state_file(options.folder), Connection::Mode::write, 60'000),
      reserve_(options.folder, options.reserve_bytes) {
  migrate(c_);
  dictionary_.load(c_);
  c_.run("UPDATE state SET value=value+1 WHERE name='epoch'");
  epoch_ = c_.pragma("SELECT value FROM state WHERE name='epoch'");
  if (!reserve_.take()) {
    full_ = true;
    tell(Event::full, SQLITE_FULL);
  }
}

bool GroupWriter::out_of_room(const SQLite::Exception& e) {
  if (e.getErrorCode() == SQLITE_FULL) return true;
  if (e.getErrorCode() != SQLITE_IOERR) return false;
  const int system = sqlite3_system_errno(c_.db().getHandle());
  // NOLINTNEXTLINE(misc-include-cleaner): EDQUOT comes with <cerrno>
  return system == ENOSPC || system == EDQUOT || disk_is_full(options_.folder);
}

void GroupWriter::tell(Event event, std::int64_t detail) const {
  if (options_.on_event) options_.on_event(event, detail);
}

Pace GroupWriter::pace() const noexcept {
  return {last_hall_unit_.load(), door_.busy(Clock::now())};
}

void GroupWriter::apply_page_limit() {
  const auto wanted = wanted_pages_.load();
  if (wanted == pages_) return;
  c_.run(("PRAGMA max_page_count=" + std::to_string(wanted == 0 ? 4294967294 : wanted)).c_str());
  pages_ = wanted;
}

void GroupWriter::begin() {
  apply_page_limit();
  Query(c_, "BEGIN IMMEDIATE").run();
  Query epoch(c_, "SELECT value FROM state WHERE name='epoch'");
  overtaken_ = !epoch.next() || epoch.integer(0) != epoch_;
}

// Names at the end: units may have come, and names with them, since the transaction began.
void GroupWriter::commit() {
  const auto names = dictionary_.write_new(c_);
  Query(c_, "COMMIT").run();
  dictionary_.written(names);
}

Applied GroupWriter::run_unit(const UnitOfWork& unit) {
  if (overtaken_ || unit.epoch != epoch_) return Applied::conflict;
  return write_unit(c_, unit) ? Applied::done : Applied::conflict;
}

void GroupWriter::fill(UnitQueue& queue, bool hall, std::vector<Answered>& group) {
  const auto start = Clock::now();
  std::int64_t keys = 0;
  Instant newest{};
  while (group.size() < most_units) {
    const auto spent = Clock::now() - start;
    if (spent > longest_group) break;
    auto next = queue.take(hall && spent < options_.hall_slice);
    if (!next) break;
    group.push_back({std::move(*next), Applied::failed});
    const auto& unit = group.back().waiting.unit;
    const auto began = Clock::now();
    if (from_a_door(unit)) door_.delivered(unit.journal.size(), began);
    group.back().answer = run_unit(unit);
    if (group.back().answer == Applied::done && !unit.journal.empty()) {
      keys += std::count_if(unit.journal.begin(), unit.journal.end(), [](const auto& e) { return e.key != 0; });
      newest = std::max(newest, unit.journal.back().received);
    }
    if (is_hall(unit)) last_hall_unit_ = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
  }
  if (keys > 0) old_keys_.take_away(c_, keys, newest);
}

void GroupWriter::rollback() noexcept {
  try {
    if (!c_.idle()) c_.run("ROLLBACK");
  } catch (const SQLite::Exception&) {  // then the transaction had ended by itself
  }
}

bool GroupWriter::run_group(UnitQueue& queue, bool hall, const std::function<void(bool hall_waits)>& between) {
  std::vector<Answered> group;
  if (full_) {  // one by one, hall only: results of calls already made go into the room that the reserve gave
    if (auto next = queue.take(true)) group.push_back({std::move(*next), Applied::failed});
    run_each_alone(group);
  } else {
    try {
      begin();
      fill(queue, hall, group);
      commit();
    } catch (const SQLite::Exception& e) {
      const bool room = out_of_room(e);
      rollback();
      if (room)
        no_room(e.getExtendedErrorCode());
      else
        tell(Event::failure, e.getExtendedErrorCode());
      run_each_alone(group);
      if (group.empty() && !room)  // not even begun: somebody must hear of it, and the thread must not turn in place
        if (auto next = queue.take(true)) group.push_back({std::move(*next), Applied::failed});
    }
  }
  // A door's peer waits for its answer; the hall rests until it has one.
  answer(queue, group, UnitOfWork::Urgency::intake);
  between(std::any_of(group.begin(), group.end(), [](const Answered& a) { return is_hall(a.waiting.unit); }));
  answer(queue, group, UnitOfWork::Urgency::hall);
  return std::any_of(group.begin(), group.end(), [](const Answered& a) { return a.answer == Applied::done; });
}

void GroupWriter::answer(UnitQueue& queue, const std::vector<Answered>& group, UnitOfWork::Urgency urgency) {
  for (const auto& a : group) {
    if (a.waiting.unit.urgency != urgency) continue;
    queue.answered(a.waiting.bytes);
    if (a.waiting.done) a.waiting.done(a.answer);
  }
}

void GroupWriter::no_room(int code) {
  full_ = true;
  looked_ = Clock::now();
  reserve_.give_up();
  tell(Event::full, code);
}

// The whole transaction was undone: each unit of it is answered anew.
void GroupWriter::run_each_alone(std::vector<Answered>& group) {
  for (auto& a : group) a.answer = full_ && !is_hall(a.waiting.unit) ? Applied::no_space : run_alone(a.waiting.unit);
}

Applied GroupWriter::run_alone(const UnitOfWork& unit) {
  try {
    begin();
    const Applied answer = run_unit(unit);
    commit();
    return answer;
  } catch (const SQLite::Exception& e) {
    const bool room = out_of_room(e);
    rollback();
    if (!room) {
      tell(Event::failure, e.getExtendedErrorCode());
      return Applied::failed;
    }
    if (full_) return Applied::no_space;
    no_room(e.getExtendedErrorCode());
  }
  return is_hall(unit) ? run_alone(unit) : Applied::no_space;  // in the room that the reserve gave
}

void GroupWriter::look_for_room() {
  const auto now = Clock::now();
  if (now - looked_ < options_.look_for_room_every) return;
  looked_ = now;
  if (!reserve_.take()) return;
  try {
    // Room on the disk is not yet room in the file (quota, limit of pages): grow it by a little, without keeping it.
    begin();
    Query(c_, "INSERT INTO metadata(name,text) VALUES('look for room', zeroblob(262144))").run();
    c_.run("ROLLBACK");
  } catch (const SQLite::Exception&) {
    rollback();
    reserve_.give_up();
    return;
  }
  full_ = false;
  tell(Event::room_again, 0);
}

void GroupWriter::write_names() {
  if (!dictionary_.has_new()) return;
  try {
    begin();
    commit();
  } catch (const SQLite::Exception& e) {
    rollback();  // no row uses them
    tell(Event::failure, e.getExtendedErrorCode());
  }
}

}  // namespace coachd::store::sqlite
