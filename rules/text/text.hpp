// Text as people type it: folding, trimming, and what a placeholder is. ICU is seen by the .cpp
// only; ASCII takes a path without it. Pure and thread-safe.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::text {

/// Both ends are visible ASCII: there is no outer white space.
[[nodiscard]] inline bool is_trimmed(std::string_view s) noexcept {
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  return !s.empty() && visible(s.front()) && visible(s.back());
}
[[nodiscard]] std::string_view trim_ends(std::string_view s) noexcept;
/// Without outer white space (Unicode).
[[nodiscard]] inline std::string_view trim(std::string_view s) noexcept {
  return is_trimmed(s) ? s : trim_ends(s);  // nearly always, and without a call
}
/// Trimmed and case-folded: equal where two texts are the same "without case and outer white space".
[[nodiscard]] std::string fold(std::string_view s);
/// fold(a) == fold(b), without allocating for ASCII.
[[nodiscard]] bool same(std::string_view a, std::string_view b);
/// True where `a` is ASCII in upper or lower case of `folded`, which holds ASCII in lower case only. Trims nothing.
[[nodiscard]] bool is_folded(std::string_view a, std::string_view folded) noexcept;
/// Nothing but ASCII.
[[nodiscard]] bool is_ascii(std::string_view s) noexcept;
/// A 64-bit hash of fold(s), stable across runs and machines (it stands in the store).
[[nodiscard]] std::uint64_t fold_hash(std::string_view s);
/// The same for tables in memory: several times quicker, and free to change from version to version.
[[nodiscard]] std::uint64_t fold_key(std::string_view s);
/// Letters and digits only, folded: a save that alters only case, spaces or punctuation leaves it as it was.
[[nodiscard]] std::string squash(std::string_view s);
/// squash(a) == squash(b).
[[nodiscard]] bool same_content(std::string_view a, std::string_view b);

/// How a column is judged.
enum class ValueClass : std::uint8_t {
  free_text,
  picklist,
  other /* numbers, dates, phones, e-mails, ids: only the list */
};
[[nodiscard]] ValueClass value_class(model::FieldType type) noexcept;

/// A list of placeholders with its patterns, as a card or file states it: the dictionary by default, `{add}`, `{not}`,
/// or `{only}` (which switches dictionary, patterns and label echo off and strips nothing).
class Placeholders {
 public:
  struct Spec {
    std::vector<std::string> add;
    std::vector<std::string> remove;  ///< `not:`
    std::vector<std::string> only;
    bool has_only = false;
    bool zero = false;  ///< `zero: true`: 0 and 1 in money
    auto operator<=>(const Spec&) const = default;
  };
  /// `governed`: a card governs the field or a `placeholder`/`real` test names it (then `Other` counts).
  Placeholders(const Spec& spec, ValueClass cls, const std::string& label, bool governed);

  /// True where the value is a placeholder. Blank and unread values never are.
  [[nodiscard]] bool matches(const model::Value& v) const;
  /// No text without outer white space that is longer can be one.
  [[nodiscard]] std::size_t longest() const noexcept { return short_of_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const noexcept { return std::hash<std::string_view>{}(s); }
  };
  using Words = std::unordered_set<std::string, Hash, std::equal_to<>>;

  void add(std::string_view word);
  void remove(std::string_view word);
  [[nodiscard]] bool is_word(std::string_view squashed) const;
  [[nodiscard]] bool surely_none(std::string_view raw) const noexcept;
  [[nodiscard]] bool may_be_literal(std::string_view t) const noexcept;
  [[nodiscard]] bool matches_text(std::string_view raw) const;
  [[nodiscard]] bool matches_ascii(std::string_view trimmed) const;
  [[nodiscard]] bool matches_unicode(std::string_view trimmed) const;
  [[nodiscard]] bool matches_number(double number) const;

  ValueClass class_;
  bool only_ = false;
  bool patterns_ = true;  // free text without `only`
  bool zero_ = false;
  std::string label_;            // squashed; empty: no echo
  Words words_;                  // squashed: letters and digits, folded
  Words literal_;                // folded as written: punctuation or digits alone, and every word under `only`
  Words allowed_;                // `not:` words, folded: no pattern makes them placeholders
  std::vector<double> numbers_;  // words of the list that are numbers
  std::size_t longest_ = 0;      // of words_ and label_, in bytes: nothing longer can match
  std::size_t longest_literal_ = 0;
  // Folding takes at most two bytes of three from a letter: nothing longer is written in the list.
  std::size_t short_of_ = static_cast<std::size_t>(-1);
  bool never_ = false;                               // the list is empty
  std::bitset<16384> starts_;                        // of words_ and label_: their first four letters
  std::array<std::uint64_t, 32> literal_lengths_{};  // as lengths_, of literal_
  std::array<std::uint64_t, 32> lengths_{};  // by first byte: which lengths of words_ there are; most answers stop here
};

/// The shipped dictionary (English, Spanish, German, French, Portuguese, Japanese), as written.
[[nodiscard]] const std::vector<std::string_view>& dictionary();

}  // namespace coachd::text
