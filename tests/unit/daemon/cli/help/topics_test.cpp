// Every code that a reader can say has its page, and every page is true: its bad example yields the code, its better
// one does not.
#include "daemon/cli/help/topics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "connectors/file/map.hpp"
#include "daemon/app/check/check.hpp"
#include "daemon/app/testing/testing.hpp"
#include "daemon/cli/cli.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/lint/lint.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/unit/rules/described.hpp"

namespace coachd::help {
namespace {

namespace fs = std::filesystem;

std::string indented(std::string_view text, const char* by) {
  std::istringstream in{std::string(text)};
  std::string out, line;
  while (std::getline(in, line)) out += by + line + "\n";
  return out;
}

// The file that the example is a part of.
std::string whole(Part part, std::string_view example) {
  const std::string rules =
      "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\ninspected_in: pipeline-review\n"
      "reviewed_by: {rep: [ana@example.com], manager: [li@example.com]}\n";
  const std::string connections =
      "connections:\n  acme:\n    crm: salesforce\n    login: https://acme.my.salesforce.com\n"
      "    auth: {flow: client_credentials, client_id: x, client_secret: {env: S}}\n";
  switch (part) {
    case Part::workflow: return rules + std::string(example);
    case Part::card: return rules + "fields:\n" + indented(example, "  ");
    case Part::criterion: return rules + "done_means:\n" + indented(example, "  ");
    case Part::rule: return rules + "rules:\n" + indented(example, "  ");
    case Part::condition:
      return rules + "rules:\n  - id: r\n    kind: stale\n    control: [flag]\n    when: " + std::string(example);
    case Part::configuration: return "version: 1\nrules: []\n" + connections + std::string(example);
    case Part::connection: return "version: 1\nrules: []\n" + connections + indented(example, "    ");
    case Part::test:
      return "rules: rules.yaml\nnow: 2026-05-04T09:00:00Z\nstages: [Prospecting, Proposal, {name: Won, won: true}]\n"
             "people: {ana: {job: rep}}\n" +
             std::string(example);
    case Part::file:
    case Part::people:
    case Part::shell: break;
  }
  return std::string(example);
}

// Codes that the readers say of a text, as `coachd check` and the daemon read it.
std::set<std::string> said(Part part, const std::string& text) {
  std::vector<model::Diagnostic> all;
  const auto add = [&](const std::vector<model::Diagnostic>& found) {
    all.insert(all.end(), found.begin(), found.end());
  };
  const auto has = [&](const char* key) { return ("\n" + text).find(std::string("\n") + key) != std::string::npos; };
  if (part == Part::test) {
    const auto folder = fs::temp_directory_path() / ("coachd-help-test-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::ofstream(folder / "rules.yaml")
        << "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\nrules:\n"
           "  - {id: quiet, kind: stale, for: {open: true}, when: {field: next_step, "
           "real: false}, control: [flag]}\n";
    std::ofstream(folder / "a.test.yaml") << text;
    for (const auto& file : app::test_rules({(folder / "a.test.yaml").string()}).files) add(file.diagnostics);
    fs::remove_all(folder);
  } else if (part == Part::people) {
    add(settings::load_people("people.csv", text).diagnostics);
  } else if (has("connections:")) {
    const auto folder = fs::temp_directory_path() / ("coachd-help-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    std::ofstream(folder / "coachd.yaml") << text;
    add(app::check({(folder / "coachd.yaml").string()}).diagnostics);
    fs::remove_all(folder);
  } else if (has("workflow:")) {
    const rules::Source source{"rules.yaml", text};
    add(rules::load({source}, rules::described()).diagnostics);
    add(lint::lint(source));
    add(lint::ended(source, *model::parse_day("2026-05-04")));
    add(lint::unknown_meetings(source, std::vector<std::string>{"pipeline-review", "forecast-call"}));
  } else if (has("object:")) {
    add(file::read_map("map.yaml", text).diagnostics);
  } else {
    const auto file = fs::temp_directory_path() / ("coachd-help-" + std::to_string(::getpid()) + ".yaml");
    std::ofstream(file) << text;
    add(app::check({file.string()}).diagnostics);
    fs::remove(file);
  }
  std::set<std::string> out;
  for (const auto& d : all) out.insert(d.code);
  return out;
}

std::set<std::string> codes_in_sources() {
  // A call that reports, and the code as its own argument.
  const std::regex call(
      R"rx((?:error|warn|warning|report|say|wrong|Stop|push_back|return)\s*[({][^";]{0,120}?"([a-z]+(?:-[a-z]+)*)"\s*,)rx");
  std::set<std::string> out;
  const std::string root = COACHD_SOURCE_DIR;
  std::vector<fs::path> files{root + "/connectors/file/map.cpp", root + "/daemon/app/contexts.cpp",
                              root + "/daemon/app/audit/prepared.cpp", root + "/daemon/app/audit/rulebook.cpp",
                              root + "/daemon/app/audit/histories.cpp"};
  for (const char* room :
       {"/rules/yaml", "/rules/conditions", "/rules/cards", "/rules/prompts", "/rules/loader", "/rules/lint",
        "/rules/detectors", "/daemon/settings", "/daemon/app/check", "/daemon/app/testing"})
    if (fs::exists(root + room))
      for (const auto& entry : fs::recursive_directory_iterator(root + room))
        if (entry.path().extension() == ".cpp") files.push_back(entry.path());
  for (const auto& file : files) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    const auto source = text.str();
    for (std::sregex_iterator it(source.begin(), source.end(), call), end; it != end; ++it)
      if (const auto word = (*it)[1].str(); word.find('-') != std::string::npos) out.insert(word);
  }
  for (const char* single : {"syntax", "noisy", "contradiction", "duplicate", "empty", "broken"}) out.insert(single);
  return out;
}

TEST(HelpTopics, EveryCodeOfTheReadersHasItsPage) {
  const auto used = codes_in_sources();
  EXPECT_GT(used.size(), 60u);
  for (const auto& code : used)
    EXPECT_NE(find(code), nullptr) << "`coachd help " << code << "` has nothing to say: add it to daemon/cli/help";
  for (const auto& code : codes()) EXPECT_TRUE(used.contains(code)) << code << " has a page, and nobody says it";
}

TEST(HelpTopics, StandOnceEach) {
  const auto all = codes();
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), all.size());
}

