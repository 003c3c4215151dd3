// Files as commands and the daemon name them: a folder means every *.yaml and *.yml under it, *.test.yaml excepted, and
// nothing whose name begins with a dot. Blocks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/loader/loader.hpp"

namespace coachd::app {

/// A text of at most 16 MiB, or why not in one sentence without the path.
struct ReadText {
  std::optional<std::string> text;
  std::string problem;
};
[[nodiscard]] ReadText read_text(const std::string& path);
/// The same. Throws std::runtime_error with a sentence that names the path.
[[nodiscard]] std::string read_file(const std::string& path);

/// The files under a path, in order of their names. Nothing but `problem` where there is no such path.
struct FoundFiles {
  std::vector<std::string> files;
  std::string problem;
};
[[nodiscard]] FoundFiles files_under(const std::string& path);
/// The same for rule tests: of a folder its *.test.yaml and *.test.yml.
[[nodiscard]] FoundFiles tests_under(const std::string& path);

/// Rule files among `paths`, in a stable order; other files of a folder are passed over, one named outright is taken.
/// Throws std::runtime_error with a sentence that names the path: it cannot be read, or a folder has no rule file.
[[nodiscard]] std::vector<rules::Source> read_rule_files(const std::vector<std::string>& paths);

}  // namespace coachd::app
