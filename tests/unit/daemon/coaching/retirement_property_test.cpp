// The promise of the machine over random sequences of everything that can happen.
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <variant>

#include "daemon/coaching/retirement.hpp"
#include "rules/calendar/calendar.hpp"
#include "rules/model/time.hpp"

namespace coachd::coaching {
namespace {

using State = RetireState;

constexpr const char* owner = "deal-desk@example.com";

// One field, the values that it has, and a random stream of what people, the CRM and time do to it.
class Life {
 public:
  explicit Life(std::uint32_t seed) : random_(seed) {
    field.object = "opportunity";
    field.field = "legacy_score";
  }

  /// The next event, often the one that leads onwards; what it says of the values is what they are.
  RetireEvent event() {
    if (pick(3) == 0) return onward();
    const auto digest = std::to_string(values_);
    const bool package = pick(4) == 0;
    const RetireWho me{"revops@example.com", ""};
    switch (pick(14)) {
      case 0:
      case 1: return Propose{me, pick(4) != 0, "in use", owner, pick(2) == 0 ? "ana" : ""};
      case 2: return Agree{{"me", pick(3) == 0 ? "" : "by phone"}, pick(4) == 0 ? "other@example.com" : owner};
      case 3: return OwnerAnswered{static_cast<OwnerAnswered::How>(pick(3)), owner, ""};
      case 4:
      case 5: return Announce{me};
      case 6: return Exported{me, {"f", 1, digest, {}}};
      case 7:
      case 8: return Hide{me, digest, package};
      case 9:
      case 10: return Archive{me, digest, package};
      case 11: return Keep{{"me", "audit"}, *model::parse_day(pick(2) == 0 ? "2026-06-01" : "2027-06-01")};
      case 12: return Called{pick(3) != 0, pick(2) == 0, "x"};
      default: return Undo{me};
    }
  }
  RetireDecision take(const RetireEvent& e) {
    auto d = decide(field, e, {}, {}, now_);
    field = d.field;
    return d;
  }
  void pass() {
    if (pick(6) == 0) ++values_;  // somebody set, changed or cleared one
    if (pick(3) == 0) now_ += std::chrono::days(pick(25));
  }

  Retirement field;

 private:
  RetireEvent onward() {
    const auto digest = std::to_string(values_);
    const RetireWho me{"revops@example.com", ""};
    if (field.calling) return Called{true, false, ""};
    switch (field.now.state) {
      case State::none:
      case State::kept: return Propose{me, true, "", owner, "ana"};
      case State::proposed: break;
      case State::announced:
        if (field.exported && field.exported->digest == digest) return Hide{me, digest, false};
        return Exported{me, {"f", 1, digest, {}}};
      case State::hidden:
      case State::archived:
        if (field.exported && field.exported->digest == digest) return Archive{me, digest, false};
        return Exported{me, {"f", 1, digest, {}}};
    }
    if (!field.consent) return OwnerAnswered{OwnerAnswered::How::agreed, owner, ""};
    return Announce{me};
  }
  std::uint32_t pick(std::uint32_t n) { return static_cast<std::uint32_t>(random_()) % n; }

  std::mt19937 random_;
  model::Instant now_ = *model::parse_instant("2026-05-04T09:00:00Z");
  int values_ = 0;
};

// The digest that a step towards hiding was asked with; "" for every other event.
std::string asked_with(const RetireEvent& e) {
  if (const auto* hide = std::get_if<Hide>(&e)) return hide->digest;
  if (const auto* archive = std::get_if<Archive>(&e)) return archive->digest;
  return {};
}

// Nothing is hidden or archived, or asked of the CRM to be, without the owner's yes and an export of the values as they
// are at that moment; a step that is taken back leaves the field where it stood before; nothing else moves it.
TEST(RetirementProperty, NoSequenceHidesWithoutConsentAndExportAndUndoGoesBack) {
  std::size_t hidden = 0, archived = 0, undone = 0, in_doubt = 0, refused = 0;
  for (std::uint32_t seed = 0; seed < 3000; ++seed) {
    Life life(seed);
    for (int step = 0; step < 60; ++step) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
      const auto before = life.field;
      const auto event = life.event();
      const auto d = life.take(event);
      const auto& f = life.field;
      if (!d.refused.empty()) {
        ++refused;
        ASSERT_EQ(f, before);
        ASSERT_FALSE(d.ask || d.withdraw_question || d.call);
        life.pass();
        continue;
      }
      const auto digest = asked_with(event);
      if (!digest.empty()) {  // taken: by the CRM's API or as a package
        ASSERT_TRUE(f.consent && f.exported && f.exported->digest == digest);
      }
      ASSERT_EQ(d.call == FieldCall::hide || d.call == FieldCall::archive, !digest.empty() && f.calling.has_value());
      if (f.now.state == State::hidden || f.now.state == State::archived) {
        ASSERT_TRUE(f.consent && f.exported);
        hidden += f.now.state == State::hidden ? 1u : 0u;
        archived += f.now.state == State::archived ? 1u : 0u;
      }
      in_doubt += f.calling && std::holds_alternative<Called>(event) ? 1u : 0u;
      if (f.before.size() < before.before.size()) {  // something was taken back
        ASSERT_EQ(f.now, before.before.back());
        ASSERT_EQ(f.before.size() + 1, before.before.size());
        ++undone;
      } else if (f.before.size() > before.before.size()) {
        ASSERT_EQ(f.before.back(), before.now);
      } else {
        ASSERT_EQ(f.now, before.now);
      }
      life.pass();
    }
  }
  // The sequences reach what they are about.
  EXPECT_GT(hidden, 100u);
  EXPECT_GT(archived, 20u);
  EXPECT_GT(undone, 1000u);
  EXPECT_GT(in_doubt, 20u);
  EXPECT_GT(refused, 1000u);
}

}  // namespace
}  // namespace coachd::coaching
