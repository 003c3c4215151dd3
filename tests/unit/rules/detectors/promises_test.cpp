#include "rules/detectors/promises.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rules/detectors/due_day.hpp"

namespace coachd::rules {
namespace {

// Written on Friday, 1 May 2026.
std::string due(const std::string& sentence) {
  const auto d = due_day(sentence, *model::parse_day("2026-05-01"));
  return d ? model::to_string(*d) : "";
}
std::string promised(const std::string& note) {
  std::string out;
  for (const auto& p : promises_in(note, *model::parse_day("2026-05-01")))
    out += (out.empty() ? "" : " ") + model::to_string(p.due);
  return out;
}

TEST(DueDay, IsReadInFiveLanguages) {
  EXPECT_EQ(due("on Friday"), "2026-05-08") << "not the day itself";
  EXPECT_EQ(due("am Montag"), "2026-05-04");
  EXPECT_EQ(due("el miércoles"), "2026-05-06");
  EXPECT_EQ(due("jeudi"), "2026-05-07");
  EXPECT_EQ(due("na terça"), "2026-05-05");
  EXPECT_EQ(due("on May 12th"), "2026-05-12");
  EXPECT_EQ(due("am 12. Mai"), "2026-05-12");
  EXPECT_EQ(due("el 12 de mayo"), "2026-05-12");
  EXPECT_EQ(due("le 3 août"), "2026-08-03");
  EXPECT_EQ(due("em 12 de maio de 2026"), "2026-05-12");
  EXPECT_EQ(due("bis 12.05.2026"), "2026-05-12");
  EXPECT_EQ(due("bis 12.5."), "2026-05-12");
  EXPECT_EQ(due("by 2026-06-30"), "2026-06-30");
  EXPECT_EQ(due("by 25/05"), "2026-05-25");
  EXPECT_EQ(due("by 5/25/2026"), "2026-05-25");
  EXPECT_EQ(due("in two weeks"), "2026-05-15");
  EXPECT_EQ(due("in 3 Tagen"), "2026-05-04");
  EXPECT_EQ(due("dans deux semaines"), "2026-05-15");
  EXPECT_EQ(due("tomorrow"), "2026-05-02");
  EXPECT_EQ(due("pasado mañana"), "2026-05-03");
  EXPECT_EQ(due("next week"), "2026-05-04");
  EXPECT_EQ(due("nächste Woche Dienstag"), "2026-05-05");
  EXPECT_EQ(due("by the end of the month"), "2026-05-31");
  EXPECT_EQ(due("on 10 January"), "2027-01-10");
}

TEST(DueDay, IsNotGuessed) {
  EXPECT_EQ(due("on 03/04/2026"), "") << "day and month cannot be told apart";
  EXPECT_EQ(due("on 20 April"), "") << "it is over";
  EXPECT_EQ(due("on 31 February"), "");
  EXPECT_EQ(due("soon"), "");
  EXPECT_EQ(due("version 2.14 costs 1.200"), "");
  EXPECT_EQ(due(""), "");
  EXPECT_EQ(due("Guten Morgen"), "");
  EXPECT_EQ(due("por la mañana"), "");
}

TEST(Promises, AreTheWritersOwn) {
  EXPECT_EQ(promised("Nice chat. I'll send the deck on Monday. They will decide on Friday."), "2026-05-04");
  EXPECT_EQ(promised("Follow up next week"), "2026-05-04");
  EXPECT_EQ(promised("Wiedervorlage 12.05."), "2026-05-12");
  EXPECT_EQ(promised("Je rappelle mardi; il va signer jeudi"), "2026-05-05");
  EXPECT_EQ(promised("He will call on Monday"), "");
  EXPECT_EQ(promised("I won't call on Monday"), "");
  EXPECT_EQ(promised("Ich werde am Montag nicht anrufen"), "");
  EXPECT_EQ(promised("Sent the offer on Monday"), "");
  EXPECT_EQ(promised("The demo is on Monday"), "");
  EXPECT_EQ(promised(""), "");
  EXPECT_EQ(promised(std::string(5000, 'x')), "");
}

TEST(Promises, QuoteTheSentence) {
  const auto all = promises_in("Budget is fine. I’ll call on Monday! Bye", *model::parse_day("2026-05-01"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].quote, "I’ll call on Monday");
}

}  // namespace
}  // namespace coachd::rules
