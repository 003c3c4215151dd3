// The subject of a task: the prompt's own words and, at its end in brackets, the short key by which it is found again.
// Pure functions.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coachd::net {

/// Characters that the short key takes at the end of a subject: " [", ten digits and "]".
inline constexpr std::size_t key_mark = 13;
/// `words [key]` in one line, of at most `longest` UTF-16 units (CRMs count these): the words give way (`…`),
/// the key never.
[[nodiscard]] std::string make_subject(std::string_view words, std::string_view short_key, std::size_t longest);
/// The short key that ends a subject: ten lower-case hex digits in brackets. Nothing where there is none.
[[nodiscard]] std::optional<std::string> short_key_of(std::string_view subject);
/// At most `longest` UTF-16 units of a UTF-8 text, cut between characters and marked with `…` where cut.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t longest);

}  // namespace coachd::net
