#include "tests/unit/rules/lint/said.hpp"

namespace coachd::lint {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<std::string> of_for(const std::string& scope, const std::string& more = "") {
  return said("blank-hides", "rules:\n  - {id: r, kind: stale, for: " + scope +
                                 ", when: {field: next_step, real: false}, control: [flag]}\n" + more);
}

TEST(BlankHides, AForOnAFieldThatNobodyAsksFor) {
  EXPECT_THAT(of_for("{field: amount, above: 1000}"),
              ElementsAre(testing::AllOf(HasSubstr("2: `for` of `r` hangs on `amount`"))));
  EXPECT_THAT(of_for("{all: [{open: true}, {field: type, in: [New]}]}"), SizeIs(1));
  EXPECT_THAT(of_for("{not: {field: amount, filled: false}}"), SizeIs(1));
  EXPECT_THAT(of_for("{any: [{field: amount, above: 5}, {field: type, is: Big}]}"), SizeIs(1));
}

TEST(BlankHides, IsQuietWhereABlankIsSeen) {
  EXPECT_THAT(of_for("{field: amount, filled: false}"), IsEmpty());
  EXPECT_THAT(of_for("{field: type, not_in: [Renewal]}"), IsEmpty());
  EXPECT_THAT(of_for("{any: [{field: amount, above: 5}, {open: true}]}"), IsEmpty());
  EXPECT_THAT(of_for("{not: {field: type, is: Renewal}}"), IsEmpty());
  EXPECT_THAT(of_for("{field: next_step, unchanged_for: 14d}"), IsEmpty());
  EXPECT_THAT(of_for("{field: is_partner, is: true}"), IsEmpty());
  EXPECT_THAT(of_for("{field: close_date, before: today}"), IsEmpty());
}

TEST(BlankHides, WhoAsksForTheFieldMendsIt) {
  EXPECT_THAT(of_for("{field: amount, above: 5}", "fields: {amount: {decision: d, needed_by: {stage: won}}}\n"),
              IsEmpty());
  EXPECT_THAT(of_for("{field: amount, above: 5}",
                     "  - {id: s, kind: stale, when: {field: amount, filled: false}, control: [flag]}\n"),
              IsEmpty());
  EXPECT_THAT(of_for("{field: amount, above: 5}", "done_means: [{id: a, check: {field: amount, filled: true}}]\n"),
              IsEmpty());
  // A rule that looks at it only where it is filled asks nobody.
  EXPECT_THAT(of_for("{field: amount, above: 5}",
                     "  - {id: s, kind: stale, for: {field: amount, above: 9}, when: "
                     "{field: amount, filled: false}, control: [flag]}\n"),
              SizeIs(2));
}

TEST(BlankHides, AWindowOnADateThatNobodyAsksFor) {
  const std::string card = "fields:\n  risk: {decision: d, needed_by: {before: {field: renewal_date, by: 60d}}}\n";
  EXPECT_THAT(said("blank-hides", card), ElementsAre(HasSubstr("`needed_by` of `risk` hangs on `renewal_date`")));
  EXPECT_THAT(said("blank-hides", card + "  renewal_date: {decision: d, needed_by: {stage: won}}\n"), IsEmpty());
  EXPECT_THAT(
      said("blank-hides", {{"a.yaml", head + card},
                           {"b.yaml", head + "fields: {renewal_date: {decision: d, needed_by: {stage: won}}}\n"}}),
      IsEmpty())
      << "another file of the same object asks for it";
  EXPECT_THAT(
      said("blank-hides",
           "fields:\n  risk: {decision: d, knowable_from: {when: {field: risk, filled: true}}, needed_by: {stage: "
           "won}}\n"),
      ElementsAre(HasSubstr("cannot ask for it")));
}

TEST(BlankHides, SegmentsAreLookedInto) {
  EXPECT_THAT(of_for("{segment: large}", "segments: {large: {field: amount, at_least: 5}}\n"),
              ElementsAre(HasSubstr("`amount`")));
}

}  // namespace
}  // namespace coachd::lint
