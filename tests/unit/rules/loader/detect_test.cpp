
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "rules/detectors/detector.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/loader/loader.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

using testing::HasSubstr;

std::string errors(const std::string& rule) {
  const auto loaded = load({{"r.yaml",
                             "version: 1\nworkflow: w\nobject: account\nowner: o@example.com\nrules:\n  - id: r\n    "
                             "kind: duplicate\n    control: [flag]\n" +
                                 rule}},
                           {});
  std::string out;
  for (const auto& d : loaded.diagnostics) out += d.code + ": " + yaml::render(d, false);
  EXPECT_EQ(loaded.rules == nullptr, !out.empty()) << out;
  return out;
}

TEST(Detect, KnowsDetectorsAndTheirParameters) {
  EXPECT_EQ(errors("    detect: duplicates\n    with: {alike: 90%, name_alone: 0, domain: web, created_within: 30d}\n"),
            "");
  EXPECT_THAT(errors("    detect: duplicate\n"), HasSubstr("did you mean `duplicates`?"));
  EXPECT_THAT(errors("    detect: [duplicates]\n"), HasSubstr("unknown-detector"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {alyke: 90%}\n"), HasSubstr("did you mean `alike`?"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: [alike]\n"), HasSubstr("`with` is a map"));
  EXPECT_THAT(errors("    detect: placeholder-share\n"), HasSubstr("placeholder-share needs `fields` under `with`"));
  EXPECT_THAT(errors("    detect: placeholder-share\n    with: {fields: [name], of: persons}\n"),
              HasSubstr("did you mean `person`?"));
}

// The host reads nothing for nobody: files only where a clue lies in them.
TEST(Detect, ThePlanSaysWhatIsWantedBesideRecords) {
  const auto plan = [](const std::string& detect) {
    const auto loaded = load({{"r.yaml",
                               "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\nrules:\n  - id: "
                               "r\n    kind: workaround\n    control: [flag]\n    detect: " +
                                   detect}},
                             {});
    const auto& p = loaded.rules->objects.at("opportunity");
    return std::string(p.detects_logins ? "logins " : "") + (p.detects_exports ? "exports " : "") +
           (p.detects_setup ? "setup " : "") + (p.detects_files ? "files " : "");
  };
  EXPECT_EQ(plan("logins-without-work\n"), "logins ");
  EXPECT_EQ(plan("crm-changes\n"), "setup ");
  EXPECT_EQ(plan("workaround\n"), "files ");
  EXPECT_EQ(plan("workaround\n    with: {clues: [note-instead, spreadsheet]}\n"), "files ");
  EXPECT_EQ(plan("workaround\n    with: {clues: [note-instead]}\n"), "");
  EXPECT_EQ(plan("duplicates\n"), "");
}

TEST(Detect, ChecksWhatParametersAreWrittenAs) {
  EXPECT_THAT(errors("    detect: duplicates\n    with: {alike: 90}\n"), HasSubstr("takes a share such as 20%"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {alike: 190%}\n"), HasSubstr("takes a share such as 20%"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {created_within: soon}\n"),
              HasSubstr("takes a duration such as 14d"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {name_alone: 1.5}\n"), HasSubstr("takes a whole number"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {name_alone: nan}\n"), HasSubstr("takes a whole number"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {alike: nan%}\n"), HasSubstr("takes a share such as 20%"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {name_alone: -1}\n"), HasSubstr("takes a whole number"));
  EXPECT_THAT(errors("    detect: duplicates\n    with: {name: {is: x}}\n"), HasSubstr("takes a field"));
}

TEST(Detect, StandsAloneBesideFor) {
  EXPECT_THAT(errors("    detect: duplicates\n    when: {open: true}\n"), HasSubstr("`when` or `detect`, not both"));
  EXPECT_THAT(errors("    when: {field: name, filled: true}\n    with: {alike: 90%}\n"),
              HasSubstr("parameters of `detect`"));
  EXPECT_EQ(errors("    detect: duplicates\n    for: {field: name, filled: true}\n"), "");
}

TEST(Detect, AFieldThatIsNotThereIsAnError) {
  Binding b;
  b.columns = {"name", "owner"};
  const auto loaded =
      load({{"r.yaml",
             "version: 1\nworkflow: w\nobject: account\nowner: o@example.com\nrules:\n  - {id: r, kind: duplicate, "
             "control: [flag], detect: duplicates, with: {domain: nane}}\n"}},
           b);
  ASSERT_FALSE(loaded.diagnostics.empty());
  EXPECT_THAT(loaded.diagnostics[0].message, HasSubstr("did you mean `name`?"));
}

// The tables are what help, schema and loader rest on.
TEST(Detect, EveryDetectorIsWellDescribed) {
  std::set<std::string_view> names;
  for (const DetectorKind* k : detectors()) {
    EXPECT_TRUE(names.insert(k->name).second) << k->name;
    for (const auto text : {k->finds, k->needs, k->cannot_tell}) {
      EXPECT_FALSE(text.empty()) << k->name;
      EXPECT_TRUE(text.ends_with('.')) << k->name << ": " << text;
    }
    std::set<std::string_view> parameters;
    for (const Parameter& p : k->parameters) {
      EXPECT_TRUE(parameters.insert(p.name).second) << k->name << ' ' << p.name;
      EXPECT_FALSE(p.means.empty()) << k->name << ' ' << p.name;
    }
    // Every default is written as its kind is: given by hand it is no error.
    std::string with;
    for (const Parameter& p : k->parameters) {
      const bool list = p.kind == Parameter::Kind::words;
      std::string value(p.required
                            ? (p.kind == Parameter::Kind::field || p.kind == Parameter::Kind::fields ? "name" : "x")
                            : p.usual);
      if (value.empty()) continue;
      if (p.kind == Parameter::Kind::field) value = value.substr(0, value.find('|'));
      if (list)
        for (auto& c : value)
          if (c == '|') c = ',';
      with += (with.empty() ? "" : ", ") + std::string(p.name) + ": " + (list ? "[" + value + "]" : value);
    }
    EXPECT_EQ(errors("    detect: " + std::string(k->name) + "\n    with: {" + with + "}\n"), "") << k->name;
    const std::string help = help_text(*k);
    EXPECT_THAT(help, HasSubstr("cannot tell"));
    // Its example is a rule, and no line is wider than a terminal.
    const std::string example = help.substr(help.find("\nexample\n") + 9);
    const auto loaded = load(
        {{"r.yaml", "version: 1\nworkflow: w\nobject: opportunity\nowner: o@example.com\nrules:\n" + example}}, {});
    EXPECT_TRUE(loaded.rules) << example;
    std::istringstream lines(help);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
    for (const Parameter& p : k->parameters) EXPECT_THAT(help, HasSubstr(std::string(p.name)));
  }
}

}  // namespace
}  // namespace coachd::rules
