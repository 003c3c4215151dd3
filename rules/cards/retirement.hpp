// Whether anybody still uses a governed field: how it is filled, by whom last, and its twin.
// Evidence over windows: a field introduced half-way, or used by one record type only, is not unused. Pure counting;
// one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rules/cards/card.hpp"
#include "rules/conditions/view.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

struct FieldUse {
  std::int64_t records = 0;
  std::int64_t filled = 0;  ///< not blank, placeholders too
  std::int64_t real = 0;
  std::int64_t newer = 0;       ///< records created since the field was first filled
  std::int64_t newer_real = 0;  ///< of these with a real value
  std::optional<model::Instant> first_filled;
  std::optional<model::Instant> last_by_person;  ///< last time that a person set a real value, as far as is known
  bool use_untold = false;   ///< a real value of unknown age is there, or history began within the window
  std::size_t distinct = 0;  ///< up to `most_values`
  std::string commonest;
  std::int64_t commonest_count = 0;
  struct Kind {
    std::int64_t records = 0, real = 0;
  };
  std::map<std::string, Kind> kinds;  ///< by record type or pipeline, as people see it; empty where there are none
  /// A field whose value is the same on at least four fifths of the records on which this one is real.
  struct Twin {
    std::string field, label;
    std::int64_t same = 0, of = 0;
    std::int64_t real = 0;  ///< records on which the twin is filled: the one with more is the one in use
  };
  std::optional<Twin> twin;

  enum class Verdict : std::uint8_t { in_use, never_filled, abandoned, cannot_tell };
  Verdict verdict = Verdict::in_use;

  static constexpr std::size_t most_values = 1000;
  static constexpr std::int64_t enough = 30;  ///< records without which no share is told
};
[[nodiscard]] std::string_view to_string(FieldUse::Verdict v);

class UseTally {
 public:
  /// `card` must outlive it; `others`: slots that may be its twin.
  UseTally(const Card& card, std::vector<Slot> others);
  void add(const View& v);
  /// The verdict by the card's `retire:`, else by 180 days and 5 %. `twin_slot` out: of FieldUse::twin.
  [[nodiscard]] FieldUse finish(model::Instant now, const calendar::Calendar& calendar);
  [[nodiscard]] Slot twin_slot() const noexcept { return twin_; }

 private:
  struct Newer {
    model::Instant created{};
    bool real = false;
  };
  void last_use(const View& v, bool real);

  const Card& card_;
  FieldUse out_;
  std::vector<Slot> others_;
  std::vector<std::int64_t> same_, other_filled_;  // parallel to others_
  std::map<std::string, std::int64_t, std::less<>> values_;
  std::vector<Newer> created_;  // of every record: the window opens at the first filling, known at the end
  std::optional<model::Instant> known_from_;  // history of every record is known from here on
  Slot twin_ = no_slot;
};

}  // namespace coachd::rules
