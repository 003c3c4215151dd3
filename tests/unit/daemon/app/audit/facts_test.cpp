#include "daemon/app/audit/facts.hpp"

#include <gtest/gtest.h>

#include <map>

namespace coachd::app {
namespace {

TEST(FlatTable, CountsAsAMapDoes) {
  FlatTable<std::uint32_t> flat;
  std::map<std::uint64_t, std::uint32_t> map;
  EXPECT_EQ(flat.find(1), nullptr);
  std::uint64_t x = 1;
  for (int i = 0; i < 50'000; ++i) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::uint64_t key = (x >> 33) % 7'000;  // small keys and repeats: long runs in the table
    flat.expect(key);
    ++flat.at(key);
    ++map[key];
  }
  for (std::uint64_t key = 0; key < 8'000; ++key) {
    const std::uint32_t* found = flat.find(key);
    EXPECT_EQ(found == nullptr ? 0 : *found, map.contains(key) ? map.at(key) : 0U) << key;
  }
  std::size_t seen = 0;
  flat.each([&](std::uint64_t key, std::uint32_t n) {
    ++seen;
    EXPECT_EQ(n, map.at(key));
  });
  EXPECT_EQ(seen, map.size());
}

TEST(FlatTable, ZeroIsAKeyLikeAnyOther) {
  FlatTable<std::uint32_t> flat;
  EXPECT_EQ(flat.find(0), nullptr);
  flat.at(0) = 2;
  ASSERT_NE(flat.find(0), nullptr);
  EXPECT_EQ(*flat.find(0), 2U);
}

}  // namespace
}  // namespace coachd::app
