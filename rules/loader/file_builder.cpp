#include "rules/loader/file_builder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/registry.hpp"
#include "rules/conditions/stage_words.hpp"
#include "rules/conditions/test.hpp"
#include "rules/loader/object.hpp"
#include "rules/model/error.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {

const Field* FileBuilder::field(std::string_view name, const model::Place& at) {
  const std::string text(name);
  field_at_ = at;
  if (outer_ == nullptr && object_.is_beyond(text))
    if (const auto up = parent_field(text, at)) return *up;
  auto found = object_.field(text);
  if (found.field != nullptr) return found.field;
  if (!found.off.empty()) {
    if (off().empty()) off() = std::move(found.off);
    return nullptr;
  }
  const auto near = yaml::nearest(text, object_.names());
  error("unknown-field",
        "unknown field `" + text + "` of " + object_.plan.object + (near ? ": did you mean `" + *near + "`?" : ""), at);
  return nullptr;
}

// One step up: `account.health_score`. Nothing where no object of that name can be read, which `field` says.
std::optional<const Field*> FileBuilder::parent_field(const std::string& name, const model::Place& at) {
  const auto dot = name.find('.');
  const auto object = name.substr(0, dot), own = name.substr(dot + 1);
  const auto& binding = object_.binding();
  if (!objects_.may_be_object(object) || (object_.is_described() && !binding.description)) return std::nullopt;
  auto up = objects_.beside(object);
  if (up.object == nullptr || up.object == &object_) return std::nullopt;
  if (!object_.is_described()) {  // what is to be described and read is known from here
    (void)up.object->field(own);
    return std::nullopt;
  }
  if (!up.object->is_described()) {
    switch_off("`" + name + "` stands on another object, and " + binding.connection + " does not show `" +
               up.object->plan.crm_object + '`');
    return nullptr;
  }
  auto found = up.object->field(own);
  if (found.field != nullptr) return object_.parent_field(name, *up.object, *found.field);
  if (found.off.empty()) {
    const auto near = yaml::nearest(own, up.object->names());
    error("unknown-field",
          "unknown field `" + own + "` of " + up.object->plan.object +
              (near ? ": did you mean `" + object + '.' + *near + "`?" : ""),
          at);
  }
  switch_off(std::move(found.off));
  return nullptr;
}

StateId FileBuilder::state(const Field& f) {
  const auto it = lists.find(f.slot);
  if (it == lists.end()) return object_.state(f.slot, placeholders, {});
  return object_.state(f.slot, it->second.own ? it->second.placeholders : placeholders, it->second.not_known_yet);
}

std::size_t FileBuilder::fact(FactKind kind, const Field& f, double above, std::int64_t at_least, StateId state) {
  if (outer_ != nullptr)
    error("wrong-test", "tests on the owner's other records cannot stand in `where`", field_at_);
  else if (object_.plan.slots[f.slot].parent)
    error("wrong-test",
          "tests on the owner's other records look at a field of the record itself, and `" + f.name +
              "` stands on another one",
          field_at_);
  else
    return object_.fact(kind, f, above, at_least, state);
  return 0;
}

bool FileBuilder::check_meeting(std::string_view name, const model::Place& at) {
  const auto& known = object_.binding().meetings;
  if (known.empty() || std::find(known.begin(), known.end(), name) != known.end()) return true;
  const auto near = yaml::nearest(name, known);
  error("unknown-meeting",
        "there is no meeting `" + std::string(name) + "` in the configuration" +
            (near ? ": did you mean `" + *near + "`?" : ""),
        at);
  return false;
}

std::optional<RelatedScope> FileBuilder::related(std::string_view object, const model::Place& at) {
  const std::string name(object);
  auto found = objects_.beside(name);
  if (found.object == nullptr) {
    if (!found.off.empty()) {
      if (off().empty()) off() = std::move(found.off);
      return std::nullopt;
    }
    error("unknown-related",
          "unknown object `" + name + '`' + (found.meant.empty() ? "" : ": did you mean `" + found.meant + "`?"), at);
    return std::nullopt;
  }
  const auto& plan = found.object->plan;
  auto& where = beside_[plan.object];
  if (!where) {
    where = std::make_unique<FileBuilder>(document_, *found.object, objects_);
    where->outer_ = this;
    where->placeholders = placeholders;
    where->inspected_in = inspected_in;
  }
  return RelatedScope{object_.related(plan.object), found.object->label(), plan.crm_object,
                      found.object->finished_frame(), where.get()};
}

