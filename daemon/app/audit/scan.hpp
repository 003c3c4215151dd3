// One pass over an export with several threads: blocks are read in order, worked on in parallel, and their results
// merged in order again, so that the outcome never depends on the number of threads. At most one block a thread is in
// memory.
#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "connectors/file/blocks.hpp"

namespace coachd::app {

/// `make()` answers a worker for one thread: callable as `Piece(file::Block&)`. `merge(Piece&&, const file::Block&)` is
/// called in block order, one call at a time. Rethrows the first exception of any of them.
template <class Make, class Merge>
void scan(const file::Layout& layout, unsigned threads, std::size_t block_bytes, Make make, Merge merge) {
  file::Blocks blocks(layout, block_bytes);
  std::mutex reading;
  std::mutex merging;
  std::condition_variable turn;
  std::uint64_t next = 0;  // ordinal that merges next; guarded by merging
  std::exception_ptr failed;

  const auto run = [&] {
    try {
      auto worker = make();
      file::Block block;
      for (;;) {
        {
          const std::lock_guard lock(reading);
          if (failed || !blocks.next(block)) return;
        }
        auto piece = worker(block);
        std::unique_lock lock(merging);
        turn.wait(lock, [&] { return failed || next == block.ordinal; });
        if (failed) return;
        merge(std::move(piece), block);
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
