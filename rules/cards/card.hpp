// Field cards: when a field is to be asked for, and whether its answer is due, missing, a placeholder or outdated
// Pure; immutable after loading.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/conditions/test.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

/// When a field may be proposed for retirement: both must hold.
struct Retire {
  model::Span unless_used_within{model::Span::Unit::days, 180};
  double max_real_fill = 0.05;                     ///< share of the records
  model::Span grace{model::Span::Unit::days, 30};  ///< from the announcement to hiding it, and from there to archiving
};

struct Card {
  std::string field;  ///< as the file names it; ids end with it
  std::string label;
  Slot slot = no_slot;  ///< none where `answered` says whether it is
  StateId state = 0;
  TestPtr answered;            ///< `answered_by`: the answer is no field; null: it stands in `slot`
  std::vector<TestPtr> scope;  ///< the workflow's `for`, and open or closed for at most 30 days
  TestPtr knowable;            ///< null: always
  bool from_creation = false;  ///< the file says that it is known when the record is created
  TestPtr ask;                 ///< null: never before needed_by
  TestPtr needed;              ///< null: never
  TestPtr outdated;            ///< null: an answer stays valid
  TestPtr pause;               ///< null: nothing pauses it
  std::optional<Retire> retire;
  bool kept = false;  ///< `keep:` ends the retirement

  enum class Kind : std::uint8_t { due, missing, placeholder, outdated };
  struct Answer {
    Truth finding = Truth::no;
    Kind kind = Kind::due;  ///< where finding is yes
  };
  [[nodiscard]] Answer judge(const View& v) const;
  void instants(const View& v, std::vector<model::Instant>& out) const;
  /// REQUIRES: judge(v).finding == yes.
  [[nodiscard]] std::optional<model::Instant> since(const View& v, Kind kind) const;
  /// REQUIRES: judge(v).finding == unknown.
  [[nodiscard]] std::string missing(const View& v) const;
  [[nodiscard]] std::vector<const Test*> tests() const;
  /// What the answer is: of `answered_by` blank or real, unread where that cannot be told.
  [[nodiscard]] TextState answer(const View& v) const;
};

/// "due", "missing", "placeholder", "outdated".
[[nodiscard]] std::string_view to_string(Card::Kind k);

}  // namespace coachd::rules
