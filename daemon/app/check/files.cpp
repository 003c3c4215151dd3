#include "daemon/app/check/files.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::checking {

FileKind kind_of(const std::string& path, const std::string& text, std::vector<model::Diagnostic>& diagnostics) {
  if (path.ends_with(".csv")) return FileKind::people;
  // Also where the file cannot be parsed: the settings know how to show such a file without its secrets.
  if (text.starts_with("connections:") || text.find("\nconnections:") != std::string::npos)
    return FileKind::configuration;
  const auto document = yaml::Document::parse(path, text);
  const auto root = document->root();
  const auto has = [&](std::string_view key) { return static_cast<bool>(root.find(key)); };
  if (has("workflow")) return FileKind::rules;
  if (has("cases")) return FileKind::test;
  if (has("object")) return FileKind::export_map;
  if (has("people")) return FileKind::people;
  if (document->diagnostics().empty()) {
    std::string message =
        "this is no file of coachd: none of `workflow` (rules), `connections` (configuration), `object` (map of an "
        "export), `people` stands in it";
    const std::vector<std::string> marks = {"workflow", "connections", "object", "people"};
    model::Place at{path, 1, 1};
    for (const auto& [key, value] : root.entries()) {
      const auto meant = yaml::nearest(key, marks);
      if (!meant) continue;
      message += "; did you mean `" + *meant + "`?";
      at = root.key_place(key);
      break;
    }
    document->report(model::Severity::error, "unknown-file", std::move(message), at);
  }
  diagnostics.insert(diagnostics.end(), document->diagnostics().begin(), document->diagnostics().end());
  return FileKind::broken;
}

}  // namespace coachd::app::checking
