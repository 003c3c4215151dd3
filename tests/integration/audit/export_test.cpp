// Exports as people have them: folded lines, bad rows, other spellings, histories; and wrong use, said in one sentence.
#include <gmock/gmock.h>

#include "tests/integration/audit/audit_run.hpp"

namespace coachd::test {
namespace {

using testing::HasSubstr;
using testing::Pair;

constexpr const char* rules = R"(version: 1
workflow: w
object: opportunity
owner: revops@example.com
stages: [Open, {name: Won, won: true}]
rules:
  - {id: big, kind: stale, when: {field: amount, at_least: 1000}, control: [flag]}
  - {id: old, kind: stale, when: {field: close_date, before: 2026-01-01}, control: [flag]}
  - {id: no-step, kind: fake-adoption, for: {open: true}, when: {field: next_step, real: false}, control: [flag]}
)";

std::vector<std::string> found(const AuditRun& r) {
  std::vector<std::string> out;
  for (const auto& l : r.lines)
    if (l.at("type") == "finding")
      out.push_back(std::string(l.at("record").as_string()) + " " + std::string(l.at("rule").as_string()));
  return out;
}

TEST(Export, FoldsSeveralLinesOfOneRecord) {
  const TempFolder t;
  const auto csv = t.write("e.csv",
                           "id,stage,amount,close,step,product\n"
                           "1,Open,2000,2026-02-01,,A\n"
                           "2,Open,500,2026-02-01,tbd,A\n"
                           "1,Open,2000,2026-02-01,Call Ana,B\n"
                           "3,Won,,2025-02-01,,C\n");
  const auto map = t.write("m.yaml",
                           "object: opportunity\nkey: [id]\nfields: {stage: stage, amount: amount, close_date: close, "
                           "next_step: step}\nas_of: 2026-03-01\n");
  const AuditRun r = run_audit({"--file", csv, "--map", map, "--rules", t.write("r.yaml", rules)});
  EXPECT_THAT(found(r), testing::UnorderedElementsAre("1 big", "2 no-step", "3 old")) << r.err;
  EXPECT_EQ(r.summary.at("rows").to_number<int>(), 4);
  EXPECT_EQ(r.summary.at("records").to_number<int>(), 3);
  EXPECT_EQ(r.number("step", "blank"), 1);
  EXPECT_THAT(r.untold(), testing::Contains(Pair(
                              "column product: the lines of one record say different things; the first counts", 1)));
}

TEST(Export, BadRowsAreListedAndTheRestIsRead) {
  const TempFolder t;
  const auto csv = t.write("e.csv",
                           "Id,StageName,Amount,CloseDate,NextStep\n1,Open,2000,2026-02-01,x\n2,Open\n3,Open,\"20\"00,"
                           "2026-02-01,x\n4,Open,3000,2026-02-01,Call\n");
  const AuditRun r = run_audit({"--file", csv, "--rules", t.write("r.yaml", rules)});
  std::vector<std::string> bad;
  for (const auto& l : r.lines)
    if (l.at("type") == "bad_row")
      bad.push_back(std::to_string(l.at("line").to_number<int>()) + " " + std::string(l.at("why").as_string()));
  EXPECT_THAT(bad, testing::ElementsAre("3 2 columns instead of 5", "4 broken quotes"));
  EXPECT_EQ(r.summary.at("bad_rows").to_number<int>(), 2);
  EXPECT_EQ(r.found("big"), 2) << r.err;
}

TEST(Export, SpellingsOfTheMapAreUsed) {
  const TempFolder t;
  const auto csv = t.write("e.csv",
                           "id;stage;amount;close;step\n1;Open;1.000,50;31.12.2025;NaT\n2;Open;999,99;31.02.2026;"
                           "Anruf\n3;Open;1,000.50;01.02.2026;Anruf\n");
  const auto map = t.write("m.yaml", R"(object: opportunity
key: id
fields: {stage: stage, amount: amount, close_date: close, next_step: step}
dates: ["%d.%m.%Y"]
numbers: {decimal: ",", thousands: "."}
blank: [NaT]
as_of: 2026-03-01
)");
  const AuditRun r = run_audit({"--file", csv, "--map", map, "--rules", t.write("r.yaml", rules)});
  EXPECT_THAT(found(r), testing::UnorderedElementsAre("1 big", "1 old", "1 no-step")) << r.out << r.err;
  EXPECT_EQ(r.number("step", "blank"), 1);
  const auto untold = r.untold();
  EXPECT_THAT(untold,
              testing::Contains(Pair("column close: a date that does not exist, or in none of the known forms", 1)));
  EXPECT_THAT(untold, testing::Contains(Pair("column amount: no number in a column of numbers", 1)));
  EXPECT_THAT(untold, testing::Contains(Pair(HasSubstr("old: "), 1)));
}

TEST(Export, AListOfChangesIsHistoryToo) {
  const TempFolder t;
  const auto csv = t.write("e.csv",
                           "Id,StageName,CloseDate,CreatedDate\n1,Open,2026-06-01,2025-01-01T10:00:00Z\n2,Open,2026-06-"
                           "01,2025-01-01T10:00:00Z\n");
  t.write("h.csv",
          "OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById\n"
          "9,CloseDate,2025-01-01,2025-02-01,2025-01-01T00:00:00Z,a\n"
          "1,CloseDate,2026-03-01,2026-04-01,2026-01-10T10:00:00Z,a\n"
          "1,CloseDate,2026-04-01,2026-06-01,2026-02-10T10:00:00Z,a\n"
          "2,CloseDate,2026-07-01,2026-06-01,2026-02-10T10:00:00Z,a\n");
  const auto map = t.write("m.yaml",
                           "object: opportunity\nkey: Id\nhistory: {file: h.csv, key: OpportunityId, at: CreatedDate, "
                           "field: Field, from: OldValue, to: NewValue, by: CreatedById}\nas_of: 2026-03-01\n");
  const auto pushed = t.write("r.yaml", R"(version: 1
workflow: w
object: opportunity
owner: revops@example.com
stages: [Open, {name: Won, won: true}]
rules:
  - {id: pushed, kind: stale, when: {field: CloseDate, moved_later: {at_least: 2, within: 90d}}, control: [flag]}
)");
  const AuditRun r = run_audit({"--file", csv, "--map", map, "--rules", pushed});
  EXPECT_THAT(found(r), testing::ElementsAre("1 pushed")) << r.out << r.err;
}

TEST(Export, SinceWhenAColumnIsUsed) {
  const TempFolder t;
  const auto csv = t.write("e.csv",
                           "Id,OwnerId,SystemModstamp,CreatedDate,Old,New\n1,a,,2024-01-01,Contract,\n2,a,,2024-06-01,"
                           "tbd,\n3,a,,2025-01-01,,y\n4,a,,2025-06-01,,z\n");
  const AuditRun r = run_audit({"--file", csv});
  EXPECT_EQ(r.fields.at("New").at("first_real").as_string(), "2025-01-01");
  EXPECT_EQ(r.fields.at("New").at("last_real").as_string(), "2025-06-01");
  EXPECT_EQ(r.fields.at("Old").at("last_real").as_string(), "2024-01-01");
}

TEST(Export, ACardGovernsItsFieldInTheEvidenceToo) {
  const TempFolder t;
  const auto csv = t.write("e.csv", "Id,StageName,Reason\n1,Open,Other\n2,Open,Price\n");
  const auto with_card =
      t.write("r.yaml",
              "version: 1\nworkflow: w\nobject: opportunity\nowner: a@example.com\nstages: [Open, {name: Won, won: "
              "true}]\nfields:\n  Reason: {knowable_from: {creation: true}, needed_by: {stage: Open}, decision: x}\n");
  EXPECT_EQ(run_audit({"--file", csv}).number("Reason", "placeholder"), 0);
  const AuditRun r = run_audit({"--file", csv, "--rules", with_card});
  EXPECT_EQ(r.number("Reason", "placeholder"), 1) << r.err;
}

TEST(Export, WrongUseIsOneSentenceAndExitTwo) {
  const TempFolder t;
  const auto csv = t.write("e.csv", "Id,StageName,Amount,CloseDate,NextStep\n1,Open,2000,2026-02-01,x\n");
  const auto rule_file = t.write("r.yaml", rules);
  const auto fails = [&](std::vector<std::string> args, const std::string& says) {
    const AuditRun r = run_audit(std::move(args), false);
    EXPECT_EQ(r.code, 2) << says;
    EXPECT_THAT(r.err, HasSubstr(says));
    EXPECT_EQ(r.out, "");
  };
  fails({}, "--file");
  fails({"--file", (t.path() / "none.csv").string()}, "No such file");
  fails({"--file", csv, "--format", "html"}, "--format");
  fails({"--file", csv, "--now", "soon"}, "--now takes a date");
  fails({"--file", csv, "--only", "findings"}, "needs --rules");
  fails({"--file", csv, "--rules",
         t.write("bad.yaml",
                 "version: 1\nworkflow: w\nobject: opportunity\nowner: a@example.com\nrules:\n  - {id: x, kind: stale, "
                 "when: {field: Amont, above: 1}, control: [flag]}\n")},
        "did you mean `amount`?");
  fails({"--file", csv, "--map", t.write("m.yaml", "object: opportunity\nkey: Idd\n"), "--rules", rule_file},
        "did you mean `Id`?");
  fails({"--file", csv, "--map", t.write("l.yaml", "object: lead\nkey: Id\n"), "--rules", rule_file},
        "the rules are about opportunity");
}

TEST(Export, TextIsForPeople) {
  const TempFolder t;
  const auto csv = t.write(
      "e.csv", "Id,StageName,Amount,CloseDate,NextStep\n1,Open,2000,2026-02-01,tbd\n2,Won,,2026-02-01,\n3,Open\n");
  const AuditRun r = run_audit({"--file", csv, "--rules", t.write("r.yaml", rules), "--now", "2026-01-15"}, false);
  EXPECT_EQ(r.code, 1);
  EXPECT_THAT(r.out, HasSubstr("2 rows, 5 columns, as of 2026-01-15"));
  EXPECT_THAT(r.out, HasSubstr("2 findings on 1 of 2 records; 1 rule found nothing"));
  EXPECT_THAT(r.out, HasSubstr("line 4: 2 columns instead of 5"));
  EXPECT_THAT(r.out, testing::Not(HasSubstr(" \n")));
  EXPECT_THAT(r.out, testing::Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace coachd::test
