// One pass over blocks with several threads: blocks are read in order, worked on in parallel, and their results merged
// in order again, so that the outcome never depends on the number of threads. At most one block a thread is in memory.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace coachd::app {

/// `next(Block&)` fills a block with a rising `ordinal` (0, 1, 2 ...), one call at a time, and answers false at the
/// end. `make()` answers a worker for one thread: callable as `Piece(Block&)`. `merge(Piece&&, const Block&)` is called
/// in block order, one call at a time. Rethrows the first exception of any of them.
template <class Block, class Next, class Make, class Merge>
void scan(unsigned threads, Next next_block, Make make, Merge merge) {
  std::mutex reading;
  std::mutex merging;
  std::condition_variable turn;
  std::uint64_t next = 0;  // ordinal that merges next; guarded by merging
  std::exception_ptr failed;

  const auto run = [&] {
    try {
      auto worker = make();
      Block block;
      for (;;) {
        {
          const std::lock_guard lock(reading);
          if (failed || !next_block(block)) return;
        }
        decltype(auto) piece = worker(block);
        std::unique_lock lock(merging);
        turn.wait(lock, [&] { return failed || next == block.ordinal; });
        if (failed) return;
        merge(std::forward<decltype(piece)>(piece), block);
        ++next;
        turn.notify_all();
      }
    } catch (...) {
      const std::scoped_lock lock(reading, merging);
      if (!failed) failed = std::current_exception();
      turn.notify_all();
    }
  };

  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(run);
  run();
  for (std::thread& t : others) t.join();
  if (failed) std::rethrow_exception(failed);
}

}  // namespace coachd::app
