#include "daemon/cli/help/topics.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::help {
namespace {

auto tables() {
  return std::array{file_topics(),          rule_topics(), lint_topics(),
                    configuration_topics(), test_topics(), export_topics()};
}

// Lines of at most 100 characters, broken between words.
void add_wrapped(std::string& out, std::string_view text) {
  std::size_t column = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (column > 0 && column + 1 + end > 100) {
      out += '\n';
      column = 0;
    }
    if (column > 0) {
      out += ' ';
      ++column;
    }
    out += text.substr(0, end);
    column += end;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  out += '\n';
}

void add_indented(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += end == 0 ? "" : "    ";
    out += text.substr(0, end);
    out += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string_view in_words(Part part) {
  switch (part) {
    case Part::file: return "A whole file";
    case Part::workflow: return "At the top of a rule file";
    case Part::card: return "Below `fields:` of a rule file";
    case Part::criterion: return "Below `done_means:` of a rule file";
    case Part::rule: return "Below `rules:` of a rule file";
    case Part::condition: return "A condition, as in `when:` of a rule";
    case Part::configuration: return "At the top of coachd.yaml";
    case Part::connection: return "In a connection of coachd.yaml";
    case Part::people: return "A people file";
    case Part::test: return "In a test of rules";
    case Part::shell: return "On the command line";
  }
  return "";
}

const Topic* find(std::string_view code) {
  for (const auto table : tables())
    for (const auto& t : table)
      if (t.code == code) return &t;
  return nullptr;
}

std::vector<std::string> codes() {
  std::vector<std::string> out;
  for (const auto table : tables())
    for (const auto& t : table) out.emplace_back(t.code);
  std::sort(out.begin(), out.end());
  return out;
}

std::string page(const Topic& topic) {
  std::string out(topic.code);
  out += "\n\n";
  add_wrapped(out, topic.says);
  out += '\n' + std::string(in_words(topic.part)) + ".\n\n  Bad:\n\n";
  add_indented(out, topic.bad);
  out += "\n  Better:\n\n";
  add_indented(out, topic.better);
  return out;
}

}  // namespace coachd::help
