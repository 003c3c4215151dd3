#include <array>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>

#include "daemon/app/testing/testing.hpp"
#include "daemon/cli/explained.hpp"
#include "daemon/cli/test_report.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::cli {
namespace {

// XML 1.0 has no way to write most control characters: they become the replacement character. In attributes line ends
// would be read as blanks.
std::string escaped(std::string_view text, bool is_attribute) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += is_attribute ? "&quot;" : "\""; break;
      case '\n': out += is_attribute ? "&#10;" : "\n"; break;
      case '\t': out += "&#9;"; break;
      case '\r': out += "&#13;"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += "\xEF\xBF\xBD";
        else
          out += c;
    }
  }
  return out;
}

std::string seconds(std::chrono::microseconds t) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.6f", std::chrono::duration<double>(t).count());
  return text.data();
}

std::string attribute(std::string_view name, std::string_view value) {
  return ' ' + std::string(name) + "=\"" + escaped(value, true) + '"';
}
std::string attribute(std::string_view name, std::size_t value) {
  return attribute(name, std::to_string(value));
}

std::string told(const app::CaseResult& c) {
  std::string out;
  for (const auto& m : c.mismatches) {
    out += m.what + (m.moment.empty() ? "" : ", at " + m.moment) + " (" + m.place.file + ':' +
           std::to_string(m.place.line) + ")\nexpected: " + m.expected + "\ngot: " + m.got + '\n';
    for (const auto& note : m.notes) out += note + '\n';
    for (const auto& why : m.why) append_explained(out, why, 1);
  }
  return out;
}

void append_case(std::string& out, const app::TestFileResult& file, const app::CaseResult& c) {
  out += "    <testcase" + attribute("name", c.name) + attribute("classname", file.path) +
         attribute("time", seconds(c.took));
  if (c.mismatches.empty()) {
    out += "/>\n";
    return;
  }
  const auto& first = c.mismatches.front();
  out += ">\n      <failure" + attribute("type", "failure") +
         attribute("message", first.what + ": expected " + first.expected + ", got " + first.got) + '>' +
         escaped(told(c), false) + "</failure>\n    </testcase>\n";
}

void append_mistakes(std::string& out, const app::TestFileResult& file) {
  std::string text;
  std::string message;
  for (const auto& d : file.diagnostics) {
    text += yaml::render(d, false);
    if (message.empty() && d.severity == model::Severity::error) message = d.message;
  }
  out += "    <testcase" + attribute("name", "the file can be read") + attribute("classname", file.path) +
         attribute("time", "0") + ">\n      <error" + attribute("type", "error") + attribute("message", message) + '>' +
         escaped(text, false) + "</error>\n    </testcase>\n";
}

std::chrono::microseconds took(const app::TestFileResult& file) {
  std::chrono::microseconds out{};
  for (const auto& c : file.cases) out += c.took;
  return out;
}

}  // namespace

std::string junit(const app::TestReport& report) {
  std::chrono::microseconds whole{};
  for (const auto& file : report.files) whole += took(file);
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites" + attribute("name", "coachd test") +
                    attribute("tests", report.cases() + report.broken()) + attribute("failures", report.failed()) +
                    attribute("errors", report.broken()) + attribute("time", seconds(whole)) + ">\n";
  for (const auto& file : report.files) {
    const std::size_t errors = file.broken() ? 1 : 0;
    out += "  <testsuite" + attribute("name", file.path) + attribute("tests", file.cases.size() + errors) +
           attribute("failures", file.failed()) + attribute("errors", errors) + attribute("skipped", "0") +
           attribute("time", seconds(took(file))) + ">\n";
    if (file.broken()) append_mistakes(out, file);
    for (const auto& c : file.cases) append_case(out, file, c);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace coachd::cli
