#include "daemon/app/audit/facts.hpp"

#include <gtest/gtest.h>

#include <map>

namespace coachd::app {
namespace {

TEST(FlatCounts, CountsAsAMapDoes) {
  FlatCounts flat;
  std::map<std::uint64_t, std::uint32_t> map;
  EXPECT_EQ(flat.find(1), 0U);
  std::uint64_t x = 1;
  for (int i = 0; i < 50'000; ++i) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::uint64_t key = (x >> 33) % 7'000;  // small keys and repeats: long runs in the table
    flat.add(key);
    ++map[key];
  }
  for (std::uint64_t key = 0; key < 8'000; ++key)
    EXPECT_EQ(flat.find(key), map.contains(key) ? map.at(key) : 0U) << key;
}

TEST(FlatCounts, ZeroIsAKeyLikeAnyOther) {
  FlatCounts flat;
  EXPECT_EQ(flat.find(0), 0U);
  flat.add(0);
  flat.add(0);
  EXPECT_EQ(flat.find(0), 2U);
}

}  // namespace
}  // namespace coachd::app
