// What people promise in their own notes, and for when: "I'll send the offer on Friday", "melde mich nächste Woche".
// English, German, Spanish, French, Portuguese. Pure; what may be meant otherwise is left alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/model/time.hpp"

namespace coachd::rules {

struct Promise {
  model::Day due;
  std::string quote;  ///< the sentence, as written
};

/// Its sentences without white space around them; views into it.
[[nodiscard]] std::vector<std::string_view> sentences_of(std::string_view note);

/// In the order of the text. `written`: the day of the note. Promises of others ("they will call on Friday"), refusals
/// and what was done are none, nor dates of which day and month cannot be told apart.
[[nodiscard]] std::vector<Promise> promises_in(std::string_view note, model::Day written);

}  // namespace coachd::rules
