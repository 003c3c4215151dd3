// `coachd audit` as a person runs it, and its answer in JSON Lines. Data that nobody here made up lies outside the
// repository: in the folder that COACHD_SHARED names, else in `shared` beside the source folder.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/cli/cli.hpp"

namespace coachd::test {

namespace fs = std::filesystem;
namespace json = boost::json;

inline fs::path shared_folder() {
  const char* named = std::getenv("COACHD_SHARED");
  return named != nullptr ? fs::path(named) : fs::path(COACHD_SOURCE_DIR).parent_path() / "shared";
}

/// Skips the test, saying what is missing, where the data is absent.
#define COACHD_NEEDS(path)            \
  if (!std::filesystem::exists(path)) \
  GTEST_SKIP() << (path) << " is not there: set COACHD_SHARED to the folder that holds data/ and bench/"

inline std::string here(const std::string& name) {
  return (fs::path(COACHD_SOURCE_DIR) / "tests/integration/audit" / name).string();
}

inline std::string text_of(const fs::path& p) {
  std::ifstream in(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class TempFolder {
 public:
  TempFolder() {
    std::string name = testing::TempDir() + "coachd_audit_XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() { fs::remove_all(path_); }
  // NOLINTNEXTLINE(modernize-use-nodiscard): often the file is all that is wanted
  std::string write(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary).write(content.data(), static_cast<std::streamsize>(content.size()));
    return (path_ / name).string();
  }
  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

 private:
  fs::path path_;
};

struct AuditRun {
  int code = -1;
  std::string out;
  std::string err;
  std::vector<json::object> lines;
  std::map<std::string, json::object> fields;
  json::object summary;

  [[nodiscard]] std::int64_t found(const std::string& rule) const {
    const auto& by = summary.at("by_rule").as_object();
    return by.contains(rule) ? by.at(rule).to_number<std::int64_t>() : -1;
  }
  /// `cannot_tell` lines as what + ": " + why -> count.
  [[nodiscard]] std::map<std::string, std::int64_t> untold() const {
    std::map<std::string, std::int64_t> out_;
    for (const auto& l : lines)
      if (l.at("type") == "cannot_tell")
        out_[std::string(l.at("what").as_string()) + ": " + std::string(l.at("why").as_string())] =
            l.at("count").to_number<std::int64_t>();
    return out_;
  }
  [[nodiscard]] std::int64_t number(const std::string& field, const char* key) const {
    return fields.at(field).at(key).to_number<std::int64_t>();
  }
  /// How often a placeholder stands in a field; 0 where it is none there.
  [[nodiscard]] std::int64_t placeholder(const std::string& field, std::string_view value) const {
    for (const auto& p : fields.at(field).at("placeholders").as_array())
      if (p.at("value").as_string() == value) return p.at("count").to_number<std::int64_t>();
    return 0;
  }
};

/// Runs `coachd audit ARGS --format jsonl`.
inline AuditRun run_audit(std::vector<std::string> args, bool jsonl = true) {
  args.insert(args.begin(), "audit");
  if (jsonl) args.insert(args.end(), {"--format", "jsonl"});
  std::ostringstream out;
  std::ostringstream err;
  cli::Io io{out, err};
  AuditRun r;
  r.code = cli::run(args, io);
  r.out = out.str();
  r.err = err.str();
  if (!jsonl) return r;
  std::istringstream in(r.out);
  for (std::string line; std::getline(in, line);) {
    r.lines.push_back(json::parse(line).as_object());
    const auto& o = r.lines.back();
    if (o.at("type") == "field") r.fields[std::string(o.at("field").as_string())] = o;
    if (o.at("type") == "summary") r.summary = o;
  }
  return r;
}

}  // namespace coachd::test
