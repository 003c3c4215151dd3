// Whether a field is still used: both limits, windows, twins, and what cannot be told.
#include "rules/engine/retirement.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "rules/loader/loader.hpp"
#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;
using testing::SizeIs;
using Verdict = FieldUse::Verdict;

const std::string now = "2026-11-04T09:00:00Z";
const std::string card =
    lab::head +
    "fields:\n  legacy_score: {decision: d, retire: {unless_used_within: 180d, max_real_fill: 5%}}\n"
    "  score: {decision: d}\n";

class Study {
 public:
  explicit Study(std::string yaml = card) : yaml_(std::move(yaml)) {}
  /// Records that were made on 1 January and whose history is whole, unless the story says otherwise.
  Study& records(int times, const std::function<void(Bench&)>& story) {
    stories_.emplace_back(times, story);
    return *this;
  }
  FieldRetirement field() {
    Bench rules(yaml_);
    RetirementStudy study(*rules.loaded.rules, *rules.plan, "legacy_score");
    for (const auto& [times, story] : stories_) {
      Bench b(yaml_);
      b.known_since("2025-12-01T00:00:00Z");
      story(b);
      for (int i = 0; i < times; ++i) study.add(b.c, b.world, lab::at(now));
    }
    const auto all = study.finish(rules.world, lab::at(now));
    EXPECT_THAT(all, SizeIs(1));
    return all.front();
  }
  Verdict verdict() { return field().use.verdict; }

 private:
  std::string yaml_;
  std::vector<std::pair<int, std::function<void(Bench&)>>> stories_;
};

const auto blank = [](Bench&) {};
std::function<void(Bench&)> set_on(const std::string& day) {
  return [day](Bench& b) { b.change("legacy_score", day + "T10:00:00Z", "good fit"); };
}

TEST(Retirement, NeverFilledAndAbandonedAreToldApart) {
  EXPECT_EQ(Study().records(100, blank).verdict(), Verdict::never_filled);
  EXPECT_EQ(Study().records(96, blank).records(4, set_on("2026-02-01")).verdict(), Verdict::abandoned);
  EXPECT_TRUE(Study().records(100, blank).field().candidate());
}

TEST(Retirement, BothLimitsMustHold) {
  EXPECT_EQ(Study().records(96, blank).records(4, set_on("2026-10-01")).verdict(), Verdict::in_use) << "used lately";
  EXPECT_EQ(Study().records(80, blank).records(20, set_on("2026-02-01")).verdict(), Verdict::in_use) << "well filled";
}

TEST(Retirement, APlaceholderIsNoUse) {
  const auto tbd = [](Bench& b) { b.change("legacy_score", "2026-10-01T10:00:00Z", "tbd"); };
  const auto f = Study().records(50, blank).records(50, tbd).field();
  EXPECT_EQ(f.use.verdict, Verdict::never_filled);
  EXPECT_EQ(f.use.filled, 50);
}

TEST(Retirement, AFieldOfTheLastMonthsIsMeasuredOnTheRecordsMadeSince) {
  const auto young = [](Bench& b) {
    b.c.created = lab::at("2026-03-01T08:00:00Z");
    b.set("created", "2026-03-01T08:00:00Z").set("legacy_score", "good fit");
  };
  const auto f = Study().records(960, blank).records(40, young).field();
  EXPECT_EQ(f.use.newer, 40);
  EXPECT_EQ(f.use.newer_real, 40);
  EXPECT_EQ(f.use.verdict, Verdict::in_use);
}

TEST(Retirement, OneRecordTypeThatUsesItIsEnough) {
  const auto kind = [](const std::string& name, bool fill) {
    return [name, fill](Bench& b) {
      b.set("pipeline", name);
      if (fill) b.change("legacy_score", "2026-02-01T10:00:00Z", "good fit");
    };
  };
  auto yaml = card + "  pipeline_note: {decision: d}\nfor: {pipeline: [New business, Renewal]}\n";
  const auto f = Study(yaml).records(960, kind("New business", false)).records(40, kind("Renewal", true)).field();
  EXPECT_EQ(f.use.kinds.at("Renewal").real, 40);
  EXPECT_EQ(f.use.verdict, Verdict::in_use);
}

TEST(Retirement, WhereHistoryBeganWithinTheWindowItCannotBeTold) {
  const auto untold = [](Bench& b) { b.known_since("2026-09-01T00:00:00Z"); };
  EXPECT_EQ(Study().records(100, untold).verdict(), Verdict::cannot_tell);
  EXPECT_FALSE(Study().records(100, untold).field().candidate());
  EXPECT_EQ(Study().records(10, blank).verdict(), Verdict::cannot_tell) << "ten records prove nothing";
}

TEST(Retirement, ATwinIsNamedWithTheOneInUse) {
  const auto twin = [](Bench& b) { b.set("legacy_score", "good fit").set("score", "good fit"); };
  const auto only = [](Bench& b) { b.set("score", "bad fit"); };
  const auto f = Study().records(40, twin).records(60, only).field();
  ASSERT_TRUE(f.use.twin);
  EXPECT_EQ(f.use.twin->field, "score");
  EXPECT_EQ(f.use.twin->same, 40);
  EXPECT_EQ(f.use.twin->real, 100);
}

TEST(Retirement, AKeptFieldIsNoCandidate) {
  const auto yaml =
      lab::head +
      "fields:\n  legacy_score: {decision: d, retire: {unless_used_within: 180d, max_real_fill: 5%}, keep: "
      "{because: Audit asks for it, review_on: 2027-01-01}}\n";
  const auto f = Study(yaml).records(100, blank).field();
  EXPECT_EQ(f.use.verdict, Verdict::never_filled);
  EXPECT_FALSE(f.candidate());
}

}  // namespace
}  // namespace coachd::rules
