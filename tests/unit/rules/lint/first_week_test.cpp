// manager-before-rep, too-many-asks, too-broad, noisy, and what a voluntary workflow does to who stops.
#include "tests/unit/rules/lint/said.hpp"

namespace coachd::lint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string rule(const std::string& id, const std::string& field, const std::string& to,
                 const std::string& control = "prompt") {
  return "  - {id: " + id + ", kind: stale, when: {field: " + field + ", real: false}, control: [" + control +
         "], prompt: {to: " + to + ", ask: a, gives_back: g}}\n";
}

TEST(ManagerBeforeRep, AManagerWhoHearsOfItAlone) {
  EXPECT_THAT(said("manager-before-rep", "rules:\n" + rule("r", "next_step", "owner_manager")),
              ElementsAre(HasSubstr("`r` goes to the manager")));
  EXPECT_THAT(
      said("manager-before-rep", "rules:\n" + rule("r", "next_step", "owner_manager") + rule("s", "amount", "owner")),
      SizeIs(1));
  EXPECT_THAT(said("manager-before-rep",
                   "fields: {risk: {decision: d, needed_by: {stage: won}, to: owner_manager, gives_back: g}}\n"),
              SizeIs(1));
}

TEST(ManagerBeforeRep, TheOwnerIsAskedForTheSameThing) {
  EXPECT_THAT(said("manager-before-rep",
                   "rules:\n" + rule("r", "next_step", "owner_manager") + rule("s", "next_step", "owner")),
              IsEmpty());
  EXPECT_THAT(said("manager-before-rep",
                   "fields: {next_step: {decision: d, needed_by: {stage: won}, gives_back: g}}\n"
                   "rules:\n" +
                       rule("r", "next_step", "owner_manager")),
              IsEmpty());
  EXPECT_THAT(said("manager-before-rep", "rules:\n" + rule("r", "next_step", "owner_manager", "packet")), IsEmpty());
  EXPECT_THAT(said("manager-before-rep", "rules:\n" + rule("r", "next_step", "definition_owner")), IsEmpty());
}

TEST(TooManyAsks, MoreThanThreeFromTheFirstDay) {
  const auto three = "rules:\n" + rule("a", "f", "owner") + rule("b", "g", "owner") + rule("c", "h", "owner");
  EXPECT_THAT(said("too-many-asks", three), IsEmpty());
  EXPECT_THAT(said("too-many-asks", three + rule("d", "i", "owner_manager")), IsEmpty());
  EXPECT_THAT(said("too-many-asks", three + rule("d", "i", "owner", "flag, prompt")), IsEmpty());
  EXPECT_THAT(said("too-many-asks", three + rule("d", "i", "person:x@example.com")), IsEmpty());
  EXPECT_THAT(
      said("too-many-asks", three + rule("d", "i", "owner")),
      ElementsAre("5: 4 questions to the job `rep` begin on the first day (`a`, `b`, `c` and 1 more): begin with "
                  "three, and put `flag` before `prompt` in the others"));
  EXPECT_THAT(said("too-many-asks", three + "fields: {x: {decision: d, needed_by: {stage: won}, gives_back: g}}\n"),
              SizeIs(1))
      << "a card without `control` prompts";
}

std::string other(std::string text) {
  return text.replace(text.find("workflow: w"), 11, "workflow: v");
}

TEST(TooBroad, ASecondWorkflowThatAsksTheSamePeople) {
  const auto one = head + "rules:\n" + rule("r", "f", "owner");
  const auto two = other(head + "rules:\n" + rule("s", "g", "owner"));
  EXPECT_THAT(said("too-broad", {{"a.yaml", one}, {"b.yaml", two}}),
              ElementsAre(testing::AllOf(testing::StartsWith("-4: "), HasSubstr("`w`"), HasSubstr("`enough:`"))));
  EXPECT_THAT(said("too-broad", {{"a.yaml", one + "enough: 90%\n"}, {"b.yaml", two}}), IsEmpty());
  EXPECT_THAT(said("too-broad",
                   {{"a.yaml", one}, {"b.yaml", other(head + "rules:\n" + rule("s", "g", "owner", "flag, prompt"))}}),
              IsEmpty());
  EXPECT_THAT(
      said("too-broad", {{"a.yaml", one}, {"b.yaml", other(head + "rules:\n" + rule("s", "g", "job:finance"))}}),
      IsEmpty());
  EXPECT_THAT(said("too-broad", {{"a.yaml", one}}), IsEmpty());
}

TEST(Noisy, MoreThanTheBudgetOfAWeek) {
  const rules::Source source{"a.yaml", head + "rules:\n" + rule("r", "f", "owner") + rule("s", "g", "owner", "flag")};
  const auto found = noisy(source, {{"r", {212, 9}}, {"s", {900, 9}}}, 6);
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].code, "noisy");
  EXPECT_THAT(found[0].message, HasSubstr("`r` would ask 9 people about 212 records, 24 each"));
  EXPECT_THAT(noisy(source, {{"r", {54, 9}}}, 6), IsEmpty());
  // Few today, and many week after week.
  const auto replayed =
      noisy(source, {{"r", {.findings = 9, .owners = 9, .opened = 260, .opened_by = 9, .weeks = 4}}}, 6);
  ASSERT_EQ(replayed.size(), 1u);
  EXPECT_THAT(replayed[0].message,
              HasSubstr("would have asked 9 people about 260 records in the last 4 weeks, 8 each a week"));
  EXPECT_THAT(noisy(source, {{"r", {.findings = 9, .owners = 9, .opened = 216, .opened_by = 9, .weeks = 4}}}, 6),
              IsEmpty());
  EXPECT_THAT(noisy(source, {}, 6), IsEmpty()) << "without counts nothing is said";
}

TEST(Voluntary, ListsWhatOthersWouldSee) {
  const auto stops = [](const std::string& text) {
    const rules::Source source{"a.yaml", head + text};
    return if_a_rep_stops(std::span(&source, 1));
  };
  EXPECT_THAT(stops("rules:\n" + rule("r", "f", "owner")), IsEmpty()) << "not voluntary";
  const auto good = stops("voluntary: true\nrules:\n" + rule("r", "f", "owner"));
  ASSERT_THAT(good, SizeIs(1));
  EXPECT_THAT(good[0].happens, IsEmpty());
  const auto bad = stops("voluntary: true\nrules:\n" + rule("r", "f", "owner_manager", "flag, packet, prompt"));
  ASSERT_THAT(bad, SizeIs(1));
  EXPECT_THAT(bad[0].happens, ElementsAre("`r` marks their records in reports",
                                          "`r` brings their records before a meeting of their manager",
                                          "`r` asks their manager about their records"));
}

}  // namespace
}  // namespace coachd::lint
