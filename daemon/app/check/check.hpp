// `coachd check`: every file under some paths, told apart by its keys, read as strictly as the daemon reads it, with
// every mistake at once. Reads files, writes nothing. One call, one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/settings/settings.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {

/// Rule files that are used together, as a connection reads them ("" where no configuration names them).
struct CheckedRules {
  std::string connection;
  std::vector<rules::Source> sources;
  rules::Loaded loaded;
};

struct CheckReport {
  std::vector<model::Diagnostic> diagnostics;  ///< by file and place, each once
  std::size_t files = 0;                       ///< that were read
  std::size_t rules = 0;                       ///< rules, cards and criteria in files without a mistake
  std::vector<CheckedRules> sets;              ///< without a mistake
  std::optional<settings::Settings> settings;  ///< of the first configuration without a mistake
  std::vector<lint::Stopped> voluntary;        ///< what a voluntary workflow does to a rep who stops
  [[nodiscard]] std::size_t count(model::Severity severity) const noexcept;
};

/// Files as they are; of folders every *.yaml and *.yml below but rule tests (*.test.yaml) and what begins with a dot.
/// A configuration brings the rules and people that it names. What cannot be read is a diagnostic too.
/// `today`: what ended before it is said; nothing: not looked at.
[[nodiscard]] CheckReport check(const std::vector<std::string>& paths, std::optional<model::Day> today = std::nullopt);

}  // namespace coachd::app
