// What a file that a check looks at is.
#pragma once

#include <cstdint>
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

/// Tells a file by its top keys. What is no file of coachd, or no YAML, is `broken` and said in `diagnostics`.
[[nodiscard]] FileKind kind_of(const std::string& path, const std::string& text,
                               std::vector<model::Diagnostic>& diagnostics);

}  // namespace coachd::app::checking
