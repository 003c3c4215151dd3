// The schemas promise no key that the readers refuse: every path of keys in them is handed to the reader. That of rule
// files takes every good file, and refuses what is wrong in keys and shapes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "daemon/settings/settings.hpp"
#include "rules/loader/loader.hpp"
#include "rules/loader/schema.hpp"
#include "rules/yaml/reader.hpp"
#include "tests/unit/daemon/cli/schema_validator.hpp"

namespace coachd::cli {
namespace {

namespace json = boost::json;
using Path = std::vector<std::string>;

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

json::value schema(const std::string& name) {
  if (name == "rules") return json::parse(rules::rules_schema());
  return json::parse(read(std::string(COACHD_SOURCE_DIR) + "/config/schema/" + name + ".schema.json"));
}

// All paths of keys; `x` stands for a name of one's own, `[]` for a list. A definition is entered once on a path.
void walk(const json::object& root, const json::value& node, const Path& path, std::set<std::string> inside,
          const std::function<void(const Path&)>& visit) {
  const auto* o = node.if_object();
  if (o == nullptr) return;
  if (const auto* ref = o->if_contains("$ref")) {
    const std::string name(ref->as_string().subview(8));
    if (!inside.insert(name).second) return;
    walk(root, root.at("$defs").at(name), path, inside, visit);
    return;
  }
  const auto below = [&](const json::value& child, const std::string& key) {
    auto next = path;
    next.push_back(key);
    if (key != "[]") visit(next);
    walk(root, child, next, inside, visit);
  };
  if (const auto* properties = o->if_contains("properties"))
    for (const auto& [key, child] : properties->as_object()) below(child, std::string(key));
  if (const auto* more = o->if_contains("additionalProperties"); more != nullptr && more->is_object())
    below(*more, "x");
  if (const auto* items = o->if_contains("items")) below(*items, "[]");
  if (const auto* any = o->if_contains("anyOf"))
    for (const auto& one : any->as_array()) walk(root, one, path, inside, visit);
}

// The path as YAML: {"connections": {"x": {"auth": null}}}
std::string text_of(const Path& path) {
  std::string head, tail;
  for (const auto& key : path) {
    head += key == "[]" ? "[" : "{\"" + key + "\": ";
    tail = (key == "[]" ? "]" : "}") + tail;
  }
  return head + "null" + tail + "\n";
}

std::string joined(const Path& path) {
  std::string out;
  for (const auto& key : path) out += "/" + key;
  return out;
}

TEST(ConfigSchema, HasNoKeyThatTheSettingsRefuse) {
  const auto all = schema("config");
  int paths = 0;
  walk(all.as_object(), all, {}, {}, [&](const Path& path) {
    ++paths;
    for (const auto& d : settings::load("coachd.yaml", text_of(path)).diagnostics)
      EXPECT_THAT(d.message, testing::Not(testing::HasSubstr("unknown key `" + path.back() + "`"))) << joined(path);
  });
  EXPECT_GT(paths, 80);
}

TEST(RulesSchema, HasNoKeyThatTheLoaderRefuses) {
  const auto all = schema("rules");
  int paths = 0;
  walk(all.as_object(), all, {}, {}, [&](const Path& path) {
    ++paths;
    const auto inner = text_of(path);  // without its outer braces, below the keys of a whole file
    std::string text = "version: 1\nworkflow: w\nobject: opportunity\nowner: a@acme.example\n";
    if (path[0] == "version" || path[0] == "workflow" || path[0] == "object" || path[0] == "owner") return;
    text += inner.substr(1, inner.size() - 3) + "\n";
    for (const auto& d : rules::load({{"rules.yaml", text}}, {}).diagnostics) {
      EXPECT_THAT(d.message, testing::Not(testing::HasSubstr("unknown key `" + path.back() + "`"))) << joined(path);
      EXPECT_NE(d.code, "syntax") << text;
    }
  });
  EXPECT_GT(paths, 200);
}

TEST(RulesSchema, TakesEveryGoodFile) {
  namespace fs = std::filesystem;
  const auto all = schema("rules");
  const fs::path root = COACHD_SOURCE_DIR;
  std::vector<fs::path> files{root / "tests/unit/rules/loader/every_construct.yaml",
                              root / "tests/golden/read-back/sentences.yaml",
                              root / "tests/golden/config/rules-design-example.yaml"};
  for (const auto& entry : fs::recursive_directory_iterator(root / "config/packs"))
    if (entry.path().string().ends_with(".yaml") && !entry.path().string().ends_with(".test.yaml"))
      files.push_back(entry.path());
  EXPECT_GE(files.size(), 4u);
  for (const auto& file : files) {
    const auto document = yaml::Document::parse(file.string(), read(file));
    EXPECT_TRUE(Validator(all).valid(document->root())) << file;
  }
}

// Every mistake in a key or in the shape of a value is one for the schema, too.
TEST(RulesSchema, RefusesMistakesInKeysAndShapes) {
  namespace fs = std::filesystem;
  // What only the loader knows: types of fields, what is an address or a meeting, how two keys go together, bounds.
  const std::set<std::string> beyond{"stage-won-and-lost",    "exception-by-nobody",  "placeholders-only-and-add",
                                     "number-is-a-word",      "date-is-a-word",       "checkbox-is-maybe",
                                     "with-without-detector", "prompt-to-no-address", "before-by-hours",
                                     "before-no-such-day"};
  const auto all = schema("rules");
  int refused = 0;
  for (const auto& entry : fs::directory_iterator(std::string(COACHD_SOURCE_DIR) + "/tests/golden/mistakes")) {
    if (entry.path().extension() != ".yaml") continue;
    auto expected = entry.path();
    const auto said = read(expected.replace_extension(".expected"));
    bool of_shape = false;
    for (const char* code : {"[unknown-key]", "[wrong-type]", "[missing-key]", "[unknown-kind]", "[unknown-control]",
                             "[hard-control]", "[unknown-period]", "[unknown-version]", "[unknown-detector]"})
      of_shape = of_shape || said.find(code) != std::string::npos;
    const auto name = entry.path().stem().string().substr(4);
    if (!of_shape || beyond.contains(name)) continue;
    ++refused;
    const auto document = yaml::Document::parse("file.yaml", read(entry.path()));
    EXPECT_FALSE(Validator(all).valid(document->root())) << name << " passes";
  }
  EXPECT_GT(refused, 100);
}

TEST(Schema, KnowsWhatIsNoKey) {
  const auto found = settings::load("coachd.yaml", text_of({"connections", "x", "auth", "flw"}));
  EXPECT_THAT(found.diagnostics,
              testing::Contains(testing::Field(&model::Diagnostic::message, testing::HasSubstr("unknown key `flw`"))));
}

}  // namespace
}  // namespace coachd::cli
