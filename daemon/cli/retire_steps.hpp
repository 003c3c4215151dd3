// The steps of `coachd retire` beside its list: what each needs to know before the daemon is asked, and how a field's
// standing is said.
#pragma once

#include <string>
#include <vector>

#include "daemon/app/retirement.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/cli/state.hpp"

namespace coachd::cli {

struct RetireOptions : StateOptions {
  std::string what;
  std::vector<std::string> names;  ///< FIELD, or CONNECTION FIELD
  std::string by, because, review_on, to;
  std::vector<std::string> profiles;
};

/// Every word that WHAT may be, `list` first.
[[nodiscard]] const std::vector<std::string>& retire_words();

/// Carries out one step. The exit code: 1 where it was refused.
[[nodiscard]] int retire_step(app::StateView& state, const RetireOptions& options, Io& io);

/// Where a field stands, since when, and what comes next: one or more lines, each with two blanks before it.
/// `question`: the prompt to its owner; may be null.
[[nodiscard]] std::string standing(const coaching::Retirement& r, const store::PromptRow* question);
/// The same in one line, for `status`; empty where nothing is under way.
[[nodiscard]] std::string standing_in_short(const coaching::Retirement& r);

}  // namespace coachd::cli
