// What `coachd check --read` says of rules: grammar is held by a golden file. With COACHD_UPDATE_GOLDEN set it is
// written instead: read every sentence aloud before committing it.
#include "rules/engine/read_back.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/unit/rules/engine/lab.hpp"

namespace coachd::rules {
namespace {

std::string read(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string sentences(const std::string& text) {
  const auto loaded = load({{"sentences.yaml", text}}, lab::Bench::standard());
  std::string out;
  for (const auto& d : loaded.diagnostics) out += yaml::render(d, false);
  if (!loaded.rules) return out;
  for (std::uint32_t i = 0; i < loaded.rules->rules.size(); ++i)
    for (const auto& r : read_back(*loaded.rules, i)) out += r.id + "\n  " + r.sentence + ".\n";
  return out;
}

TEST(ReadBack, SaysEveryRuleAsOneSentence) {
  const std::string folder = std::string(COACHD_SOURCE_DIR) + "/tests/golden/read-back/";
  const auto got = sentences(read(folder + "sentences.yaml"));
  if (std::getenv("COACHD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(folder + "sentences.expected") << got;
    return;
  }
  EXPECT_EQ(got, read(folder + "sentences.expected"));
}

TEST(ReadBack, NamesSeveralRecordsOfAnObject) {
  EXPECT_EQ(in_plural("opportunity"), "opportunities");
  EXPECT_EQ(in_plural("contact_role"), "contact roles");
  EXPECT_EQ(in_plural("survey"), "surveys");
  EXPECT_EQ(in_plural("business"), "businesses");
  EXPECT_EQ(in_plural("Project__c"), "Project__c records");
}

}  // namespace
}  // namespace coachd::rules
