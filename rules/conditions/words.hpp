// What each word of a condition takes, and what it means in one line: completion and hover of editors are made from
// this table (loader/schema). A test holds that it has the words of the registry, no more and no less.
#pragma once

#include <span>
#include <string_view>

namespace coachd::rules {

struct ConditionWord {
  std::string_view word;
  std::string_view says;
  std::string_view form;  ///< a JSON Schema; names of `$defs` are those of loader/schema
};
[[nodiscard]] std::span<const ConditionWord> condition_words();

}  // namespace coachd::rules
