#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "rules/conditions/case.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/plan.hpp"
#include "rules/engine/stage_plan.hpp"
#include "rules/loader/loader.hpp"
#include "rules/loader/object.hpp"
#include "rules/loader/parts.hpp"
#include "rules/loader/workflow.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

struct File {
  std::unique_ptr<yaml::Document> document;
  std::string object;
  std::unique_ptr<Workflow> workflow;
};

// `RULE`, `timing:FIELD`, `acceptance.not-ready`, or `WORKFLOW/` before any of them.
bool is_named(const RuleInfo& rule, const std::string& name, const std::string& own_workflow) {
  const auto slash = name.find('/');
  if (slash != std::string::npos)
    return rule.workflow == name.substr(0, slash) && rule.id.get() == name.substr(slash + 1);
  if (rule.id.get() != name) return false;
  return name != "acceptance.not-ready" || rule.workflow == own_workflow || own_workflow.empty();
}

void resolve_silences(std::vector<File>& files, RuleSet& set, CompiledRules& compiled) {
  std::size_t index = 0;
  for (auto& f : files)
    for (auto& m : f.workflow->made) {
      auto& rule = compiled.rules[index++];
      for (const auto& s : m.silences) {
        const auto before = rule.silences.size();
        for (std::uint32_t i = 0; i < set.rules.size(); ++i)
          if (is_named(set.rules[i], s.name, m.info.workflow)) rule.silences.push_back(i);
        // Said by neither: whichever of two holds would keep the other quiet.
        const auto self = static_cast<std::uint32_t>(index - 1);
        for (auto i = before; i < rule.silences.size(); ++i) {
          const auto other = rule.silences[i];
          const auto& theirs = compiled.rules[other].silences;
          const bool back = std::find(theirs.begin(), theirs.end(), self) != theirs.end();
          if (other == self || back)
            f.document->report(model::Severity::error, "circular-silence",
                               other == self ? '`' + s.name + "` silences itself: it would never be said"
                                             : '`' + s.name +
                                                   "` and this rule silence each other: where both hold, "
                                                   "neither would be said",
                               s.place);
        }
        const bool off =
            std::any_of(set.off.begin(), set.off.end(), [&](const SwitchedOff& o) { return o.rule.get() == s.name; });
        if (rule.silences.size() != before || off) continue;
        std::vector<std::string> names;
        names.reserve(set.rules.size());
        for (const auto& info : set.rules) names.push_back(info.id.get());
        const auto near = yaml::nearest(s.name, names);
        f.document->report(model::Severity::error, "unknown-rule",
                           "`silences` names `" + s.name + "`, which is no rule or card" +
                               (near ? ": did you mean `" + *near + "`?" : ""),
                           s.place);
      }
    }
}

void check_ids(std::vector<File>& files) {
  std::map<std::string, model::Place> workflows;
  std::map<std::string, model::Place> rules;
  const auto said = [](const model::Place& p) {
    return " (also in " + p.file + ", line " + std::to_string(p.line) + ')';
  };
  for (auto& f : files) {
    const auto at = f.document->root().find("workflow").place();
    const auto [had, is_new] = workflows.emplace(f.workflow->id, at);
    if (!is_new)
      f.document->report(model::Severity::error, "duplicate-id",
                         "workflow `" + f.workflow->id + "` exists already" + said(had->second), at);
    for (const auto& w : f.workflow->written) {
      if (w.kind != Written::Kind::rule || w.id.empty()) continue;
      const auto [other, first] = rules.emplace(w.id, w.place);
      if (!first)
        f.document->report(model::Severity::error, "duplicate-id",
                           "rule id `" + w.id + "` exists already" + said(other->second), w.place);
    }
  }
}

// A milestone of a file that lists its stages is one of them.
void check_milestones(yaml::Node root, const std::vector<model::Pipeline>& pipelines, yaml::Document& d) {
  std::vector<std::string> names;
  for (const auto& p : pipelines)
    for (const auto& s : p.stages) names.push_back(s.name);
  if (names.empty()) return;
  const auto check = [&](const yaml::Node& stages) {
    for (const auto& one : stages.is_list() ? stages.items() : std::vector<yaml::Node>{stages}) {
      if (!one.is_scalar() || std::find(names.begin(), names.end(), one.text()) != names.end()) continue;
      const auto near = yaml::nearest(one.text(), names);
      d.report(model::Severity::error, "unknown-stage",
               '`' + std::string(one.text()) + "` is none of the `stages` of this file" +
                   (near ? ": did you mean `" + *near + "`?" : ""),
               one.place());
    }
  };
  for (const auto& [name, node] : root.find("milestones").entries()) {
    if (!node.is_map()) check(node);
    for (const auto& [milestone, stages] : node.entries()) check(stages);
  }
}

// Under its object and stage, each rule once.
void add(std::vector<PartlyOff>& all, PartlyOff one) {
  auto it = std::find_if(all.begin(), all.end(),
                         [&](const PartlyOff& p) { return p.object == one.object && p.stage == one.stage; });
  if (it == all.end()) {
    all.push_back(std::move(one));
    return;
  }
  for (auto& rule : one.rules)
    if (std::find(it->rules.begin(), it->rules.end(), rule) == it->rules.end()) it->rules.push_back(std::move(rule));
}

}  // namespace

