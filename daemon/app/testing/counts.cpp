#include "daemon/app/testing/counts.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/testing/scene.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/testing.hpp"
#include "rules/model/time.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

bool known_person(TestFile& file, const Scene& scene, const Named& person) {
  const auto& people = scene.world.people;
  if (people.contains(person.name)) return true;
  std::vector<std::string> known;
  known.reserve(people.size());
  for (const auto& [id, p] : people) known.push_back(id);
  const auto near = yaml::nearest(person.name, known);
  file.error("unknown-person",
             "`" + person.name + "` is not among `people`" + (near ? ": did you mean `" + *near + "`?" : ""),
             person.place);
  return false;
}

}  // namespace

void Prompted::add(const Prompted& more, const std::string& name) {
  for (const auto& [person, records] : more.first)
    for (const auto& [record, at] : records) first[person].emplace(name + ": " + record, at);
  for (const auto& why : more.nobody) nobody.insert(name + ": " + why);
}

std::vector<Mismatch> check_counts(TestFile& file, const Scene& scene, const std::vector<PromptCount>& expected,
                                   const Prompted& got, model::Instant begins) {
  std::vector<Mismatch> out;
  for (const auto& count : expected) {
    if (!known_person(file, scene, count.person)) continue;
    const auto look = [&](const char* period, std::chrono::hours length, int budget, int wanted) {
      std::string records;
      int n = 0;
      if (const auto of = got.first.find(count.person.name); of != got.first.end())
        for (const auto& [record, at] : of->second) {
          if (at >= begins + length) continue;
          ++n;
          records += (records.empty() ? "" : ", ") + record;
        }
      const int is = std::min(n, budget);
      if (is == wanted) return;
      auto& m = out.emplace_back();
      m.what = "prompts to " + count.person.name + " in a " + period;
      m.place = count.person.place;
      m.expected = std::to_string(wanted);
      m.got = std::to_string(is);
      if (n > 0) m.notes.push_back("prompts on " + records);
      if (is < n) m.notes.push_back("the budget allows " + std::to_string(budget) + " in a " + period);
      m.notes.insert(m.notes.end(), got.nobody.begin(), got.nobody.end());
    };
    if (count.per_day) look("day", std::chrono::hours(24), file.budget.per_day, *count.per_day);
    if (count.per_week) look("week", std::chrono::hours(7 * 24), file.budget.per_week, *count.per_week);
  }
  return out;
}

}  // namespace coachd::app::rule_tests
