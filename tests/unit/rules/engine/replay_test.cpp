// What rules would have asked week after week, by the history of the records.
#include "rules/engine/replay.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

using lab::Bench;

Replay::Asked asked(const std::function<void(Bench&)>& prepare) {
  Bench b(lab::head +
          "rules:\n  - {id: r, kind: stale, control: [prompt], when: {field: next_step, real: false}}\n"
          "  - {id: f, kind: stale, control: [flag], when: {field: next_step, real: false}}\n");
  b.known_since("2026-01-01T00:00:00Z");
  prepare(b);
  Replay replay(*b.loaded.rules, *b.plan);
  replay.add(b.c, b.world, lab::at("2026-05-15T09:00:00Z"));
  EXPECT_FALSE(replay.asked().contains(1)) << "a flag asks nobody";
  return replay.asked().contains(0) ? replay.asked().at(0) : Replay::Asked{};
}

TEST(Replay, CountsWhatAWeekBroughtAndTheOneBeforeDidNotHave) {
  EXPECT_EQ(asked([](Bench&) {}).opened, 0u) << "it was so before the first week";
  EXPECT_EQ(asked([](Bench& b) { b.set("next_step", "Call Dana"); }).opened, 0u);
  const auto once =
      asked([](Bench& b) { b.set("next_step", "Call Dana").change("next_step", "2026-05-01T08:00:00Z", "tbd"); });
  EXPECT_EQ(once.opened, 1u);
  EXPECT_EQ(once.owners, std::set<std::string>{"ana"});
  EXPECT_EQ(asked([](Bench& b) {
              b.set("next_step", "Call Dana")
                  .change("next_step", "2026-04-20T08:00:00Z", "tbd")
                  .change("next_step", "2026-04-28T08:00:00Z", "Meet Dana")
                  .change("next_step", "2026-05-13T08:00:00Z", "tbd");
            }).opened,
            2u);
  EXPECT_EQ(asked([](Bench& b) { b.c.created = lab::at("2026-05-10T08:00:00Z"); }).opened, 1u) << "it came without one";
}

TEST(Replay, TheOwnerIsWhoItWasThen) {
  const auto then = asked([](Bench& b) {
    b.set("next_step", "Call Dana").change("next_step", "2026-04-25T08:00:00Z", "tbd");
    b.change("owner", "2026-05-05T08:00:00Z", "ben");
  });
  EXPECT_EQ(then.owners, std::set<std::string>{"ana"});
}

}  // namespace
}  // namespace coachd::rules
