// Every tests/golden/config/CASE.yaml is checked and must say exactly what CASE.expected holds. With
// COACHD_UPDATE_GOLDEN set the answers are written instead: read the difference before committing it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/app/check/check.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app {
namespace {

namespace fs = std::filesystem;

const std::string folder = std::string(COACHD_SOURCE_DIR) + "/tests/golden/config/";

std::vector<std::string> cases() {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().stem().string());
  std::sort(out.begin(), out.end());
  return out;
}

std::string without_folder(std::string text) {
  for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder)) text.erase(at, folder.size());
  return text;
}

std::string answer(const std::string& name) {
  const auto report = check({folder + name + ".yaml"});
  std::string out;
  for (const auto& d : report.diagnostics) out += without_folder(yaml::render(d, false));
  return out;
}

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// Line by line, `-` expected and `+` got.
std::string difference(const std::string& expected, const std::string& got) {
  std::istringstream a(expected), b(got);
  std::ostringstream out;
  std::string x, y;
  for (bool more_a = true, more_b = true; more_a || more_b;) {
    more_a = static_cast<bool>(std::getline(a, x));
    more_b = static_cast<bool>(std::getline(b, y));
    if (more_a && more_b && x == y) {
      out << "  " << x << '\n';
      continue;
    }
    if (more_a) out << "- " << x << '\n';
    if (more_b) out << "+ " << y << '\n';
  }
  return out.str();
}

class CheckGolden : public testing::TestWithParam<std::string> {};

TEST_P(CheckGolden, SaysEveryMistakeWithItsPlace) {
  const auto path = folder + GetParam() + ".expected";
  const auto got = answer(GetParam());
  EXPECT_THAT(got, testing::Not(testing::HasSubstr("very-secret-words")));
  if (std::getenv("COACHD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << got;
    return;
  }
  ASSERT_TRUE(fs::exists(path)) << "there is no " << path;
  const auto expected = read(path);
  if (got != expected) FAIL() << difference(expected, got);
}

INSTANTIATE_TEST_SUITE_P(Cases, CheckGolden, testing::ValuesIn(cases()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(CheckGoldenFolder, HasOneCaseForEveryMistake) {
  const auto all = cases();
  EXPECT_GE(all.size(), 25u);
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".expected") continue;
    EXPECT_THAT(all, testing::Contains(entry.path().stem().string())) << "an answer without its case";
  }
}

}  // namespace
}  // namespace coachd::app
