#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/text/text.hpp"

namespace coachd::text {
namespace {

TEST(Trim, TakesUnicodeWhiteSpace) {
  EXPECT_EQ(trim("  a b \t\n"), "a b");
  EXPECT_EQ(trim("\u00a0\u3000x\u00a0 "), "x");
  EXPECT_EQ(trim(" \u00a0 "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\u200bé\u200b"), "é");
}

TEST(Fold, IsWithoutCaseAndOuterSpace) {
  EXPECT_EQ(fold("  Closed WON "), "closed won");
  EXPECT_EQ(fold("STRASSE"), fold("straße"));
  EXPECT_EQ(fold("ÉCRIT"), "écrit");
}

TEST(Same, AgreesWithFoldAlsoWhereOnlyOneSideIsAscii) {
  EXPECT_TRUE(same(" Commit", "cOMMIT "));
  EXPECT_FALSE(same("commit", "commits"));
  EXPECT_TRUE(same("K", "\u212a"));  // the Kelvin sign
  EXPECT_TRUE(same("Weiß", "WEISS"));
}

TEST(FoldHash, IsStableAcrossRuns) {
  EXPECT_EQ(fold_hash("Call with purchasing"), fold_hash("  CALL with purchasing "));
  EXPECT_NE(fold_hash("Call with purchasing"), fold_hash("Call with purchasin"));
  // These stand in stores: they must never change.
  EXPECT_EQ(fold_hash(""), 0xecba3df2c3383c52ull);
  EXPECT_EQ(fold_hash(" Acme"), 0x3c6d1e94f3a758bcull);
  EXPECT_EQ(fold_hash("Écrit"), 0xd713ae0e72f39e2eull);
}

TEST(FoldKey, IsOneForAllSpellingsOfAText) {
  EXPECT_EQ(fold_key("Call with purchasing"), fold_key("  CALL with purchasing "));
  EXPECT_NE(fold_key("Call with purchasing"), fold_key("Call with purchasin"));
  EXPECT_NE(fold_key("Call with purchasing"), fold_key("purchasing Call with"));
  EXPECT_NE(fold_key("a"), fold_key(std::string_view("a\0", 2)));
  EXPECT_EQ(fold_key("\u212a"), fold_key("k"));  // the Kelvin sign
  EXPECT_EQ(fold_key("Écrit par Zoë"), fold_key("écrit PAR zoë"));
}

TEST(IsFolded, ComparesAsciiWithoutCase) {
  EXPECT_TRUE(is_folded("@[`{AZaz", "@[`{azaz"));  // what stands beside the letters is left alone
  EXPECT_FALSE(is_folded("@", "`"));
  EXPECT_FALSE(is_folded("[", "{"));
  EXPECT_TRUE(is_folded("Solution Validation", "solution validation"));
  EXPECT_FALSE(is_folded("Solution Validation", "solution validatiom"));
  EXPECT_FALSE(is_folded("Solution", "solution "));
  EXPECT_FALSE(
      is_folded("\xe1"
                "bc",
                "abc"));
}

TEST(Squash, KeepsLettersAndDigitsOnly) {
  EXPECT_EQ(squash(" Call: with-Purchasing (#2)! "), "callwithpurchasing2");
  EXPECT_EQ(squash("Größe – 5 €"), "grösse5");
  EXPECT_EQ(squash("..."), "");
}

TEST(SameContent, IgnoresCaseSpacesAndPunctuation) {
  EXPECT_TRUE(same_content("Call on Friday.", "call on  friday"));
  EXPECT_TRUE(same_content("", " - "));
  EXPECT_FALSE(same_content("Call on Friday", "Call on Fridays"));
  EXPECT_FALSE(same_content("Call on Friday", "Mail on Friday"));
  EXPECT_TRUE(same_content("Straße 5", "STRASSE-5"));
}

RC_GTEST_PROP(FoldProperty, ShortCutsAgreeWithTheLongWay, ()) {
  const auto letter =
      rc::gen::element<std::string>("a", "A", " ", "-", "é", "É", "ß", "s", "S", "7", "\u00a0", "k", "\u212a", "\xff");
  const auto word =
      rc::gen::map(rc::gen::container<std::vector<std::string>>(letter), [](const std::vector<std::string>& v) {
        std::string s;
        for (const auto& x : v) s += x;
        return s;
      });
  const auto a = *word;
  const auto b = *word;
  RC_ASSERT(same(a, b) == (fold(a) == fold(b)));
  RC_ASSERT(same_content(a, b) == (squash(a) == squash(b)));
  if (fold(a) == fold(b)) RC_ASSERT(fold_hash(a) == fold_hash(b) && fold_key(a) == fold_key(b));
  RC_ASSERT(same(a, " " + a + "\u00a0"));
}

}  // namespace
}  // namespace coachd::text
