// Anti-patterns of rule files: what is well-formed and still a bad idea. One file per anti-pattern;
// lint.cpp lists them. Warnings only, `coachd check --strict` makes them count. Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::lint {

/// The warnings of rule files that are used together, by file and place. A file that cannot be parsed has none: the
/// loader speaks of it.
[[nodiscard]] std::vector<model::Diagnostic> lint(std::span<const rules::Source> sources);
[[nodiscard]] std::vector<model::Diagnostic> lint(const rules::Source& source);

/// Meetings that the file names (`inspected_in`, a bare name in `used_in`) and that are not among `meetings`: errors.
[[nodiscard]] std::vector<model::Diagnostic> unknown_meetings(const rules::Source& source,
                                                              std::span<const std::string> meetings);

/// Exceptions that ended before `today`, and fields whose review is overdue.
[[nodiscard]] std::vector<model::Diagnostic> ended(const rules::Source& source, model::Day today);

/// Exceptions for a record that `known` does not know, as it is written: the line does nothing.
[[nodiscard]] std::vector<model::Diagnostic> unmatched(const rules::Source& source,
                                                       const std::function<bool(std::string_view record)>& known);

/// What a rule finds at present.
struct Count {
  std::uint64_t findings = 0;
  std::uint64_t owners = 0;
  std::uint64_t opened = 0;     ///< findings that came in the last `weeks` weeks
  std::uint64_t opened_by = 0;  ///< with how many owners
  int weeks = 0;                ///< 0: nobody looked back
};
/// noisy: rules that would ask a person more than the budget of a week allows, by what they find, or found week after
/// week (rule id -> count).
[[nodiscard]] std::vector<model::Diagnostic> noisy(const rules::Source& source,
                                                   const std::map<std::string, Count>& counts, int per_week);

/// What would happen to a rep who stops for a week, in a workflow that says it is voluntary: what others would then
/// see. Empty is as it must be.
struct Stopped {
  std::string workflow;
  model::Place place;  ///< of `voluntary`
  std::vector<std::string> happens;
};
[[nodiscard]] std::vector<Stopped> if_a_rep_stops(std::span<const rules::Source> sources);

}  // namespace coachd::lint
