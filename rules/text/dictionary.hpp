// The words behind `dictionary()`, by what they are for. Inside of the text room.
#pragma once

#include <span>
#include <string_view>

namespace coachd::text {

/// `other` in the six languages: a placeholder only where a card or a test speaks of the field.
[[nodiscard]] std::span<const std::string_view> other_words() noexcept;
/// What an untouched drop-down holds, as written: `--None--` is one, `None` is an answer.
[[nodiscard]] std::span<const std::string_view> choose_words() noexcept;
/// The few words that are no answer on a picklist either.
[[nodiscard]] std::span<const std::string_view> picklist_words() noexcept;

}  // namespace coachd::text