bool FileBuilder::check_stage(std::string_view word, const model::Place& at) {
  const auto& known = object_.stages.pipelines();
  if (word == "won" || word == "lost") return true;
  if (known.empty()) {  // stages cannot be checked: only a slip of the pen in a milestone shows
    const std::vector<std::string> milestones{"qualified", "proposal", "negotiation", "commit"};
    const bool small = std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    const auto near = small ? yaml::nearest(word, milestones) : std::nullopt;
    bool mapped = false;
    for (const auto& [pipeline, words] : object_.milestones) mapped = mapped || words.contains(std::string(word));
    if (near && *near != word && !mapped)
      document_.report(model::Severity::warning, "unknown-stage",
                       '`' + std::string(word) + "` is none of the milestones: did you mean `" + *near + "`?", at);
    return true;
  }
  for (const auto& p : known)
    if (!places(p, word, object_.milestones).empty()) return true;
  for (const auto& [pipeline, words] : object_.milestones)
    if (words.contains(std::string(word))) return true;
  // The milestones of shipped rules: not mapped here is no slip of the pen.
  for (const std::string_view milestone : {"qualified", "proposal", "negotiation", "commit"})
    if (word == milestone) {
      if (off().empty())
        off() = "milestone `" + std::string(word) + "` is not mapped to a stage: name it under `milestones:`";
      return false;
    }
  std::vector<std::string> names;
  for (const auto& p : known)
    for (const auto& s : p.stages) names.push_back(s.label.empty() ? s.name : s.label);
  for (const auto& [pipeline, words] : object_.milestones)
    for (const auto& [name, stages] : words) names.push_back(name);
  const auto near = yaml::nearest(word, names);
  error("unknown-stage",
        '`' + std::string(word) + "` is no stage or milestone of " + object_.plan.object +
            (near ? ": did you mean `" + *near + "`?" : ""),
        at);
  return false;
}

void FileBuilder::needs_any_of(const std::vector<std::string>& words) {
  PartlyOff out;
  out.object = object_.plan.object;
  for (const auto& word : words) out.stage += (out.stage.empty() ? "" : " or ") + word;
  for (const auto& p : object_.stages.pipelines()) {
    ++out.of;
    if (std::all_of(words.begin(), words.end(),
                    [&](const auto& w) { return places(p, w, object_.milestones).empty(); }))
      out.pipelines.push_back(p.label.empty() ? p.name : p.label);
  }
  auto& all = outer_ != nullptr ? outer_->partly_off_ : partly_off_;
  if (!out.pipelines.empty() && words != std::vector<std::string>{"won"} && words != std::vector<std::string>{"lost"})
    all.push_back(std::move(out));
}

TestPtr FileBuilder::segment(std::string_view name, const model::Place& at) {
  const std::string text(name);
  const auto it = segments.find(text);
  if (it == segments.end()) {
    std::vector<std::string> names;
    names.reserve(segments.size());
    for (const auto& [known, node] : segments) names.push_back(known);
    const auto near = yaml::nearest(text, names);
    error("unknown-segment", "unknown segment `" + text + '`' + (near ? ": did you mean `" + *near + "`?" : ""), at);
    return nullptr;
  }
  if (std::find(open_segments_.begin(), open_segments_.end(), text) != open_segments_.end()) {
    error("circular-segment", "segment `" + text + "` stands in itself", at);
    return nullptr;
  }
  open_segments_.push_back(text);
  auto test = parse_condition(it->second, *this);
  open_segments_.pop_back();
  return test;
}

std::vector<PartlyOff> FileBuilder::take_partly_off() {
  return std::exchange(partly_off_, {});
}

std::string FileBuilder::take_off() {
  auto out = std::move(off());
  off().clear();
  return out;
}

}  // namespace coachd::rules
