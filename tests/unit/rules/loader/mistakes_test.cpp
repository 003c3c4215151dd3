// Every tests/golden/mistakes/NNN-NAME.yaml holds one mistake; NNN-NAME.expected what is said of it, with its place.
// Silence is a failure. With COACHD_UPDATE_GOLDEN set the answers are written instead: read the difference before
// committing it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/unit/rules/described.hpp"

namespace coachd::rules {
namespace {

namespace fs = std::filesystem;

const std::string folder = std::string(COACHD_SOURCE_DIR) + "/tests/golden/mistakes/";

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::vector<model::Diagnostic> said(const Source& source) {
  auto out = load({source}, described()).diagnostics;
  const std::vector<std::string> meetings{"pipeline-review", "forecast-call"};
  for (auto&& more : {lint::lint(source), lint::unknown_meetings(source, meetings)})
    out.insert(out.end(), more.begin(), more.end());
  return out;
}

class Mistake : public testing::TestWithParam<std::string> {};

TEST_P(Mistake, IsSaidAtItsPlace) {
  const auto text = read(folder + GetParam() + ".yaml");
  std::string got;
  for (const auto& d : said({"file.yaml", text})) {
    EXPECT_NE(d.severity, model::Severity::note);
    EXPECT_GT(d.place.line, 0u) << d.message;
    EXPECT_FALSE(d.line_text.empty() && text.find('\n') != 0) << d.message;
    got += yaml::render(d, false);
  }
  EXPECT_FALSE(got.empty()) << "accepted in silence:\n" << text;
  if (std::getenv("COACHD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(folder + GetParam() + ".expected") << got;
    return;
  }
  EXPECT_EQ(got, read(folder + GetParam() + ".expected"));
}

INSTANTIATE_TEST_SUITE_P(All, Mistake, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(Mistakes, AreAtLeastAHundredAndDifferent) {
  std::vector<std::string> texts;
  for (const auto& name : cases()) texts.push_back(read(folder + name + ".yaml"));
  EXPECT_GE(texts.size(), 100u);
  std::sort(texts.begin(), texts.end());
  EXPECT_EQ(std::adjacent_find(texts.begin(), texts.end()), texts.end()) << "the same mistake twice";
}

// The file around the mistakes has none itself.
TEST(Mistakes, StandInAFileWithoutAny) {
  const std::string good =
      "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\ninspected_in: pipeline-review\n"
      "reviewed_by: {rep: [ana@example.com]}\n"
      "fields:\n  champion: {decision: Who speaks for us, gives_back: Help in the review, needed_by: {stage: "
      "Proposal}}\n"
      "rules:\n  - id: r\n    kind: stale\n    when: {field: next_step, real: false}\n    control: [flag, prompt]\n"
      "    prompt: {ask: What is next, gives_back: Peace}\n";
  for (const auto& d : said({"file.yaml", good})) ADD_FAILURE() << yaml::render(d, false);
}

}  // namespace
}  // namespace coachd::rules
