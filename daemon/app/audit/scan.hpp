// One pass over blocks with several threads: blocks are read in order, worked on in parallel, and their results merged
// in order again, so that the outcome never depends on the number of threads. At most two blocks a thread are in
// memory: one whose turn has not come does not keep its thread from the next.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace coachd::app {

/// `next(Block&)` fills a block with a rising `ordinal` (0, 1, 2 ...), one call at a time, and answers false at the
/// end. `make()` answers a worker, callable as `Piece(Block&)`; a piece may point into its worker and into the block:
/// neither is touched before it was merged. `merge(Piece&&, const Block&)` is called in block order, one call at a
/// time. Rethrows the first exception of any of them.
template <class Block, class Next, class Make, class Merge>
void scan(unsigned threads, Next next_block, Make make, Merge merge) {
  using Worker = std::invoke_result_t<Make&>;
  struct Seat {
    std::optional<Worker> worker;
    Block block;
    std::optional<std::invoke_result_t<Worker&, Block&>> piece;
    bool waits = false;  // for its turn, or is being merged; guarded by merging
  };
  constexpr std::size_t seats_each = 2;
  std::vector<Seat> seats(seats_each * std::max(1U, threads));
  std::mutex reading;
  std::mutex merging;
  std::condition_variable merged;
  std::uint64_t next = 0;        // ordinal that merges next; guarded by merging
  bool somebody_merges = false;  // guarded by merging
  std::exception_ptr failed;     // written under both locks, read under either

  const auto merge_due = [&](std::unique_lock<std::mutex>& lock) {
    if (somebody_merges) return;  // and sees to this one too
    somebody_merges = true;
    for (;;) {
      const auto due =
          std::find_if(seats.begin(), seats.end(), [&](const Seat& s) { return s.waits && s.block.ordinal == next; });
      if (failed || due == seats.end()) break;
      lock.unlock();
      merge(std::move(*due->piece), std::as_const(due->block));
      lock.lock();
      due->waits = false;
      ++next;
      merged.notify_all();
    }
    somebody_merges = false;
  };

  const auto run = [&](std::span<Seat> mine) {
    try {
      for (;;) {
        auto seat = mine.end();
        {
          std::unique_lock lock(merging);
          merged.wait(lock, [&] {
            seat = std::find_if(mine.begin(), mine.end(), [](const Seat& s) { return !s.waits; });
            return failed || seat != mine.end();
          });
        }
        {
          const std::lock_guard lock(reading);
          if (failed || !next_block(seat->block)) return;
        }
        if (!seat->worker) seat->worker.emplace(make());
        seat->piece.emplace((*seat->worker)(seat->block));
        std::unique_lock lock(merging);
        seat->waits = true;
        merge_due(lock);
      }
    } catch (...) {
      const std::scoped_lock lock(reading, merging);
      if (!failed) failed = std::current_exception();
      merged.notify_all();
    }
  };

  std::vector<std::thread> others;
  const std::span all(seats);
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(run, all.subspan(i * seats_each, seats_each));
  run(all.first(seats_each));
  for (std::thread& t : others) t.join();
  if (failed) std::rethrow_exception(failed);
}

}  // namespace coachd::app
