// Prompts quote what their recipient has written down already, in place of asking again.
#include <gmock/gmock.h>

#include <string>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using testing::HasSubstr;
using testing::Not;
const std::string now = "2026-05-15T09:00:00Z";

std::string file(const std::string& field, const std::string& quote = "quote_notes: 14d\n") {
  return lab::head + quote + "fields:\n  " + field +
         ":\n    knowable_from: {creation: true}\n    needed_by: {stage: qualified}\n    ask: What about it?\n";
}

// The text of the prompt about the field where the note stands on the record.
Line text(const std::string& field, const std::string& note, const std::string& by = "ana",
          const std::string& when = "2026-05-03T09:00:00Z", const std::string& to = "ana",
          const std::string& language = "en", const std::string& yaml = "") {
  auto binding = Bench::standard();
  binding.description = model::Description{};
  auto& object = binding.description->objects["opportunity"];
  object.name = "opportunity";
  for (const auto& [name, type] : {std::pair{"stage", model::FieldType::picklist},
                                   {"owner", model::FieldType::reference},
                                   {"name", model::FieldType::text},
                                   {"next_step", model::FieldType::text},
                                   {"champion", model::FieldType::text},
                                   {"contract_end", model::FieldType::date},
                                   {"competitor", model::FieldType::picklist},
                                   {"risk", model::FieldType::picklist}}) {
    model::FieldDescription f;
    f.name = f.label = name;
    f.type = type;
    if (f.name == "next_step") f.label = "Next Step";
    if (f.name == "contract_end") f.label = "End of contract";
    if (f.name == "competitor") f.options = {{"initech", "Initech", true}, {"other", "Other", true}};
    if (f.name == "risk") f.options = {{"high", "High", true}, {"low", "Low", true}};
    object.fields.push_back(f);
  }
  Bench b(yaml.empty() ? file(field) : yaml, binding);
  b.c.notes.push_back({lab::at(when), by, note});
  const auto e = b.evaluate(now);
  EXPECT_EQ(e.verdicts.size(), 1u) << field;
  if (e.verdicts.empty()) return {};
  return line(*b.loaded.rules, *b.plan, e.verdicts[0], b.c, b.facts, b.world, lab::at(now), language, to);
}

TEST(Noted, TheNextStepThatIsPromisedInANoteIsQuoted) {
  const auto line = text("next_step", "Good call with Dana. I'll send the revised offer on Monday. They liked it.");
  EXPECT_EQ(line.ask, "Your note of 3 May mentions it: is that the Next Step?");
  EXPECT_THAT(line.say, HasSubstr("Your note of 3 May mentions: \"I'll send the revised offer on Monday\"."));
  const auto german =
      text("next_step", "Ich melde mich am Montag mit den Zahlen", "ana", "2026-05-03T09:00:00Z", "ana", "de");
  EXPECT_EQ(german.ask, "Ihre Notiz vom 2026-05-03 nennt es: Ist das „Next Step“?");
}

TEST(Noted, ALineThatBeginsWithTheFieldsNameIsTheAnswer) {
  EXPECT_THAT(text("champion", "Call\nChampion: Petra Lang, head of IT").say, HasSubstr("Petra Lang, head of IT"));
  EXPECT_EQ(text("champion", "Champion:\nnobody yet").ask, "What about it?");
  EXPECT_EQ(text("champion", "We spoke about the champion at length").ask, "What about it?");
}

TEST(Noted, DatesAndChoicesAreNamedBesideTheirField) {
  EXPECT_THAT(text("contract_end", "Their end of contract is on 12 June, she said").say, HasSubstr("12 June"));
  EXPECT_EQ(text("contract_end", "We meet on 12 June").ask, "What about it?") << "another day";
  EXPECT_THAT(text("competitor", "They also talk to Initech about the same").say, HasSubstr("talk to Initech"));
  EXPECT_EQ(text("competitor", "They talk to nobody else").ask, "What about it?");
  EXPECT_EQ(text("risk", "The mood was high").ask, "What about it?") << "the word means something else";
  EXPECT_THAT(text("risk", "I see the risk as high").say, HasSubstr("risk as high"));
}

TEST(Noted, OnlyTheRecipientsOwnRecentNoteWhereTheRulesSaySo) {
  const std::string note = "I'll send the revised offer on Monday";
  EXPECT_EQ(text("next_step", note, "ben").ask, "What about it?") << "somebody else wrote it";
  EXPECT_EQ(text("next_step", note, "ana", "2026-05-03T09:00:00Z", "li").ask, "What about it?")
      << "it goes to the manager";
  EXPECT_EQ(text("next_step", note, "ana", "2026-04-30T09:00:00Z").ask, "What about it?") << "too long ago";
  EXPECT_EQ(text("next_step", note, "ana", "2026-05-16T09:00:00Z").ask, "What about it?") << "not written yet";
  EXPECT_EQ(text("next_step", note, "ana", "2026-05-03T09:00:00Z", "ana", "en", file("next_step", "")).ask,
            "What about it?")
      << "nobody said `quote_notes`";
}

TEST(Noted, ARuleThatAsksForABlankFieldQuotesToo) {
  const std::string rule =
      lab::head +
      "quote_notes: 2w\nrules:\n  - {id: r, kind: stale, control: [prompt], when: {field: "
      "next_step, real: false}, prompt: {to: owner, say: \"{name} has none.\", ask: \"What next?\"}}\n";
  const auto line =
      text("next_step", "I'll send the revised offer on Monday", "ana", "2026-05-03T09:00:00Z", "ana", "en", rule);
  EXPECT_EQ(line.say, "Acme has none. Your note of 3 May mentions: \"I'll send the revised offer on Monday\".");
}

TEST(Noted, ALongSentenceIsCutBetweenWords) {
  std::string note = "Champion: Petra Lang";
  for (int i = 0; i < 60; ++i) note += " größe";
  const auto line = text("champion", note);
  EXPECT_THAT(line.say, HasSubstr("größe…\""));
  EXPECT_THAT(line.say, Not(HasSubstr("größe größe…\" größe")));
  EXPECT_LT(line.say.size(), 300u);
}

}  // namespace
}  // namespace coachd::rules
