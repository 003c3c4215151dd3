// The table that editors are told of has the words of the registry, no more and no less.
#include "rules/conditions/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/conditions/registry.hpp"

namespace coachd::rules {
namespace {

TEST(ConditionWords, AreThoseThatConditionsKnow) {
  std::vector<std::string> described, known;
  for (const auto& w : condition_words()) {
    described.emplace_back(w.word);
    EXPECT_FALSE(w.says.empty()) << w.word;
    EXPECT_TRUE(w.form.starts_with('{')) << w.word;
  }
  for (const auto w : known_words()) known.emplace_back(w);
  EXPECT_THAT(described, testing::UnorderedElementsAreArray(known));
}

}  // namespace
}  // namespace coachd::rules
