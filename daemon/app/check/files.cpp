#include "daemon/app/check/files.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::checking {
namespace {

namespace fs = std::filesystem;

bool is_yaml(const std::string& name) {
  return name.ends_with(".yaml") || name.ends_with(".yml");
}
bool is_test(const std::string& name) {
  return name.ends_with(".test.yaml") || name.ends_with(".test.yml");
}

}  // namespace

ReadText read_text(const std::string& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return {std::nullopt, "is a folder"};
  constexpr std::uintmax_t largest = 16u << 20;
  if (const auto size = fs::file_size(path, error); !error && size > largest)
    return {std::nullopt, "is larger than 16 MiB"};
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return {std::nullopt, std::string("cannot be read: ") + std::strerror(errno != 0 ? errno : EIO)};
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (in.bad()) return {std::nullopt, "cannot be read"};
  return {std::move(text), {}};
}

namespace {

template <class Wanted>
Found under(const std::string& path, Wanted wanted) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return {{}, "there is no such file or folder"};
  if (!fs::is_directory(status)) return {{path}, {}};
  Found out;
  fs::recursive_directory_iterator it(path, error);
  if (error) return {{}, "cannot be read: " + error.message()};
  for (; it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (error) return {{}, "cannot be read: " + error.message()};
    const auto name = it->path().filename().string();
    if (name.starts_with('.')) {
      it.disable_recursion_pending();
    } else if (wanted(name) && !it->is_directory(error)) {
      out.files.push_back(it->path().string());
    }
  }
  std::sort(out.files.begin(), out.files.end());
  return out;
}

}  // namespace

Found files_under(const std::string& path) {
  return under(path, [](const std::string& name) { return is_yaml(name) && !is_test(name); });
}

Found tests_under(const std::string& path) {
  return under(path, is_test);
}

FileKind kind_of(const std::string& path, const std::string& text, std::vector<model::Diagnostic>& diagnostics) {
  if (!is_yaml(path) && path.ends_with(".csv")) return FileKind::people;
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
