// What `coachd test` says of every tests/golden/rule_tests/CASE.yaml that has a CASE.expected. With
// COACHD_UPDATE_GOLDEN set the answers are written instead: read the difference before committing it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/cli/cli.hpp"

namespace coachd::cli {
namespace {

namespace fs = std::filesystem;

const std::string folder = std::string(COACHD_SOURCE_DIR) + "/tests/golden/rule_tests/";

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".expected") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

std::string answer(const std::string& name) {
  std::ostringstream out, err;
  Io io{out, err};
  const int code = run({"test", "--all", folder + name + ".yaml"}, io);
  std::string text = out.str() + err.str() + "exit " + std::to_string(code) + '\n';
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
  return text;
}

class TestGolden : public testing::TestWithParam<std::string> {};

TEST_P(TestGolden, SaysWhatWasExpectedAndGotAndWhy) {
  const auto path = folder + GetParam() + ".expected";
  const auto got = answer(GetParam());
  if (std::getenv("COACHD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << got;
    return;
  }
  std::ostringstream expected;
  expected << std::ifstream(path).rdbuf();
  EXPECT_EQ(got, expected.str());
}

INSTANTIATE_TEST_SUITE_P(Cases, TestGolden, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param;
  std::replace_if(name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
  return name;
});

}  // namespace
}  // namespace coachd::cli
