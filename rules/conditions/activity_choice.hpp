// Which activities a test looks at: `on:` and `by:` of `activity` and `next_activity`, and as far as they are known.
// Immutable; thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/people.hpp"
#include "rules/conditions/view.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {

class ActivityChoice {
 public:
  std::array<bool, 3> on{true, false, false};  ///< by Activity::On
  std::optional<Authors> by;

  [[nodiscard]] Truth has(const View& v, const Activity& a) const {
    if (!on[static_cast<std::size_t>(a.on)]) return Truth::no;
    return by ? by->is(v, {a.by, a.at, Origin::unknown, {}}) : Truth::yes;
  }
  [[nodiscard]] bool record_only() const { return !on[1] && !on[2]; }
  /// What it looks at is known from Activities::known_since on: nothing was left out and no source is missing.
  [[nodiscard]] bool seen(const View& v) const;
  /// REQUIRES: !seen(v). What is missing, in words.
  [[nodiscard]] std::string missing(const View& v) const;
  /// " by the owner", "".
  [[nodiscard]] std::string by_words() const { return by ? " by " + by->words() : ""; }
  /// "it", "it, its contacts or its account".
  [[nodiscard]] std::string on_words() const;
};

/// `by:` and `on:`; false after an error. What is looked at is to be read.
[[nodiscard]] bool read_choice(yaml::MapReader& map, ActivityChoice& choice, Builder& b);
/// "a call".
[[nodiscard]] const char* kind_in_words(Activity::Kind k) noexcept;
/// Reports that one of several tests was to stand there.
void report_one_of(const char* what, const char* tests, yaml::Node n, Builder& b);

}  // namespace coachd::rules
