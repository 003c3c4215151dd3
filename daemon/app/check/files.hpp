// The files that a check looks at, and what each of them is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rules/model/error.hpp"

namespace coachd::app::checking {

enum class FileKind : std::uint8_t { rules, configuration, export_map, people, test, broken };

struct CheckedFile {
  std::string path;
  std::string text;
  FileKind kind = FileKind::broken;
};

/// A text of at most 16 MiB, or why not in one sentence without the path.
struct ReadText {
  std::optional<std::string> text;
  std::string problem;
};
[[nodiscard]] ReadText read_text(const std::string& path);

/// The files under a path, in order of their names. Nothing but `problem` where there is no such path.
struct Found {
  std::vector<std::string> files;
  std::string problem;
};
[[nodiscard]] Found files_under(const std::string& path);
/// The same for rule tests: of a folder its *.test.yaml and *.test.yml.
[[nodiscard]] Found tests_under(const std::string& path);

/// Tells a file by its top keys. What is no file of coachd, or no YAML, is `broken` and said in `diagnostics`.
[[nodiscard]] FileKind kind_of(const std::string& path, const std::string& text,
                               std::vector<model::Diagnostic>& diagnostics);

}  // namespace coachd::app::checking
