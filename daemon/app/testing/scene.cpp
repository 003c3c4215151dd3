#include "daemon/app/testing/scene.hpp"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daemon/app/files/sources.hpp"
#include "daemon/app/testing/spec.hpp"
#include "daemon/app/testing/types.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/loader.hpp"
#include "rules/loader/object.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/ids.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::app::rule_tests {
namespace {

namespace fs = std::filesystem;

// Rule files, seen from the test's folder.
std::vector<rules::Source> read_sources(TestFile& file) {
  std::vector<rules::Source> out;
  const auto folder = fs::path(file.document->file()).parent_path();
  for (const auto& [path, place] : file.rules) {
    try {
      for (auto& s : read_rule_files({(folder / path).lexically_normal().string()})) out.push_back(std::move(s));
    } catch (const std::exception& e) {
      file.error("no-file", "`rules`: " + std::string(e.what()), place);
    }
  }
  return out;
}

std::set<std::string> objects_of(const std::vector<rules::Source>& sources) {
  std::set<std::string> out;
  for (const auto& s : sources) {
    const auto document = yaml::Document::parse(s.path, s.text);
    if (const auto object = document->root().find("object"); object.is_scalar()) out.emplace(object.text());
  }
  return out;
}

std::string main_object(TestFile& file, const std::set<std::string>& objects) {
  if (!file.object.empty() || objects.empty()) return file.object;
  if (objects.size() == 1) return *objects.begin();
  const bool said = std::all_of(file.cases.begin(), file.cases.end(), [](const auto& c) { return !c.object.empty(); });
  if (said) return objects.contains("opportunity") ? "opportunity" : *objects.begin();
  std::string list;
  for (const auto& o : objects) list += (list.empty() ? "" : ", ") + o;
  file.error("no-object",
             "the rules are about several objects (" + list + "): say by `object:` which one the records are",
             file.document->root().place());
  return {};
}

// What the test tells of an object, as a CRM would describe it: every field that rules or cases name. So a rule is
// never off for want of a field here.
model::ObjectDescription describe(const TestFile& file, const Scene& scene, const rules::ObjectPlan& plan,
                                  bool has_stages) {
  model::ObjectDescription out;
  out.name = out.label = plan.object;
  std::set<std::string> names;
  for (const auto& slot : plan.slots) names.insert(slot.crm_name);
  if (const auto it = scene.types->all().find(plan.object); it != scene.types->all().end())
    for (const auto& [name, type] : it->second) names.insert(name);
  if (!has_stages) names.erase("stage");
  for (const auto& name : names) {
    model::FieldDescription f;
    f.name = name;
    f.label = rules::readable(name);
    f.type = scene.types->of(plan.object, name);
    if (const auto said = file.fields.find(name); said != file.fields.end()) {
      if (!said->second.label.empty()) f.label = said->second.label;
      f.options = said->second.options;
      f.required = said->second.required;
    }
    out.fields.push_back(std::move(f));
  }
  return out;
}

void take_errors(Scene& scene, std::vector<model::Diagnostic> found) {
  std::copy_if(std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()),
               std::back_inserter(scene.diagnostics),
               [](const auto& d) { return d.severity == model::Severity::error; });
}

// Owners and authors whom nobody described are people all the same, unless somebody else was meant.
void add_people(TestFile& file, Scene& scene) {
  auto& people = scene.world.people;
  people = file.people;
  scene.world.integration_users = file.integration_users;
  scene.world.integration_users.emplace_back("integration");
  std::vector<std::string> known;
  for (const auto& [id, p] : people) known.push_back(id);
  const auto person = [&](const std::string& id, const model::Place& place) {
    if (id.empty() || people.contains(id)) return;
    if (const auto near = yaml::nearest(id, known))
      file.warn("unknown-person", "`" + id + "` is not among `people`: did you mean `" + *near + "`?", place);
    model::Person p;
    p.id = model::PersonId(id);
    p.name = id;
    p.email = id.find('@') == std::string::npos ? id + "@example.com" : id;
    people.emplace(id, std::move(p));
  };
  each_value(file, scene.object, [&](const std::string&, const std::string& field, const Raw& raw) {
    if (field == "owner" && !raw.null) person(raw.text, raw.place);
  });
  for (const auto& [id, place] : file.authors)
    if (id != "automation" && id != "integration" && id != "import") person(id, place);
}

}  // namespace

Scene make_scene(TestFile& file) {
  Scene scene;
  const auto sources = read_sources(file);
  if (file.broken()) return scene;
  const auto objects = objects_of(sources);
  scene.object = main_object(file, objects);
  if (file.broken()) return scene;
  scene.types = std::make_unique<Types>(file, scene.object);

  rules::Binding binding;
  if (!file.pipelines.empty()) binding.stages[scene.object] = file.pipelines;
  if (!file.milestones.empty()) binding.names.milestones[scene.object] = file.milestones;
  // Once to see which fields the rules name, once more with them as the test describes them.
  auto loaded = rules::load(sources, binding);
  if (!loaded.rules) {
    take_errors(scene, std::move(loaded.diagnostics));
    return scene;
  }
  model::Description description;
  description.currency = file.currency;
  for (const auto& [object, plan] : loaded.rules->objects) {
    const auto own = binding.stages.find(object);
    const auto of_file = loaded.stages.find(object);
    const auto& pipelines = own != binding.stages.end()      ? own->second
                            : of_file != loaded.stages.end() ? of_file->second
                                                             : std::vector<model::Pipeline>{};
    const auto named = scene.types->all().find(object);
    const bool has_stages =
        !pipelines.empty() || (named != scene.types->all().end() && named->second.contains("stage"));
    if (!pipelines.empty()) scene.world.stages.emplace(object, rules::StageTable(pipelines));
    description.objects.emplace(object, describe(file, scene, plan, has_stages));
  }
  binding.description = std::move(description);
  loaded = rules::load(sources, binding);
  take_errors(scene, std::move(loaded.diagnostics));
  scene.rules = std::move(loaded.rules);
  scene.world.calendar = file.calendar;
  add_people(file, scene);
  if (scene.rules)
    for (const auto& c : file.cases)
      if (const auto& object = c.object.empty() ? scene.object : c.object; scene.rules->plan(object) == nullptr)
        file.error("no-rules", "no rule of this test is about `" + object + "`", c.place);
  return scene;
}

}  // namespace coachd::app::rule_tests
