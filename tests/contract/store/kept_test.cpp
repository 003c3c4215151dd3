#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "daemon/store/store.hpp"
#include "tests/contract/store/fixture.hpp"

namespace coachd::store::contract {
namespace {

class KeptContract : public StoreContract {
 protected:
  void keep(const std::string& hash, Instant at, const std::string& body) {
    auto u = unit();
    u.kept = {{"sf", "people", hash, at, body}};
    ASSERT_EQ(apply(u), Applied::done);
  }
};
COACHD_STORE_CONTRACT(KeptContract);

TEST_P(KeptContract, IsDatedAndKeepsWhatWasKnownThen) {
  keep("h1", minute(10), "one");
  keep("h2", minute(20), "two");
  EXPECT_EQ(now()->newest("sf", "people")->body, "two");
  EXPECT_EQ(now()->kept_at("sf", "people", minute(19))->body, "one");
  EXPECT_EQ(now()->kept_at("sf", "people", minute(20))->hash, "h2");
  EXPECT_EQ(now()->kept_at("sf", "people", minute(9)), std::nullopt);
  EXPECT_EQ(now()->newest("sf", "rules"), std::nullopt);
  EXPECT_EQ(now()->newest("hs", "people"), std::nullopt);
}

TEST_P(KeptContract, IsNotWrittenAgainWhileItStaysTheSame) {
  keep("h1", minute(10), "one");
  keep("h1", minute(20), "one");
  EXPECT_EQ(now()->newest("sf", "people")->at, minute(10));
  keep("h2", minute(30), "two");
  keep("h1", minute(40), "one again");  // back to what it was: a change like any other
  EXPECT_EQ(now()->newest("sf", "people")->at, minute(40));
  EXPECT_EQ(now()->kept_at("sf", "people", minute(35))->hash, "h2");
}

TEST_P(KeptContract, WhatIsTooOldGoesAndNothingElse) {
  for (const int at : {10, 20, 30}) keep("h" + std::to_string(at), minute(at), "x");
  auto u = unit();
  u.kept = {{"sf", "rules", "r", minute(5), "rules"}, {"hs", "people", "p", minute(5), "people"}};
  ASSERT_EQ(apply(u), Applied::done);
  u.kept = {{"sf", "people", "h40", minute(19), "said again"}};
  u.kept_gone = {{"sf", "people", minute(20)}};
  ASSERT_EQ(apply(u), Applied::done);
  reopen();
  EXPECT_EQ(now()->kept_at("sf", "people", minute(15)), std::nullopt);
  EXPECT_EQ(now()->kept_at("sf", "people", minute(19))->body, "said again") << "what goes, goes before what is new";
  EXPECT_EQ(now()->kept_at("sf", "people", minute(20))->hash, "h20");
  EXPECT_EQ(now()->newest("sf", "people")->at, minute(30));
  EXPECT_EQ(now()->newest("sf", "rules")->body, "rules");
  EXPECT_EQ(now()->newest("hs", "people")->body, "people");
}

TEST_P(KeptContract, CountersAddUpAndMetadataIsReplaced) {
  auto u = unit();
  u.counters = {{"changes read", 5}, {"prompts sent", 1}, {"nothing", 0}};
  u.metadata = {{"wall time", "1"}, {"empty", ""}};
  ASSERT_EQ(apply(u), Applied::done);
  u.counters = {{"changes read", -2}};
  u.metadata = {{"wall time", "2"}};
  ASSERT_EQ(apply(u), Applied::done);
  reopen();
  using Counters = std::vector<std::pair<std::string, std::int64_t>>;
  EXPECT_EQ(now()->counters(), (Counters{{"changes read", 3}, {"prompts sent", 1}}));
  EXPECT_EQ(now()->metadata("wall time"), "2");
  EXPECT_EQ(now()->metadata("empty"), "");
  EXPECT_EQ(now()->metadata("unknown"), std::nullopt);
}

}  // namespace
}  // namespace coachd::store::contract
