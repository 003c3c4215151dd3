// Files as commands and the daemon name them: a folder means every *.yaml and *.yml under it, *.test.yaml excepted.
// Blocks.
#pragma once

#include <string>
#include <vector>

#include "rules/loader/loader.hpp"

namespace coachd::app {

/// The text of a file. Throws std::runtime_error with a sentence that names the path.
[[nodiscard]] std::string read_file(const std::string& path);

/// Rule files among `paths`, in a stable order; other files of a folder are passed over, one named outright is taken.
/// Throws std::runtime_error where a path does not exist or a folder has no rule file.
[[nodiscard]] std::vector<rules::Source> read_rule_files(const std::vector<std::string>& paths);

}  // namespace coachd::app
