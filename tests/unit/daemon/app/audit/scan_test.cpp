// However long a block takes, results come in the order of the blocks, and what they point into stands until then.
#include "daemon/app/audit/scan.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace coachd::app {
namespace {

constexpr std::uint64_t blocks = 200;

struct Numbered {
  std::uint64_t ordinal = 0;
  std::uint64_t content = 0;
};

class Source {
 public:
  bool operator()(Numbered& block) {
    if (at_ == blocks) return false;
    block.ordinal = at_++;
    block.content = block.ordinal * 3;
    return true;
  }

 private:
  std::uint64_t at_ = 0;
};

// Keeps its result in itself and answers where it is; every few blocks it is slow.
auto make() {
  return [result = std::make_unique<std::uint64_t>()](Numbered& block) {
    if (block.ordinal % 7 == 0) std::this_thread::sleep_for(std::chrono::microseconds(300));
    *result = block.content + 1;
    return result.get();
  };
}

TEST(Scan, MergesInOrderWhatEachBlockSaid) {
  for (const unsigned threads : {1U, 2U, 5U}) {
    std::vector<std::uint64_t> seen;
    Source source;
    scan<Numbered>(threads, std::ref(source), make, [&](const std::uint64_t* result, const Numbered& block) {
      EXPECT_EQ(block.ordinal, seen.size());
      EXPECT_EQ(block.content, block.ordinal * 3);
      EXPECT_EQ(*result, block.content + 1);
      seen.push_back(block.ordinal);
    });
    EXPECT_EQ(seen.size(), blocks);
  }
}

TEST(Scan, AFaultInAnyPartEndsIt) {
  const auto fail_at = [](std::uint64_t at, std::uint64_t ordinal) {
    if (ordinal == at) throw std::runtime_error("fault");
  };
  constexpr std::uint64_t never = blocks;
  for (const unsigned threads : {1U, 3U})
    for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{50}, blocks - 1}) {
      std::uint64_t merged = 0;
      const auto run = [&](std::uint64_t reading, std::uint64_t working, std::uint64_t merging) {
        merged = 0;
        Source source;
        scan<Numbered>(
            threads,
            [&](Numbered& block) {
              const bool more = source(block);
              fail_at(reading, block.ordinal);
              return more;
            },
            [&] {
              return [&](const Numbered& block) {
                fail_at(working, block.ordinal);
                return block.ordinal;
              };
            },
            [&](std::uint64_t ordinal, const Numbered&) {
              fail_at(merging, ordinal);
              ++merged;
            });
      };
      EXPECT_THROW(run(at, never, never), std::runtime_error);
      EXPECT_LE(merged, at);
      EXPECT_THROW(run(never, at, never), std::runtime_error);
      EXPECT_LE(merged, at);
      EXPECT_THROW(run(never, never, at), std::runtime_error);
      EXPECT_EQ(merged, at);
      EXPECT_NO_THROW(run(never, never, never));
      EXPECT_EQ(merged, blocks);
    }
}

}  // namespace
}  // namespace coachd::app
