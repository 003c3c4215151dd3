#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::text {
namespace {

using model::Value;
using Spec = Placeholders::Spec;

bool matches(const char* text, ValueClass cls = ValueClass::free_text, const Spec& spec = {},
             const char* label = "Next Step", bool governed = true) {
  return Placeholders(spec, cls, label, governed).matches(Value::text(text));
}
Spec add(std::vector<std::string> words) {
  Spec s;
  s.add = std::move(words);
  return s;
}
Spec without(std::vector<std::string> words) {
  Spec s;
  s.remove = std::move(words);
  return s;
}
Spec only(std::vector<std::string> words) {
  Spec s;
  s.only = std::move(words);
  s.has_only = true;
  return s;
}

class FreeTextPlaceholder : public testing::TestWithParam<const char*> {};
TEST_P(FreeTextPlaceholder, IsFound) {
  EXPECT_TRUE(matches(GetParam())) << GetParam();
}
INSTANTIATE_TEST_SUITE_P(Words, FreeTextPlaceholder,
                         testing::Values("unknown", "  UNKNOWN. ", "Other", "tbd", "T.B.D.", "n/a", "N.A.", "na",
                                         "(none)", "null", "-", "--", ".", "x", "xx", "X.", "test", "asdf", "Select",
                                         "to be determined", "To-be-determined!", "not sure", "same", "See notes",
                                         "<none>", "no sé", "pendiente", "K.A.", "keine Angabe", "WEISS NICHT",
                                         "à définir", "não sei", "未定", "なし", "その他"));
INSTANTIATE_TEST_SUITE_P(
    Patterns, FreeTextPlaceholder,
    testing::Values("aaa", "AaaA", "...", "???", "- - -",
                    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "ああああ",
                    "ーーー", "111", "qwe", "asdf asdf", "asdfjkl;", "qwertz", "azerty", "123", "12345", "123123",
                    "poiu", "fdsa", "zxcvbnm"));
INSTANTIATE_TEST_SUITE_P(Labels, FreeTextPlaceholder, testing::Values("next step", "Next-Step:", "NEXTSTEP"));

class FreeTextAnswer : public testing::TestWithParam<const char*> {};
TEST_P(FreeTextAnswer, IsReal) {
  EXPECT_FALSE(matches(GetParam())) << GetParam();
}
INSTANTIATE_TEST_SUITE_P(All, FreeTextAnswer,
                         testing::Values("Call with purchasing on Friday", "were", "tree", "POI", "dsa", "Anna", "see",
                                         "A", "IBM", "11.11", "-123", "1/2/3", "555-1234", "12", "457", "2026",
                                         "other plan", "test drive on Monday", "No", "Yes", "next steps agreed",
                                         "Ruf uns an", "x-ray", "名前", "0", "eee commerce", "aab", "Nana",
                                         "2026-05-04", "2026-05-04T09:00:00.000Z", "0065f000000000FAAQ"));

TEST(Placeholder, OtherCountsOnlyWhereTheFieldIsSpokenOf) {
  EXPECT_TRUE(matches("Other", ValueClass::free_text, {}, "", true));
  EXPECT_FALSE(matches("Other", ValueClass::free_text, {}, "", false));
  EXPECT_TRUE(matches("Other", ValueClass::picklist, {}, "", true));
  EXPECT_FALSE(matches("Other", ValueClass::picklist, {}, "", false));
}

TEST(Placeholder, OnAPicklistNearlyEverythingIsAnAnswer) {
  for (const auto* t : {"Select", "-- Select --", "--None--", "Please select...", "Unknown", "TBD", "to be determined",
                        "Not sure", "Bitte wählen", "選択してください", "Select;Unknown"})
    EXPECT_TRUE(matches(t, ValueClass::picklist)) << t;
  for (const auto* t : {"None", "NA", "A", "Test", "n/a", "-", "xxx", "123", "asdf", "Next Step", "No", "Select Plus",
                        "Select;Gold", "00A"})
    EXPECT_FALSE(matches(t, ValueClass::picklist)) << t;
  EXPECT_TRUE(matches("None", ValueClass::picklist, add({"None"})));
}

TEST(Placeholder, NumbersAndDatesKnowOnlyTheCardsList) {
  for (const auto* t : {"111", "234", "0", "unknown", "n/a", "+49 111 111", "-"})
    EXPECT_FALSE(matches(t, ValueClass::other)) << t;
  const Placeholders p(add({"0", "1.5", "1900-01-01", "n/a"}), ValueClass::other, "Amount", true);
  EXPECT_TRUE(p.matches(Value::number(0)));
  EXPECT_TRUE(p.matches(Value::text("0.00")));
  EXPECT_TRUE(p.matches(Value::number(1.5)));
  EXPECT_FALSE(p.matches(Value::number(15)));
  EXPECT_TRUE(p.matches(Value::day(*model::parse_day("1900-01-01"))));
  EXPECT_FALSE(p.matches(Value::day(*model::parse_day("1900-01-02"))));
  EXPECT_TRUE(p.matches(Value::text("N/A")));
  EXPECT_FALSE(Placeholders({}, ValueClass::free_text, "", true).matches(Value::number(111)));
}

TEST(Placeholder, ZeroCountsWhereTheCardSaysSo) {
  Spec s;
  s.zero = true;
  const Placeholders p(s, ValueClass::other, "Amount", true);
  EXPECT_TRUE(p.matches(Value::number(0)));
  EXPECT_TRUE(p.matches(Value::number(1)));
  EXPECT_TRUE(p.matches(Value::text("1.00")));
  EXPECT_FALSE(p.matches(Value::number(2)));
  EXPECT_FALSE(Placeholders({}, ValueClass::other, "Amount", true).matches(Value::number(0)));
}

TEST(Placeholder, AddAndNotChangeTheDictionary) {
  EXPECT_TRUE(matches("waiting", ValueClass::free_text, add({"Waiting"})));
  EXPECT_TRUE(matches("TBD", ValueClass::free_text, add({"Waiting"})));
  EXPECT_FALSE(matches("None", ValueClass::free_text, without({"None"})));
  EXPECT_TRUE(matches("TBD", ValueClass::free_text, without({"None"})));
  EXPECT_FALSE(matches("III", ValueClass::free_text, without({"III"})));  // patterns too
  EXPECT_FALSE(matches("next step", ValueClass::free_text, without({"Next step"})));
}

TEST(Placeholder, OnlySwitchesEverythingElseOff) {
  const auto s = only({"TBD", "n/a", "?"});
  EXPECT_TRUE(matches(" tbd ", ValueClass::free_text, s));
  EXPECT_TRUE(matches("?", ValueClass::free_text, s));
  for (const auto* t : {"T.B.D.", "na", "unknown", "xxx", "asdf", "Next Step", "??"})
    EXPECT_FALSE(matches(t, ValueClass::free_text, s)) << t;
  EXPECT_TRUE(matches("n/a", ValueClass::picklist, s));
  EXPECT_FALSE(matches("Select", ValueClass::picklist, s));
}

TEST(Placeholder, DigitsAreComparedAsWritten) {
  const auto s = add({"1900-01-01", "0000"});
  for (const auto* t : {"1900-01-01", " 1900-01-01 ", "\u00a01900-01-01", "0000"})
    EXPECT_TRUE(matches(t, ValueClass::free_text, s)) << t;
  for (const auto* t : {"1900-01-02", "19000101", "00 00 1", "1900-01-01\u00e9"})
    EXPECT_FALSE(matches(t, ValueClass::free_text, s)) << t;
}

TEST(Placeholder, PunctuationAloneIsComparedAsWritten) {
  EXPECT_TRUE(matches("!", ValueClass::picklist, add({"!"})));
  EXPECT_FALSE(matches("%", ValueClass::picklist, add({"!"})));
  EXPECT_FALSE(matches("!", ValueClass::free_text));
}

TEST(Placeholder, BlankAndUnreadNeverAre) {
  const Placeholders p({}, ValueClass::free_text, "", true);
  EXPECT_FALSE(p.matches(Value::blank()));
  EXPECT_FALSE(p.matches(Value::unread()));
  EXPECT_FALSE(p.matches(Value::text(" \u00a0")));
  EXPECT_FALSE(p.matches(Value::boolean(false)));
}

}  // namespace
}  // namespace coachd::text
