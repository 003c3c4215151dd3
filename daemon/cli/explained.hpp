// How every test of a rule on one record is shown: one line a test, indented as the rule is nested.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "rules/engine/evaluate.hpp"

namespace coachd::cli {

/// "yes", "no", "cannot tell", "broken".
[[nodiscard]] const char* outcome_word(model::Outcome o) noexcept;
/// In short, what was seen; in full also where that came from and from when on the answer is another by itself.
enum class Detail : std::uint8_t { in_short, in_full };
/// Appends `e` and what is below it; `depth` levels of two blanks go before its line.
void append_explained(std::string& out, const rules::Explained& e, std::size_t depth, Detail detail = Detail::in_short);

}  // namespace coachd::cli
