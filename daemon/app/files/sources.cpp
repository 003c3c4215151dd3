#include "daemon/app/files/sources.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <ios>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "rules/loader/loader.hpp"

namespace coachd::app {
namespace {

namespace fs = std::filesystem;

bool is_yaml(const std::string& name) {
  return name.ends_with(".yaml") || name.ends_with(".yml");
}
bool is_test(const std::string& name) {
  return name.ends_with(".test.yaml") || name.ends_with(".test.yml");
}

template <class Wanted>
FoundFiles under(const std::string& path, Wanted wanted) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::exists(status)) return {{}, "there is no such file or folder"};
  if (!fs::is_directory(status)) return {{path}, {}};
  FoundFiles out;
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

FoundFiles files_under(const std::string& path) {
  return under(path, [](const std::string& name) { return is_yaml(name) && !is_test(name); });
}

FoundFiles tests_under(const std::string& path) {
  return under(path, is_test);
}

std::string read_file(const std::string& path) {
  auto read = read_text(path);
  if (!read.text) throw std::runtime_error(path + " " + read.problem);
  return std::move(*read.text);
}

std::vector<rules::Source> read_rule_files(const std::vector<std::string>& paths) {
  std::vector<rules::Source> sources;
  for (const auto& path : paths) {
    const auto found = files_under(path);
    if (!found.problem.empty()) throw std::runtime_error(path + ": " + found.problem);
    const bool folder = found.files != std::vector<std::string>{path};
    const auto before = sources.size();
    for (const auto& file : found.files) {
      rules::Source source{file, read_file(file)};
      if (!folder || rules::is_rule_file(source)) sources.push_back(std::move(source));
    }
    if (sources.size() == before) throw std::runtime_error("there is no rule file under " + path);
  }
  return sources;
}

}  // namespace coachd::app
