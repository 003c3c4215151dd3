// Days in a rule file that have passed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "rules/lint/lint.hpp"
#include "rules/model/time.hpp"
#include "tests/unit/rules/lint/said.hpp"

namespace coachd::lint {
namespace {

std::vector<std::string> on(const char* today, const std::string& text) {
  std::vector<std::string> out;
  for (const auto& d : ended({"a.yaml", head + text}, *model::parse_day(today)))
    out.push_back(d.code + ' ' + std::to_string(d.place.line - 6) + ':' + std::to_string(d.place.column));
  return out;
}

const std::string text =
    "exceptions: [{record: 006A, until: 2026-05-03, because: x, by: a@example.com}]\n"
    "fields:\n"
    "  score: {keep: {because: x, review_on: 2026-05-03}}\n"
    "  champion: {needed_by: {stage: Proposal}, exceptions: [{record: 006B, until: 2026-05-03}]}\n"
    "rules:\n"
    "  - {id: r, kind: stale, control: [flag], when: {open: true}, exceptions: [{record: 006C, until: 2026-05-03}, "
    "{record: 006D}]}\n";

TEST(Ended, IsSaidFromTheDayAfterOn) {
  EXPECT_THAT(on("2026-05-03", text), testing::IsEmpty());  // its last day
  EXPECT_THAT(on("2026-05-04", text), testing::UnorderedElementsAre("exception-ended 1:36", "review-overdue 3:41",
                                                                    "exception-ended 4:79", "exception-ended 6:98"));
}

TEST(Unmatched, IsSaidOfEachExceptionForARecordThatIsNotThere) {
  std::vector<std::string> out;
  const auto known = [](std::string_view record) { return record == "006A" || record == "006D"; };
  for (const auto& d : unmatched({"a.yaml", head + text}, known))
    out.push_back(d.code + ' ' + std::to_string(d.place.line - 6) + ':' + std::to_string(d.place.column));
  EXPECT_THAT(out, testing::UnorderedElementsAre("exception-unmatched 4:66", "exception-unmatched 6:85"));
}

}  // namespace
}  // namespace coachd::lint
