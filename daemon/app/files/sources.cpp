#include "daemon/app/files/sources.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>
#include "rules/loader/loader.hpp"

namespace coachd::app {
namespace {

namespace fs = std::filesystem;

bool is_rules_name(const fs::path& path) {
  const auto name = path.filename().string();
  const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml");
  return yaml && !name.ends_with(".test.yaml") && !name.ends_with(".test.yml");
}

}  // namespace

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (in.bad()) throw std::runtime_error("cannot read " + path);
  return text;
}

std::vector<rules::Source> read_rule_files(const std::vector<std::string>& paths) {
  std::vector<rules::Source> sources;
  for (const auto& path : paths) {
    if (!fs::is_directory(path)) {
      sources.push_back({path, read_file(path)});
      continue;
    }
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.is_regular_file() && is_rules_name(entry.path())) found.push_back(entry.path().string());
    std::sort(found.begin(), found.end());
    const auto before = sources.size();
    for (const auto& file : found)
      if (rules::Source source{file, read_file(file)}; rules::is_rule_file(source))
        sources.push_back(std::move(source));
    if (sources.size() == before) throw std::runtime_error("there is no rule file under " + path);
  }
  return sources;
}

}  // namespace coachd::app
