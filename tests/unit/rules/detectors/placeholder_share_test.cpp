#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/rules/detectors/desk.hpp"

namespace coachd::rules::desk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// `n` records of a person, `bad` of them with a placeholder.
void add(Desk& d, const std::string& who, int n, int bad) {
  for (int i = 0; i < n; ++i)
    d.see(
        {.id = who + std::to_string(i), .values = {{"champion", i < bad ? "tbd" : "Nora Stein, CFO"}, {"owner", who}}});
}

TEST(PlaceholderShare, FindsWhoLiesSurelyAboveTheOthers) {
  Desk d("opportunity", "placeholder-share", "{fields: [champion]}");
  add(d, "ana", 40, 24);
  for (const char* who : {"ben", "cem", "dora", "eva", "finn"}) add(d, who, 60, 4);
  EXPECT_THAT(d.keys(), ElementsAre("ana|champion"));
  EXPECT_EQ(d.last.findings[0].person, "ana");
  EXPECT_THAT(d.last.findings[0].why, HasSubstr("24 of 40 values of champion are placeholders"));
}

TEST(PlaceholderShare, FewRecordsProveNothing) {
  Desk d("opportunity", "placeholder-share", "{fields: [champion]}");
  add(d, "ana", 5, 5);
  for (const char* who : {"ben", "cem", "dora"}) add(d, who, 60, 4);
  EXPECT_THAT(d.keys(), IsEmpty());
}

TEST(PlaceholderShare, WhereEverybodyDoesItTheFieldIsAtFault) {
  Desk person("opportunity", "placeholder-share", "{fields: [champion]}");
  Desk field("opportunity", "placeholder-share", "{fields: [champion], of: field}");
  for (Desk* d : {&person, &field}) {
    add(*d, "ana", 60, 55);
    for (const char* who : {"ben", "cem", "dora"}) add(*d, who, 60, 25);
  }
  EXPECT_THAT(person.keys(), IsEmpty());
  EXPECT_THAT(field.keys(), ElementsAre("champion"));
  EXPECT_EQ(field.last.findings[0].unit, Unit::field);
}

TEST(PlaceholderShare, ATeamIsComparedWithItself) {
  Desk d("opportunity", "placeholder-share", "{fields: [champion], field_above: 50%}");
  for (const char* who : {"ana", "ben", "cem"}) d.person(who, "rep", "north");
  for (const char* who : {"dora", "eva", "finn"}) d.person(who, "rep", "south");
  for (const char* who : {"ana", "ben", "cem"}) add(d, who, 80, 32);  // the whole team
  for (const char* who : {"dora", "eva", "finn"}) add(d, who, 80, 2);
  EXPECT_THAT(d.keys(), IsEmpty());
}

TEST(PlaceholderShare, QueuesAndLeaversAreNoPersons) {
  Desk d("opportunity", "placeholder-share", "{fields: [champion]}");
  d.person("queue", "", "", false);
  for (const char* who : {"ben", "cem", "dora"}) d.person(who, "rep");
  add(d, "queue", 40, 30);
  for (const char* who : {"ben", "cem", "dora"}) add(d, who, 100, 4);
  EXPECT_THAT(d.keys(), IsEmpty());
}

TEST(PlaceholderShare, WithoutRecordsItCannotBeTold) {
  Desk d("opportunity", "placeholder-share", "{fields: [champion]}");
  EXPECT_THAT(d.keys(), IsEmpty());
  EXPECT_EQ(d.last.untold.size(), 2u);
}

}  // namespace
}  // namespace coachd::rules::desk
