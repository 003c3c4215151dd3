#include "rules/conditions/registry.hpp"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/combine.hpp"
#include "rules/conditions/test.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {

namespace {

// The table of families: one line a family, each is one file.
template <class Do>
void each_field_test(Do action) {
  for (const auto tests : {text_tests(), compare_tests(), time_tests(), period_tests(), unchanged_tests(),
                           changes_tests(), set_tests(), fact_tests()})
    for (const auto& t : tests) action(t);
}

template <class Do>
void each_subject(Do action) {
  for (const auto subjects :
       {stage_subjects(), outcome_subjects(), record_subjects(), activity_subjects(), review_subjects()})
    for (const auto& s : subjects) action(s);
}

const std::vector<std::string_view>& all_words() {
  static const std::vector<std::string_view> words = [] {
    std::vector<std::string_view> out{"field", "all", "any", "not"};
    each_field_test([&](const FieldTest& t) { out.push_back(t.word); });
    each_subject([&](const Subject& s) { out.push_back(s.word); });
    for (const auto word : related_words()) out.push_back(word);
    return out;
  }();
  return words;
}

// Compiled parts of one map, and whether all of them could be.
struct Parts {
  std::vector<TestPtr> tests;
  bool whole = true;
  void add(TestPtr t) {
    if (t)
      tests.push_back(std::move(t));
    else
      whole = false;
  }
};

void parse_field(yaml::MapReader& map, Builder& b, Parts& parts) {
  const auto name = map.optional("field");
  bool any = false;
  if (!name) {
    each_field_test([&](const FieldTest& t) {
      if (!map.node().find(t.word)) return;
      b.error("missing-field", '`' + std::string(t.word) + "` is a test on a field: write `field: NAME` beside it",
              map.node().key_place(t.word));
      parts.whole = false;
    });
    return;
  }
  if (!name.is_scalar() || name.text().empty()) {
    b.error("wrong-type", "`field` names one field", name.place());
    parts.whole = false;
    return;
  }
  const Field* field = b.field(name.text(), name.place());
  // In the order in which they are written, so that errors and words follow the file.
  for (const auto& [key, value] : map.node().entries())
    each_field_test([&](const FieldTest& t) {
      if (t.word != key) return;
      any = true;
      if (field != nullptr) parts.add(t.parse(*field, value, map.node().key_place(key), b));
    });
  if (field == nullptr) parts.whole = false;
  if (!any && field != nullptr) {
    b.error("no-test", "`field: " + std::string(name.text()) + "` needs a test beside it, for example `filled: true`",
            name.place());
    parts.whole = false;
  }
}

void parse_nested(std::string_view word, yaml::Node value, Builder& b, Parts& parts) {
  if (word == "not") {
    auto inner = parse_condition(value, b);
    parts.add(inner ? not_of(std::move(inner)) : nullptr);
    return;
  }
  if (!value.is_list() || value.items().empty()) {
    b.error("wrong-type", '`' + std::string(word) + "` takes a list of conditions", value.place());
    parts.whole = false;
    return;
  }
  Parts inner;
  for (const auto& item : value.items()) inner.add(parse_condition(item, b));
  if (!inner.whole)
    parts.whole = false;
  else
    parts.add(word == "all" ? all_of(std::move(inner.tests)) : any_of(std::move(inner.tests)));
}

}  // namespace

std::span<const std::string_view> known_words() {
  return all_words();
}

TestPtr parse_condition(yaml::Node node, Builder& b, std::span<const std::string_view> beside) {
  if (!node.is_map()) {
    b.error("wrong-type", "a condition is a map such as `{field: next_step, real: false}`", node.place());
    return nullptr;
  }
  yaml::MapReader map(b.document(), node, "a condition");
  map.also_known(all_words());
  map.also_known(beside);
  Parts parts;
  for (const auto& [key, value] : node.entries()) {
    if (key == "field") {
      parse_field(map, b, parts);
    } else if (key == "all" || key == "any" || key == "not") {
      parse_nested(key, value, b, parts);
    } else if (key == "related") {
      parts.add(parse_related(node, b));
    } else if ((key == "count" || key == "where") && !node.find("related")) {
      b.error("missing-key", '`' + key + "` belongs to `related`: write `related: OBJECT` beside it",
              node.key_place(key));
      parts.whole = false;
    } else {
      each_subject([&, &word = key, &v = value](const Subject& s) {
        if (s.word == word) parts.add(s.parse(v, node.key_place(word), b));
      });
    }
  }
  if (!node.find("field")) parse_field(map, b, parts);  // says which tests stand without their field
  if (node.entries().empty()) {
    b.error("no-test", "an empty condition tests nothing", node.place());
    parts.whole = false;
  }
  for (const auto& entry : node.entries())
    if (std::find(all_words().begin(), all_words().end(), entry.first) == all_words().end() &&
        std::find(beside.begin(), beside.end(), entry.first) == beside.end())
      parts.whole = false;
  map.finish();
  if (!parts.whole || parts.tests.empty()) return nullptr;
  return all_of(std::move(parts.tests));
}

}  // namespace coachd::rules
