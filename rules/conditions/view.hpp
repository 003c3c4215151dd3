// One record at one instant, as tests see it: the case, the facts and the world, and what is worth computing once
// (today, the stage's place, the state of each text). Lives on the stack of one evaluation; one thread.
#pragma once

#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/world.hpp"

namespace coachd::rules {

class View {
 public:
  /// All must outlive the view. REQUIRES: c.values and facts fit the object's plan.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): few_states_ is filled as far as it is used
  View(const Frame& frame, const Case& c, const Facts& facts, const World& world, model::Instant now)
      : frame_(frame), case_(c), facts_(facts), world_(world), now_(now), today_(world.calendar.today(now)) {
    if (frame.states.size() > inline_states) {
      more_states_.assign(frame.states.size(), TextState::not_computed);
      states_ = more_states_.data();
    } else {
      std::memset(few_states_.data(), 0xff, frame.states.size());
      states_ = few_states_.data();
    }
  }
  View(const View&) = delete;
  View& operator=(const View&) = delete;

  [[nodiscard]] const Frame& frame() const noexcept { return frame_; }
  [[nodiscard]] const Case& record() const noexcept { return case_; }
  [[nodiscard]] const Facts& facts() const noexcept { return facts_; }
  [[nodiscard]] const World& world() const noexcept { return world_; }
  [[nodiscard]] model::Instant now() const noexcept { return now_; }
  [[nodiscard]] model::Day today() const noexcept { return today_; }

  /// Unread where the slot is none.
  [[nodiscard]] model::Value value(Slot s) const noexcept {
    return s < case_.values.size() ? case_.values[s] : model::Value::unread();
  }
  [[nodiscard]] const FieldPast* past(Slot s) const noexcept { return case_.history(s); }

  [[nodiscard]] TextState state(StateId id) const {
    TextState& s = states_[id];
    if (s == TextState::not_computed) {
      const auto& rule = frame_.states[id];
      s = rule.of(value(rule.slot));
    }
    return s;
  }

  struct Stage {
    enum class Kind : std::uint8_t { not_computed, no_stages, unread, blank, not_found, found };
    Kind kind = Kind::not_computed;
    StageTable::Position at;
    std::size_t pipeline = 0;       ///< number of at.pipeline in the table
    std::uint64_t fingerprint = 0;  ///< of the table
  };
  /// Where the record stands.
  [[nodiscard]] const Stage& stage() const {
    if (stage_.kind == Stage::Kind::not_computed) find_stage();
    return stage_;
  }
  /// Open, won or lost: by the stage, else by what the record itself says of it. An object without stages is open.
  enum class Standing : std::uint8_t { unknown, open, won, lost };
  [[nodiscard]] Standing standing() const {
    const auto& s = stage();
    if (s.kind == Stage::Kind::found)
      return s.at.stage->won ? Standing::won : s.at.stage->lost ? Standing::lost : Standing::open;
    return s.kind == Stage::Kind::no_stages ? own_standing() : Standing::unknown;
  }
  /// Where any stage name stands in this record's pipeline.
  [[nodiscard]] Stage find_stage(const model::Value& stage) const;
  [[nodiscard]] const StageTable* stages() const;
  [[nodiscard]] std::optional<model::Instant> created() const;

 private:
  static constexpr std::size_t inline_states = 64;
  [[nodiscard]] Standing own_standing() const;
  void find_stage() const { stage_ = find_stage(value(frame_.stage)); }

  const Frame& frame_;
  const Case& case_;
  const Facts& facts_;
  const World& world_;
  model::Instant now_;
  model::Day today_;
  std::array<TextState, inline_states> few_states_;  // only as many as there are
  std::vector<TextState> more_states_;
  TextState* states_;  // either of them; computed when asked for
  mutable Stage stage_;
  mutable const StageTable* table_ = nullptr;
  mutable bool table_known_ = false;
};

/// Why a test that rests on the stage cannot be told.
[[nodiscard]] std::string stage_missing(const View::Stage& s);

}  // namespace coachd::rules
