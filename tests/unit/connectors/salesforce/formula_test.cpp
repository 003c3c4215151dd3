// What validation rules ask of a field: formulas as organisations write them, each with what is to be read out of it.
#include "connectors/salesforce/formula.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "connectors/salesforce/formula_judge.hpp"
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"

namespace coachd::salesforce {
namespace {

using model::FieldType;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<model::Stage> stages() {
  std::vector<model::Stage> out;
  for (const char* name : {"Prospecting", "Qualification", "Proposal", "Negotiation", "Closed Won", "Closed Lost"}) {
    model::Stage s;
    s.name = s.label = name;
    s.won = s.name == "Closed Won";
    s.lost = s.name == "Closed Lost";
    out.push_back(s);
  }
  return out;
}

model::ObjectDescription opportunity() {
  model::ObjectDescription o;
  o.name = "Opportunity";
  const auto add = [&](const char* name, const char* label, FieldType type) {
    model::FieldDescription f;
    f.name = name;
    f.label = label;
    f.type = type;
    o.fields.push_back(f);
  };
  add("StageName", "Stage", FieldType::picklist);
  add("Amount", "Amount", FieldType::currency);
  add("CloseDate", "Close Date", FieldType::date);
  add("Probability", "Probability (%)", FieldType::percent);
  add("Type", "Type", FieldType::picklist);
  add("NextStep", "Next Step", FieldType::text);
  add("LeadSource", "Lead Source", FieldType::picklist);
  add("AccountId", "Account", FieldType::reference);
  add("IsClosed", "Closed", FieldType::boolean);
  add("Procurement__c", "Procurement", FieldType::picklist);
  add("Risk__c", "Risk", FieldType::long_text);
  add("Champion__c", "Champion", FieldType::reference);
  add("Seats__c", "Seats", FieldType::number);
  add("Kickoff__c", "Kickoff", FieldType::date);
  add("Regions__c", "Regions", FieldType::multi_picklist);
  add("Bypass__c", "Bypass", FieldType::boolean);
  o.pipelines = {{"", "", stages()}};
  return o;
}

// What is said of one field: "always", "from Proposal on, where ...", "not read: ..."; "-": nothing is asked of it.
std::string asked(const std::string& formula, const std::string& field, const model::ObjectDescription& object,
                  const DeveloperNames& names = {}) {
  const auto reading = read_rule("R", formula, object, names);
  const auto found = reading.fields.find(field);
  if (found == reading.fields.end()) return "-";
  std::string out;
  for (const auto& r : found->second) {
    std::string words = model::words(r, object.pipelines);
    for (const std::string lead : {"validation rule R requires it", "validation rule R was "})
      if (words.starts_with(lead)) words = words.substr(lead.size());
    words = words.starts_with(", ") || words.empty() ? "always" + words : words;
    out += (out.empty() ? "" : "; ") + words.substr(words.front() == ' ' ? 1 : 0);
  }
  return out;
}

struct Written {
  const char* formula;
  const char* field;
  const char* said;
};

class Formulas : public testing::TestWithParam<Written> {};

TEST_P(Formulas, AreRead) {
  const auto& [formula, field, said] = GetParam();
  EXPECT_EQ(asked(formula, field, opportunity()), said) << formula;
}

constexpr const char* procurement = "Procurement__c";
constexpr const char* risk = "Risk__c";
constexpr const char* champion = "Champion__c";
constexpr const char* seats = "Seats__c";
constexpr const char* next = "NextStep";

INSTANTIATE_TEST_SUITE_P(
    Always, Formulas,
    testing::Values(Written{"ISBLANK(NextStep)", next, "always"}, Written{"isblank( nextstep )", next, "always"},
                    Written{"ISBLANK(TEXT(Procurement__c))", procurement, "always"},
                    Written{"ISPICKVAL(Procurement__c, '')", procurement, "always"},
                    Written{"TEXT(Procurement__c) = \"\"", procurement, "always"},
                    Written{"\"\" == TEXT(Procurement__c)", procurement, "always"},
                    Written{"LEN(Risk__c) = 0", risk, "always"}, Written{"LEN(TRIM(Risk__c)) < 20", risk, "always"},
                    Written{"ISNULL(Seats__c)", seats, "always"}, Written{"ISNULL(Kickoff__c)", "Kickoff__c", "always"},
                    Written{"ISBLANK(Champion__c)", champion, "always"},
                    Written{"ISBLANK(Champion__r.Email)", champion, "always"},
                    Written{"ISBLANK(Account.Name)", "AccountId", "always"},
                    Written{"OR(ISBLANK(Seats__c), Seats__c <= 0)", seats, "always"},
                    Written{"ISBLANK(NextStep) || ISBLANK(Risk__c)", risk, "always"},
                    Written{"NOT(ISPICKVAL(Procurement__c, 'Approved'))", procurement, "always"},
                    Written{"BLANKVALUE(NextStep, \"none\") = \"none\"", next, "always"},
                    Written{"CASE(Procurement__c, 'Approved', 1, 'In review', 1, 0) = 0", procurement, "always"},
                    Written{"NOT(NOT(ISBLANK(NextStep)))", next, "always"},
                    Written{"/* before 2020: AND(FALSE) */ ISBLANK(NextStep)", next, "always"}));

INSTANTIATE_TEST_SUITE_P(
    ByStage, Formulas,
    testing::Values(
        Written{"AND(ISPICKVAL(StageName, \"Proposal\"), ISBLANK(Risk__c))", risk, "in Proposal"},
        Written{"TEXT(StageName) = 'Closed Lost' && ISBLANK(TEXT(LeadSource))", "LeadSource", "in Closed Lost"},
        Written{"AND(OR(ISPICKVAL(StageName,'Proposal'), ISPICKVAL(StageName,'Negotiation'), ISPICKVAL(StageName,"
                "'Closed Won')), ISBLANK(Champion__c))",
                champion, "from Proposal on"},
        Written{"AND(CASE(StageName, 'Prospecting', 1, 'Qualification', 2, 'Proposal', 3, 'Negotiation', 4, 'Closed "
                "Won', 5, 0) >= 2, ISPICKVAL(Procurement__c, ''))",
                procurement, "from Qualification on"},
        Written{"IF(ISPICKVAL(StageName, 'Negotiation'), ISBLANK(Seats__c), FALSE)", seats, "in Negotiation"},
        Written{"AND(NOT(ISPICKVAL(StageName, 'Prospecting')), ISBLANK(NextStep))", next, "from Qualification on"},
        Written{"AND(TEXT(StageName) <> 'Prospecting', TEXT(StageName) != 'Qualification', ISBLANK(NextStep))", next,
                "from Proposal on"},
        Written{"AND(NOT(IsClosed), ISBLANK(NextStep))", next,
                "in Prospecting, Qualification, Proposal or Negotiation"},
        Written{"IsWon && ISBLANK(Kickoff__c)", "Kickoff__c", "in Closed Won"},
        Written{"AND(CONTAINS('Proposal:Negotiation', TEXT(StageName)), ISBLANK(Risk__c))", risk,
                "in Proposal or Negotiation"},
        Written{"AND(BEGINS(TEXT(StageName), 'Closed'), ISBLANK(Risk__c))", risk, "in Closed Won or Closed Lost"},
        Written{"IF(OR(ISPICKVAL(StageName,'Closed Won')), IF(ISBLANK(Seats__c), TRUE, FALSE), FALSE)", seats,
                "in Closed Won"},
        Written{"AND(ISPICKVAL(StageName, 'No Such Stage'), ISBLANK(Risk__c))", risk, "-"},
        Written{"AND(ISPICKVAL(StageName, 'proposal'), ISBLANK(Risk__c))", risk, "-"},
        Written{"IF(ISPICKVAL(StageName,'Closed Won'),1,0) + IF(ISBLANK(NextStep),1,0) > 1", next, "in Closed Won"}));

INSTANTIATE_TEST_SUITE_P(
    UnderConditions, Formulas,
    testing::Values(
        Written{"AND(ISNEW(), ISBLANK(LeadSource))", "LeadSource", "always, where the record is new"},
        Written{"AND(ISCHANGED(StageName), ISPICKVAL(StageName,'Proposal'), ISBLANK(Risk__c))", risk,
                "in Proposal, where Stage changes"},
        Written{"AND(ISPICKVAL(PRIORVALUE(StageName), 'Prospecting'), ISPICKVAL(StageName,'Qualification'), "
                "ISBLANK(NextStep))",
                next, "in Qualification, where Stage before the save is \"Prospecting\""},
        Written{"AND(Amount > 50000, ISBLANK(Risk__c))", risk, "always, where Amount is above 50000"},
        Written{"AND(10 <= Amount, ISBLANK(Risk__c))", risk, "always, where Amount is at least 10"},
        Written{"AND($Profile.Name <> 'System Administrator', ISPICKVAL(StageName,'Proposal'), ISBLANK(Risk__c))", risk,
                "in Proposal, where the user's profile is not \"System Administrator\""},
        Written{"AND(NOT($Permission.Skip_Rules), ISBLANK(Risk__c))", risk,
                "always, where the user lacks the permission Skip_Rules"},
        Written{"AND($User.Bypass__c = FALSE, ISBLANK(Risk__c))", risk,
                "always, where the user's Bypass__c is not true"},
        Written{"AND(NOT($Setup.Rules__c.Off__c), ISBLANK(Risk__c))", risk,
                "always, where the setting Rules__c.Off__c is not true"},
        Written{"AND(NOT(Bypass__c), ISBLANK(Risk__c))", risk, "always, where Bypass is not true"},
        Written{"AND(ISPICKVAL(Type,'Renewal'), ISBLANK(Risk__c))", risk, "always, where Type is \"Renewal\""},
        Written{"AND(CASE(Type,'Renewal',1,'Upgrade',1,0)=1, ISBLANK(Risk__c))", risk,
                "always, where Type is \"Renewal\" or Type is \"Upgrade\""},
        Written{"AND(ISBLANK(Risk__c), ISBLANK(NextStep))", risk, "always, where Next Step is blank"},
        Written{"AND(ISBLANK(Risk__c), LEN(NextStep) > 0)", risk, "always, where Next Step is filled"},
        Written{"AND(ISBLANK(Risk__c), NOT(ISBLANK(PRIORVALUE(Risk__c))))", risk,
                "always, where Risk before the save is filled"},
        Written{"AND(Account.Industry = 'Banking', ISBLANK(Risk__c))", risk,
                "always, where Account.Industry is \"Banking\""},
        Written{"OR(Amount < 0, AND(ISNEW(), ISBLANK(Risk__c)))", risk, "always, where the record is new"},
        Written{"AND(CloseDate < TODAY() + 30, ISBLANK(Risk__c))", risk,
                "always, where Close Date is below today + 30"},
        Written{"IF(ISNEW(), ISBLANK(NextStep), ISBLANK(Risk__c))", risk, "always, where the record is not new"},
        Written{"IF(ISBLANK(Risk__c),1,0) + IF(ISBLANK(NextStep),1,0) >= 2", risk, "always, where Next Step is blank"},
        Written{"AND(ISPICKVAL(StageName,'Proposal'), OR(Amount > 5, ISNEW()), ISBLANK(Risk__c))", risk,
                "in Proposal, where Amount is above 5 or the record is new"}));

INSTANTIATE_TEST_SUITE_P(
    AskNothing, Formulas,
    testing::Values(
        Written{"NOT(ISBLANK(Risk__c))", risk, "-"}, Written{"Amount < 0", risk, "-"},
        Written{"AND(NOT(ISBLANK(Risk__c)), LEN(Risk__c) < 20)", risk, "-"},
        Written{"AND(NOT(ISBLANK(Seats__c)), Seats__c < 10)", seats, "-"},
        Written{"ISPICKVAL(Procurement__c, 'Approved')", procurement, "-"}, Written{"ISCHANGED(Risk__c)", risk, "-"},
        Written{"LEN(Risk__c) > 255", risk, "-"}, Written{"ISNULL(NextStep)", next, "-"},  // a text is never null
        Written{"INCLUDES(Regions__c, 'EMEA')", "Regions__c", "-"}, Written{"AND(FALSE, ISBLANK(Risk__c))", risk, "-"},
        Written{"OR(ISBLANK(Risk__c), TRUE)", risk, "-"},  // it refuses every save
        Written{"AND(NOT(ISBLANK(NextStep)), NOT(REGEX(NextStep, '\\\\d+.*')))", next, "-"},
        Written{"AND(NOT(ISBLANK(Champion__c)), Champion__r.Age__c < 18)", champion, "-"},
        Written{"ISBLANK(Bypass__c)", "Bypass__c", "-"}, Written{"Amount > 5 || 'ISBLANK(Risk__c)' = 'x'", risk, "-"}));

INSTANTIATE_TEST_SUITE_P(
    NotRead, Formulas,
    testing::Values(
        Written{
            "AND(ISBLANK(Risk__c), VLOOKUP($ObjectType.Z__c.Fields.A__c, $ObjectType.Z__c.Fields.Name, Type) = 'x')",
            risk, "not read: it looks something up on other records (VLOOKUP)"},
        Written{"AND(ISBLANK(Risk__c), $CustomMetadata.Rule__mdt.Risk.On__c)", risk,
                "not read: it rests on $CustomMetadata.Rule__mdt.Risk.On__c"},
        Written{"Seats__c < 10", seats, "not read: what a comparison with a blank number, date or lookup comes to"},
        Written{"Kickoff__c < CloseDate", "Kickoff__c",
                "not read: what a comparison with a blank number, date or lookup comes to"},
        Written{"Seats__c * 2 > 10", seats, "not read: what * makes of a blank number, date or lookup"},
        Written{"NextStep = NULL", next, "not read: it compares with NULL"},
        Written{"NOT(REGEX(NextStep, '\\\\d+'))", next, "not read: what REGEX comes to here"},
        Written{"AND(PREDICT(Amount) > 3, ISBLANK(Risk__c))", risk, "not read: it uses PREDICT"},
        Written{"ISNULL(Procurement__c)", procurement, "not read: what ISNULL says of Procurement"},
        Written{"AND(ISBLANK(Risk__c)", risk, "not read: the end stands where a bracket should close (character 21)"},
        Written{"AND(ISBLANK(Risk__c),)", risk, "not read: `)` stands where a value should stand (character 22)"},
        Written{"ISBLANK(Risk__c) ISNEW()", risk,
                "not read: `ISNEW` stands where the formula should end (character 18)"},
        Written{"ISBLANK(Risk__c) && \"open", risk, "not read: a text does not end (character 21)"},
        Written{"ISBLANK(Risk__c) /* open", risk, "not read: a comment does not end (character 18)"},
        Written{"ISBLANK(Risk__c) # 1", risk, "not read: `#` is no part of a formula (character 18)"},
        Written{"1.2.3 > LEN(Risk__c)", risk, "not read: a number that is none (character 1)"},
        Written{"ISBLANK(Risk__c, 1)", risk, "not read: ISBLANK with arguments that it does not take"},
        Written{"AND(NextStep, ISBLANK(Risk__c))", next, "not read: blank stands where a condition should stand"},
        Written{"ISBLANK(Risk__c) = 1", risk, "not read: 1 stands where a condition should stand"}));

TEST(Formula, ARuleThatIsReadNamesNoReason) {
  const auto reading = read_rule("R", "AND(ISNEW(), ISBLANK(NextStep))", opportunity(), {});
  EXPECT_THAT(reading.rule.unread, IsEmpty());
  EXPECT_EQ(reading.rule.formula.size(), 16u);
  EXPECT_EQ(reading.rule.formula, read_rule("S", "AND(ISNEW(), ISBLANK(NextStep))", opportunity(), {}).rule.formula);
  EXPECT_NE(reading.rule.formula, read_rule("R", "AND(ISNEW(), ISBLANK(Risk__c))", opportunity(), {}).rule.formula);
}

TEST(Formula, WhoSavesIsNothingOfTheRecord) {
  const auto one = [](const char* formula) {
    return read_rule("R", formula, opportunity(), {}).fields.at("Risk__c").at(0).of_record;
  };
  EXPECT_FALSE(one("ISBLANK(Risk__c)"));
  EXPECT_FALSE(one("AND(ISNEW(), $Profile.Name <> 'x', NOT($Permission.P), ISBLANK(Risk__c))"));
  EXPECT_FALSE(one("AND(ISCHANGED(StageName), ISBLANK(Risk__c))"));
  EXPECT_TRUE(one("AND(ISNEW(), Amount > 5, ISBLANK(Risk__c))"));
  EXPECT_TRUE(one("AND(ISCHANGED(Amount), ISBLANK(Risk__c))"));
}

TEST(Formula, RecordTypesAreTheirPipelines) {
  auto object = opportunity();
  object.pipelines = {{"012000000000001AAA", "New business", stages()}, {"012000000000002AAA", "Renewal", stages()}};
  const DeveloperNames names{{"012000000000001AAA", "New_business"}, {"012000000000002AAA", "Renewal_type"}};
  const std::string risk_blank = ", ISBLANK(Risk__c))";
  for (const char* renewal : {"RecordType.Name = 'Renewal'", "RecordType.DeveloperName = 'Renewal_type'",
                              "RecordTypeId = '012000000000002AAA'", "RecordTypeId = '012000000000002'"})
    EXPECT_EQ(asked("AND(" + std::string(renewal) + risk_blank, "Risk__c", object, names), "of Renewal") << renewal;
  EXPECT_EQ(
      asked("AND(RecordType.Name = 'Renewal', ISPICKVAL(StageName,'Proposal')" + risk_blank, "Risk__c", object, names),
      "in Proposal of Renewal");
  EXPECT_EQ(asked("AND(ISPICKVAL(StageName,'Proposal')" + risk_blank, "Risk__c", object, names), "in Proposal");
  EXPECT_EQ(asked("AND(OR(RecordType.Name = 'Renewal', ISPICKVAL(StageName,'Proposal'))" + risk_blank, "Risk__c",
                  object, names),
            "in Proposal of New business; of Renewal");
  EXPECT_EQ(asked("AND(RecordType.Name = 'Renewal'" + risk_blank, "Risk__c", opportunity()),
            "always, where RecordType.Name is \"Renewal\"")
      << "an organisation without record types";
}

TEST(Formula, AStageIsMetByItsNameAndByItsLabel) {
  auto object = opportunity();
  object.pipelines[0].stages[2].label = "Angebot";
  for (const char* name : {"Proposal", "Angebot"})
    EXPECT_EQ(asked("AND(ISPICKVAL(StageName,'" + std::string(name) + "'), ISBLANK(Risk__c))", "Risk__c", object),
              "in Angebot");
}

TEST(Formula, ItsSizeAndDepthAreBounded) {
  const auto nested = [](std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += "NOT(";
    return out + "ISBLANK(NextStep)" + std::string(times, ')');
  };
  EXPECT_EQ(asked(nested(60), "NextStep", opportunity()), "always");
  EXPECT_THAT(asked(nested(2000), "NextStep", opportunity()), HasSubstr("not read: it is nested too deep"));
  EXPECT_THAT(asked(std::string(5000, '(') + "ISBLANK(NextStep)", "NextStep", opportunity()), HasSubstr("too deep"));
  EXPECT_THAT(asked(std::string(5000, '!') + "ISBLANK(NextStep)", "NextStep", opportunity()), HasSubstr("too deep"));
  EXPECT_THAT(asked("ISBLANK(NextStep)" + std::string(longest_formula, ' '), "NextStep", opportunity()),
              HasSubstr("more than the 20000 that are read"));
  std::string wide = "ISBLANK(NextStep)";
  for (int i = 0; i < 900; ++i) wide += " || ISBLANK(NextStep)";
  EXPECT_EQ(asked(wide, "NextStep", opportunity()), "always") << "a long chain is not deep";
  std::string cases = "AND(ISBLANK(NextStep), OR(Amount = 0";
  for (int i = 1; i < 100; ++i) cases += ", Amount = " + std::to_string(i);
  EXPECT_EQ(asked(cases + "))", "NextStep", opportunity()), "not read: it weighs too many conditions at once");
}

TEST(Formula, NamesOfAnyTextAreFound) {
  EXPECT_EQ(names_in_formula("AND(Risk__c, Account.Name, 'NextStep' /* Seats__c */, risk__C"),
            (std::vector<std::string>{"and", "risk__c", "account.name"}));
}

}  // namespace
}  // namespace coachd::salesforce
