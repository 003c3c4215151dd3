// Anti-patterns of rule files (design 2, Lint): what is well-formed and still a bad idea. One file per anti-pattern;
// lint.cpp lists them. Warnings only, `coachd check --strict` makes them count. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"

namespace coachd::lint {

/// The warnings of one rule file, by place. A file that cannot be parsed has none: the loader speaks of it.
[[nodiscard]] std::vector<model::Diagnostic> lint(const rules::Source& source);

/// Meetings that the file names (`inspected_in`, a bare name in `used_in`) and that are not among `meetings`: errors.
[[nodiscard]] std::vector<model::Diagnostic> unknown_meetings(const rules::Source& source,
                                                              std::span<const std::string> meetings);

}  // namespace coachd::lint
