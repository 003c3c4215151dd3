// Carries out units on the writer's connection: several in one transaction; where one of them fails, each in its own (a
// savepoint for each would copy every page that it touches); and what to do when there is no room. Used by the writer's
// thread only, except where said.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <vector>

#include "daemon/store/sqlite/connection.hpp"
#include "daemon/store/sqlite/dictionary.hpp"
#include "daemon/store/sqlite/door_traffic.hpp"
#include "daemon/store/sqlite/folder.hpp"
#include "daemon/store/sqlite/old_keys.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/sqlite/unit_queue.hpp"
#include "daemon/store/store.hpp"

namespace coachd::store::sqlite {

class GroupWriter {
 public:
  /// Brings the schema up to date and counts the epoch up. Throws OpenError or SQLite::Exception. `options` must
  /// outlive it.
  GroupWriter(const Options& options, SqliteDictionary& dictionary);

  /// One transaction with whatever waits: all of intake, and where `hall` says so hall units for the hall slice. Calls
  /// every `done` after the commit, and `between` once those of intake have theirs; `hall_waits`: others wait still.
  /// True: something was committed.
  bool run_group(UnitQueue& queue, bool hall, const std::function<void(bool hall_waits)>& between);
  /// Names that no unit has used yet are written too. For the end.
  void write_names();
  /// Looks whether there is room again; at most once in `look_for_room_every`. To be called while full.
  void look_for_room();

  [[nodiscard]] bool full() const noexcept { return full_; }                ///< any thread
  [[nodiscard]] std::int64_t epoch() const noexcept { return epoch_; }      ///< any thread
  void limit_pages(std::int64_t pages) noexcept { wanted_pages_ = pages; }  ///< any thread; from the next group on
  [[nodiscard]] Pace pace() const noexcept;                                 ///< any thread

 private:
  struct Answered {
    WaitingUnit waiting;
    Applied answer{};
  };
  void begin();
  void commit();
  [[nodiscard]] Applied run_unit(const UnitOfWork& unit);
  static void answer(UnitQueue& queue, const std::vector<Answered>& group, UnitOfWork::Urgency urgency);
  void fill(UnitQueue& queue, bool hall, std::vector<Answered>& group);
  [[nodiscard]] bool out_of_room(const SQLite::Exception& e);
  void rollback() noexcept;
  void no_room(int code);
  void run_each_alone(std::vector<Answered>& group);
  [[nodiscard]] Applied run_alone(const UnitOfWork& unit);
  void tell(Event event, std::int64_t detail) const;
  void apply_page_limit();

  const Options& options_;
  SqliteDictionary& dictionary_;
  Connection c_;
  Reserve reserve_;
  OldKeys old_keys_;
  std::int64_t epoch_ = 0;
  bool overtaken_ = false;  ///< another writer counted the epoch up
  std::atomic<bool> full_ = false;
  std::chrono::steady_clock::time_point looked_{};
  std::atomic<std::int64_t> wanted_pages_ = 0;
  std::atomic<std::chrono::microseconds> last_hall_unit_{};
  DoorTraffic door_;
  std::int64_t pages_ = 0;
};

}  // namespace coachd::store::sqlite
