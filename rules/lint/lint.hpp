// Anti-patterns of rule files (design 2, Lint): what is well-formed and still a bad idea. One file per anti-pattern; lint.cpp
// lists them. Warnings only, `coachd check --strict` makes them count. Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"

namespace coachd::lint {

/// The warnings of one rule file, by place. A file that cannot be parsed has none: the loader speaks of it.
[[nodiscard]] std::vector<model::Diagnostic> lint(const rules::Source& source);

}  // namespace coachd::lint
