// When the answers that a card asks for were really given, over all records of an object: too early, together with the
// stage, corrected later, and in which stage they had settled. Pure counting; one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/view.hpp"

namespace coachd::rules {

/// What was counted. Shares are of `set` unless said otherwise.
struct TimingEvidence {
  std::int64_t records = 0;            ///< looked at
  std::int64_t set = 0;                ///< a first value was set, and history tells when
  std::int64_t untold = 0;             ///< a value is there, and history does not tell since when
  std::int64_t at_creation = 0;        ///< set in the save that created the record
  std::int64_t with_stage_change = 0;  ///< set in the same save as a change of the stage
  std::int64_t early = 0;              ///< set before `knowable_from`
  std::int64_t window_untold = 0;      ///< whether it was early cannot be told
  std::int64_t placeholder = 0;        ///< the first value was a placeholder
  std::int64_t early_placeholder = 0;  ///< both
  std::int64_t corrected = 0;          ///< another value replaced it later, corrections within the hour left out
  std::int64_t lasted = 0;             ///< closed records whose real value has a known beginning

  /// One stage of one pipeline, in the CRM's order.
  struct InStage {
    std::string pipeline, stage;  ///< as people see them
    std::int64_t first = 0;       ///< first values that were set in it
    std::int64_t lasted = 0;      ///< values that lasted to the close and were set in it
    bool closed = false;
  };
  std::vector<InStage> stages;

  /// The stage by which 80 % of the values that lasted to the close had been set.
  struct Proposal {
    std::string pipeline, stage;
    std::int64_t by_then = 0, of = 0;
  };
  std::vector<Proposal> proposals;  ///< of pipelines with at least `enough` such values

  static constexpr std::int64_t enough = 30;
  /// `timing.too-early`: at least a fifth of at least 30 values were early and a placeholder.
  [[nodiscard]] bool too_early() const noexcept { return set >= enough && early_placeholder * 5 >= set; }
};

class TimingTally {
 public:
  /// `card` must outlive it.
  explicit TimingTally(const Card& card) : card_(card) {}
  /// One record; `v` with its history.
  void add(const View& v);
  /// With proposals.
  [[nodiscard]] TimingEvidence finish();

 private:
  struct SetAt {
    model::Instant at{};
    std::string_view author;
    model::Value value;
    bool at_creation = false;
  };
  [[nodiscard]] std::optional<SetAt> first_set(const View& v) const;
  [[nodiscard]] std::optional<SetAt> last_set(const View& v) const;
  [[nodiscard]] Truth early(const View& v, const SetAt& set) const;
  [[nodiscard]] TimingEvidence::InStage* stage_at(const View& v, model::Instant at);

  const Card& card_;
  TimingEvidence out_;
};

}  // namespace coachd::rules
