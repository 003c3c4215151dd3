#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/store/store.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

class FactsContract : public StoreContract {
 protected:
  void put(const std::string& record, const std::string& owner, double value, std::uint64_t text = 0) {
    auto u = unit();
    u.facts = {{"sf", "f", owner, record, value, text}};
    ASSERT_EQ(apply(u), Applied::done);
  }
  using Names = std::vector<std::string>;
};
COACHD_STORE_CONTRACT(FactsContract);

TEST_P(FactsContract, MeanFollowsValuesOwnersAndRecordsThatGo) {
  put("r1", "ann", 10);
  put("r2", "ann", 20);
  put("r3", "bob", 5);
  EXPECT_EQ(now()->fact_mean("sf", "f", "ann").sum, 30);
  EXPECT_EQ(now()->fact_mean("sf", "f", "ann").count, 2);
  put("r2", "bob", 20);
  put("r1", "ann", 12);
  EXPECT_EQ(now()->fact_mean("sf", "f", "ann").sum, 12);
  EXPECT_EQ(now()->fact_mean("sf", "f", "ann").count, 1);
  EXPECT_EQ(now()->fact_mean("sf", "f", "bob").sum, 25);
  auto u = unit();
  u.facts_gone = {{"sf", "f", "r1"}, {"sf", "f", "unknown"}};
  ASSERT_EQ(apply(u), Applied::done);
  EXPECT_EQ(now()->fact_mean("sf", "f", "ann").count, 0);
  EXPECT_EQ(now()->fact_of("sf", "f", "r1"), std::nullopt);
  EXPECT_EQ(now()->fact_of("sf", "f", "r2")->owner, "bob");
  EXPECT_EQ(now()->fact_of("sf", "f", "r2")->value, 20);
}

// Rounded running sums would depend on the order of past changes, and a test on the mean with them.
TEST_P(FactsContract, TheSumDependsOnWhatIsThereAndNotOnThePast) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> small(-1, 1);
  std::vector<double> left(40);
  auto u = unit();
  for (int round = 0; round < 5; ++round) {
    for (std::size_t i = 0; i < left.size(); ++i) {
      left[i] = small(random) * (i % 2 == 0 ? 1e15 : 1e-3);
      u.facts.push_back({"sf", "f", "ann", "r" + std::to_string(i), left[i], 0});
    }
  }
  ASSERT_EQ(apply(u), Applied::done);
  auto fresh = unit();
  for (std::size_t i = left.size(); i-- > 0;)
    fresh.facts.push_back({"sf", "g", "ann", "r" + std::to_string(i), left[i], 0});
  ASSERT_EQ(apply(fresh), Applied::done);
  const auto view = now();
  EXPECT_EQ(view->fact_mean("sf", "f", "ann").sum, view->fact_mean("sf", "g", "ann").sum);
  EXPECT_EQ(view->fact_mean("sf", "f", "ann").count, 40);
}

TEST_P(FactsContract, FindsRecordsOfAnOwnerBetweenTwoValues) {
  put("r1", "ann", 10);
  put("r2", "ann", 20);
  put("r3", "ann", 30);
  put("r4", "bob", 20);
  EXPECT_EQ(now()->fact_between("sf", "f", "ann", 10, 30), (Names{"r2", "r3"}));
  EXPECT_EQ(now()->fact_between("sf", "f", "ann", 30, 40), (Names{}));
}

TEST_P(FactsContract, CountsAndFindsRecordsOfTheSameText) {
  put("r1", "ann", 0, 0xFFFF'FFFF'0000'0001ULL);
  put("r2", "ann", 0, 0xFFFF'FFFF'0000'0001ULL);
  put("r3", "ann", 0, 2);
  put("r4", "bob", 0, 0xFFFF'FFFF'0000'0001ULL);
  EXPECT_EQ(now()->fact_count("sf", "f", "ann", 0xFFFF'FFFF'0000'0001ULL), 2);
  EXPECT_EQ(now()->fact_with_text("sf", "f", "ann", 0xFFFF'FFFF'0000'0001ULL, 10), (Names{"r1", "r2"}));
  EXPECT_EQ(now()->fact_with_text("sf", "f", "ann", 0xFFFF'FFFF'0000'0001ULL, 1), (Names{"r1"}));
  put("r2", "ann", 0, 2);
  EXPECT_EQ(now()->fact_count("sf", "f", "ann", 0xFFFF'FFFF'0000'0001ULL), 1);
  EXPECT_EQ(now()->fact_count("sf", "f", "ann", 2), 2);
  EXPECT_EQ(now()->fact_of("sf", "f", "r1")->text_hash, 0xFFFF'FFFF'0000'0001ULL);
}

// A text of one record, of several and of none again, whoever's it becomes.
TEST_P(FactsContract, TheCountOfATextFollowsItsRecords) {
  std::mt19937_64 random(11);
  std::map<std::string, std::pair<std::string, std::uint64_t>> known;
  for (int step = 0; step < 300; ++step) {
    const auto record = "r" + std::to_string(random() % 8);
    if (random() % 5 == 0) {
      auto u = unit();
      u.facts_gone = {{"sf", "f", record}};
      ASSERT_EQ(apply(u), Applied::done);
      known.erase(record);
    } else {
      const std::string owner = random() % 2 == 0 ? "ann" : "bob";
      const auto text = random() % 4;  // 0: none
      put(record, owner, static_cast<double>(random() % 2), text);
      known[record] = {owner, text};
    }
    const auto view = now();
    for (const std::string owner : {"ann", "bob"}) {
      for (std::uint64_t text = 1; text < 4; ++text) {
        const auto count =
            std::ranges::count_if(known, [&](const auto& k) { return k.second == std::pair(owner, text); });
        ASSERT_EQ(view->fact_count("sf", "f", owner, text), count) << "step " << step;
      }
      const auto records = std::ranges::count_if(known, [&](const auto& k) { return k.second.first == owner; });
      ASSERT_EQ(view->fact_mean("sf", "f", owner).count, records) << "step " << step;
    }
  }
}

}  // namespace
}  // namespace coachd::store::contract