class HelpTopic : public testing::TestWithParam<std::string> {};

TEST_P(HelpTopic, TellsWhatIsSo) {
  const auto* topic = find(GetParam());
  ASSERT_NE(topic, nullptr);
  EXPECT_GT(topic->says.size(), 30u);
  EXPECT_NE(topic->bad, topic->better);
  if (topic->part == Part::shell) return;
  EXPECT_THAT(said(topic->part, whole(topic->part, topic->bad)), testing::Contains(GetParam()));
  const auto better = said(topic->part, whole(topic->part, topic->better));
  EXPECT_THAT(better, testing::Not(testing::Contains(GetParam())));
  for (const auto& code : better) ADD_FAILURE() << "the better example has a mistake of its own: " << code;
}

INSTANTIATE_TEST_SUITE_P(Codes, HelpTopic, testing::ValuesIn(codes()), [](const auto& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(HelpCommand, PrintsAPageAndFindsTheNearestName) {
  std::ostringstream out, err;
  cli::Io io{out, err};
  EXPECT_EQ(cli::run({"help", "no-decision"}, io), 0);
  EXPECT_THAT(out.str(), testing::AllOf(testing::StartsWith("no-decision\n\n"), testing::HasSubstr("  Bad:\n"),
                                        testing::HasSubstr("  Better:\n")));
  EXPECT_EQ(cli::run({"help", "no-decison"}, io), 2);
  EXPECT_THAT(err.str(), testing::HasSubstr("did you mean `no-decision`?"));
  out.str({});
  EXPECT_EQ(cli::run({"help", "detectors"}, io), 0);
  EXPECT_THAT(out.str(), testing::HasSubstr("duplicates\n"));
  out.str({});
  EXPECT_EQ(cli::run({"help", "duplicates"}, io), 0);
  EXPECT_THAT(out.str(), testing::StartsWith("duplicates\n"));
  out.str({});
  EXPECT_EQ(cli::run({"help", "codes"}, io), 0);
  EXPECT_THAT(out.str(), testing::HasSubstr("unknown-key\n"));
}

}  // namespace
}  // namespace coachd::help
