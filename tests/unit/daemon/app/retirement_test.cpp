#include "daemon/app/retirement.hpp"

#include <gtest/gtest.h>

#include <string>

#include "rules/cards/retirement.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

using rules::FieldUse;

RetirementOfField unused() {
  RetirementOfField r{"acme", "opportunity", "legacy", {}};
  r.field.field = "legacy_score";
  r.field.label = "Legacy Score";
  r.field.wanted = true;
  r.field.use.records = 1904;
  r.field.use.verdict = FieldUse::Verdict::never_filled;
  return r;
}

TEST(RetirementEvidence, IsOneSentenceOfWhatIsKnown) {
  auto r = unused();
  EXPECT_EQ(evidence_sentence(r),
            "\"Legacy Score\" has a real value on 0 of 1904 records; no person is known to have ever set it.");
  auto& use = r.field.use;
  use.verdict = FieldUse::Verdict::abandoned;
  use.real = 57;
  use.last_by_person = model::parse_instant("2025-05-03T10:00:00Z");
  use.twin = FieldUse::Twin{"score", "Score", 49, 57, 1700};
  EXPECT_EQ(
      evidence_sentence(r),
      "\"Legacy Score\" has a real value on 57 of 1904 records (3 %); a person last set it on 2025-05-03; \"Score\" "
      "says the same on 49 of 57 of them.");
  use.last_by_person.reset();
  use.twin.reset();
  use.use_untold = true;
  EXPECT_EQ(evidence_sentence(r), "\"Legacy Score\" has a real value on 57 of 1904 records (3 %).")
      << "who set it when is not known, so nothing is said of it";
}

TEST(RetirementEvidence, SaysWhyAFieldIsNoCandidate) {
  auto r = unused();
  EXPECT_EQ(why_no_candidate(r), "");
  r.field.use.verdict = FieldUse::Verdict::in_use;
  r.field.use.real = 952;
  EXPECT_EQ(why_no_candidate(r), "it is in use: real on 952 of 1904 records (50 %)");
  r.field.use.verdict = FieldUse::Verdict::cannot_tell;
  EXPECT_EQ(why_no_candidate(r), "its history does not reach back far enough to tell");
  r.field.use.records = 12;
  EXPECT_EQ(why_no_candidate(r), "there are fewer than 30 records to judge by");
  r.field.wanted = false;
  EXPECT_EQ(why_no_candidate(r), "its card has no `retire:`");
  r.field.kept = true;
  EXPECT_EQ(why_no_candidate(r), "its card says `keep:`");
}

}  // namespace
}  // namespace coachd::app
