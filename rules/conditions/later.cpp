// Words of the language that this version knows and does not have: said at their place, never passed over.
#include <cstddef>
#include <span>
#include "rules/conditions/builder.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/test.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

template <std::size_t i>
TestPtr parse(yaml::Node value, const model::Place& key, Builder& b);

constexpr Subject subjects[] = {{"activity", parse<0>}, {"next_activity", parse<1>}, {"reviewed", parse<2>},
                                {"related", parse<3>},  {"count", parse<4>},         {"where", parse<5>}};

template <std::size_t i>
TestPtr parse(yaml::Node value, const model::Place& key, Builder& b) {
  (void)value;
  if (i < 4) not_in_this_version(b, subjects[i].word, key);  // `count` and `where` belong to `related`, which says it
  return nullptr;
}

}  // namespace

std::span<const Subject> later_subjects() {
  return subjects;
}

}  // namespace coachd::rules
