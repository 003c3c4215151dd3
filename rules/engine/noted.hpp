// What a person's own recent note says about a field that they are asked for: then the note is quoted in place of the
// question. Pure. What may be meant otherwise is left alone: the question stands.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rules/conditions/view.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {

struct Noted {
  model::Instant at{};  ///< of the note
  std::string quote;    ///< the sentence, as written
};

/// The newest note of the person within that time that answers the field: a line that begins with its name, a promise
/// with a day for a next step, a day beside the name of a date, an option of a choice beside its name (of a competitor
/// also without).
[[nodiscard]] std::optional<Noted> noted_answer(const View& v, const SlotInfo& field, std::string_view person,
                                                model::Span within);

}  // namespace coachd::rules
