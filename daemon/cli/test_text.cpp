#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/app/testing/testing.hpp"
#include "daemon/cli/explained.hpp"
#include "daemon/cli/test_report.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {
namespace {

std::string counted(std::size_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string place(const model::Place& p) {
  return p.file + ':' + std::to_string(p.line);
}

// Further lines of a text stand under its first.
std::string hanging(std::string text, std::size_t by) {
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
    text.insert(at + 1, std::string(by, ' '));
  return text;
}

void append(std::string& out, const app::Mismatch& m) {
  out += "  " + m.what;
  if (!m.moment.empty()) out += ", at " + m.moment + " (line " + std::to_string(m.place.line) + ')';
  out += "\n    expected: " + hanging(m.expected, 14) + "\n    got:      " + hanging(m.got, 14) + '\n';
  for (const auto& note : m.notes) out += "    " + hanging(note, 4) + '\n';
  for (const auto& why : m.why) append_explained(out, why, 3);
}

}  // namespace

std::string test_text(const app::TestReport& report, bool all, bool colour) {
  const auto painted = [&](const char* code, std::string_view word) {
    return colour ? "\x1b[" + std::string(code) + 'm' + std::string(word) + "\x1b[0m" : std::string(word);
  };
  std::string out;
  for (const auto& file : report.files) {
    for (const auto& d : file.diagnostics) out += yaml::render(d, colour);
    for (const auto& c : file.cases) {
      if (c.mismatches.empty()) {
        if (all) out += painted("32", "ok") + "    " + place(c.place) + ": " + c.name + '\n';
        continue;
      }
      out += painted("1;31", "FAIL") + "  " + place(c.place) + ": " + c.name + '\n';
      for (const auto& m : c.mismatches) append(out, m);
      out += '\n';
    }
  }
  out += counted(report.files.size(), "file", "files") + ", " + counted(report.cases(), "case", "cases") + ": ";
  if (report.failed() == 0 && report.broken() == 0) return out + painted("32", "all passed") + '\n';
  if (report.failed() > 0) out += painted("1;31", counted(report.failed(), "failed", "failed"));
  if (report.broken() > 0)
    out += (report.failed() > 0 ? ", " : "") +
           painted("1;31", counted(report.broken(), "file has mistakes and was not run",
                                   "files have mistakes and were not run"));
  return out + '\n';
}

}  // namespace coachd::cli