const Written::Entry* Written::find(std::string_view path) const noexcept {
  for (const auto& e : entries)
    if (e.path == path) return &e;
  return nullptr;
}

bool Written::has(std::string_view path) const noexcept {
  for (const auto& e : entries)
    if (e.path == path || (e.path.size() > path.size() && e.path.starts_with(path) && e.path[path.size()] == '.'))
      return true;
  return false;
}

bool is_rule_file(const Source& source) {
  const auto document = yaml::Document::parse(source.path, source.text);
  return document->root().is_map() && document->root().find("workflow");
}

Loaded load(const std::vector<Source>& sources, const Binding& binding) {
  Loaded out;
  std::vector<File> files;
  std::vector<std::unique_ptr<yaml::Document>> broken;
  for (const auto& source : sources) {
    File f;
    f.document = yaml::Document::parse(source.path, source.text);
    const auto root = f.document->root();
    if (!root.is_map()) {
      if (f.document->diagnostics().empty())
        f.document->report(model::Severity::error, "wrong-type", "a rule file is a map that begins with `version: 1`",
                           root.place());
      broken.push_back(std::move(f.document));
      continue;
    }
    f.object = std::string(root.find("object").text());
    // Stages are the object's: any file may name them, for all of its files.
    auto stages = read_stages(root.find("stages"), *f.document);
    check_milestones(root, stages, *f.document);
    if (!stages.empty()) out.stages.try_emplace(f.object, std::move(stages));
    files.push_back(std::move(f));
  }

  ObjectBuilds objects(binding, out.stages);
  for (auto& f : files) {
    auto& object = objects.of(f.object);
    for (auto& [pipeline, words] : read_milestones(f.document->root().find("milestones"), *f.document))
      for (auto& [name, stages] : words) object.milestones[pipeline].try_emplace(name, std::move(stages));
  }
  for (auto& f : files) {
    f.workflow = std::make_unique<Workflow>(*f.document, objects.of(f.object), objects, f.document->file());
    f.workflow->read();
    if (f.workflow->now && !out.now) out.now = f.workflow->now;
  }
  check_ids(files);

  auto set = std::make_shared<RuleSet>();
  auto compiled = std::make_shared<CompiledRules>();
  set->hash = hash_start;
  for (auto& f : files) {
    for (auto& o : f.workflow->off) set->off.push_back(o);
    for (auto& p : f.workflow->partly_off) add(set->partly_off, std::move(p));
    for (auto& w : f.workflow->written) out.written.push_back(w);
    for (auto& m : f.workflow->made) {
      auto& plan = objects.of(f.object).plan;
      const bool detects = std::holds_alternative<DetectRule>(m.compiled.body);
      (detects ? plan.detectors : plan.rules).push_back(static_cast<std::uint32_t>(set->rules.size()));
      set->hash = mix(mix(set->hash, m.info.workflow + '/' + m.info.id.get()), std::to_string(m.info.hash));
      set->rules.push_back(m.info);
      compiled->rules.push_back(std::move(m.compiled));
    }
  }
  resolve_silences(files, *set, *compiled);
  for (const auto& [name, object] : objects.all())
    for (const auto& slot : object->plan.slots)
      if (slot.parent && slot.needs_history) objects.all().at(slot.parent->object)->needs_history(slot.parent->slot);
  for (auto& [name, object] : objects.all()) {
    // Whether silence tells anything is judged by deals that were won lately: when that was, their stage's history
    // says.
    if (object->plan.needs_activities && object->frame.stage != no_slot) object->needs_history(object->frame.stage);
    object->finish();
    auto by_stage = std::make_shared<StagePlan>(compiled->rules, object->plan.rules, object->frame,
                                                object->plan.slots.size(), object->stages);
    object->plan.compiled =
        &compiled->objects.emplace(name, CompiledObject{object->frame, object->fact_states, std::move(by_stage)})
             .first->second;
    set->objects.emplace(name, std::move(object->plan));
  }
  set->compiled = std::move(compiled);

  bool good = true;
  const auto take = [&](const yaml::Document& d) {
    for (const auto& diagnostic : d.diagnostics()) {
      good = good && diagnostic.severity != model::Severity::error;
      out.diagnostics.push_back(diagnostic);
    }
  };
  for (const auto& d : broken) take(*d);
  for (const auto& f : files) take(*f.document);
  // By file and place; the same thing said twice (a segment compiled for two rules) is said once.
  std::sort(out.diagnostics.begin(), out.diagnostics.end(), [](const auto& a, const auto& b) {
    return std::tie(a.place, a.code, a.message) < std::tie(b.place, b.code, b.message);
  });
  out.diagnostics.erase(std::unique(out.diagnostics.begin(), out.diagnostics.end(),
                                    [](const auto& a, const auto& b) {
                                      return a.place == b.place && a.code == b.code && a.message == b.message;
                                    }),
                        out.diagnostics.end());
  if (good) out.rules = std::move(set);
  return out;
}

}  // namespace coachd::rules
