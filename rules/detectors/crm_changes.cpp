// What changed in the CRM's set-up between two days: fields, required marks, validation rules, layouts, options,
// stages; by whom, and what it did to placeholders.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/conditions/frame.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/detectors/detector.hpp"
#include "rules/detectors/evidence.hpp"
#include "rules/detectors/facts.hpp"
#include "rules/detectors/kinds.hpp"
#include "rules/detectors/settings.hpp"
#include "rules/detectors/share.hpp"
#include "rules/model/description.hpp"
#include "rules/model/requirement.hpp"
#include "rules/model/time.hpp"

namespace coachd::rules {
namespace {

using model::Requirement;

using K = Parameter::Kind;
constexpr std::array<Parameter, 3> parameters{{
    {.name = "objects",
     .kind = K::words,
     .means = "The CRM's own names of the objects that are compared; all of them without it"},
    {.name = "fields", .kind = K::fields, .means = "Fields whose placeholders are counted before and after a change"},
    {.name = "at_least",
     .kind = K::count,
     .usual = "30",
     .means = "Records on either side below which placeholders are not compared"},
}};

struct Written {
  model::Instant created;
  bool placeholder;
};

class CrmChanges final : public Detector {
 public:
  explicit CrmChanges(const Settings& s) : settings_(s), fields_(s.fields("fields")), written_(fields_.size()) {}

  void see(const View& v) override {
    if (!v.created()) return;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      const TextState state = fields_[i].there() ? v.state(fields_[i].state) : TextState::unread;
      if (state == TextState::real || state == TextState::placeholder)
        written_[i].push_back({*v.created(), state == TextState::placeholder});
    }
  }

  [[nodiscard]] Detection conclude(const Evidence& evidence, const World&, model::Instant) override {
    Detection out;
    if (!evidence.before || !evidence.after) {
      untold(out, "what the CRM said about itself on two days", 1);
      return out;
    }
    evidence_ = &evidence;
    const auto& before = evidence.before->description.objects;
    const auto& after = evidence.after->description.objects;
    if (!evidence.setup.known_since) untold(out, unknown_of(evidence.setup, "who changed the CRM's set-up"), 1);
    for (const auto& [name, object] : before) {
      if (!looked_at(name)) continue;
      const auto it = after.find(name);
      if (it == after.end())
        say(name, "", "object", name + " vanished", out);
      else
        compare(object, it->second, out);
    }
    for (const auto& [name, object] : after)
      if (looked_at(name) && !before.contains(name)) say(name, "", "object", name + " appeared", out);
    sort_by_key(out);
    return out;
  }

 private:
  [[nodiscard]] bool looked_at(const std::string& object) const {
    return settings_.words("objects").empty() || settings_.has_word("objects", object);
  }

  void compare(const model::ObjectDescription& was, const model::ObjectDescription& is, Detection& out) const {
    for (const auto& f : was.fields)
      if (is.find(f.name) == nullptr) say(is.name, f.name, "field", shown(f) + " vanished", out);
    for (const auto& f : is.fields) {
      const auto* had = was.find(f.name);
      if (had == nullptr)
        say(is.name, f.name, "field", shown(f) + (f.required ? " appeared, and is required" : " appeared"), out);
      else
        compare(is.name, *had, f, out);
    }
    insists(was, is, out);
    stages(was, is, out);
  }

  // Who requires a field, and how: by the layout's or the rule's name.
  using Asks = std::map<std::string, std::vector<const Requirement*>>;
  static Asks asks(const model::FieldDescription& f, Requirement::By by) {
    Asks out;
    for (const Requirement& r : f.required_where)
      if (r.by == by) out[r.name].push_back(&r);
    return out;
  }

  void insists(const model::ObjectDescription& was, const model::ObjectDescription& is, Detection& out) const {
    if (!was.insists.rules_untold.empty() || !is.insists.rules_untold.empty())
      untold(out, "which validation rules of " + is.name + " changed", 1);
    else
      rules(was, is, required_by(was, is, Requirement::By::rule, out), out);
    if (!was.insists.layouts_untold.empty() || !is.insists.layouts_untold.empty()) {
      untold(out, "which page layouts of " + is.name + " changed", 1);
      return;
    }
    required_by(was, is, Requirement::By::layout, out);
    const auto has = [](const std::vector<std::string>& all, const std::string& one) {
      return std::find(all.begin(), all.end(), one) != all.end();
    };
    for (const auto& l : was.insists.layouts)
      if (!has(is.insists.layouts, l)) say(is.name, "", "layout:" + l, the_layout(l) + " vanished", out);
    for (const auto& l : is.insists.layouts)
      if (!has(was.insists.layouts, l)) say(is.name, "", "layout:" + l, the_layout(l) + " appeared", out);
  }

  static std::string the_layout(const std::string& name) {
    return "the page layout" + (name.empty() ? "" : " of " + name);
  }

  // The names of the rules or layouts of which a field tells.
  std::set<std::string> required_by(const model::ObjectDescription& was, const model::ObjectDescription& is,
                                    Requirement::By by, Detection& out) const {
    const bool rule = by == Requirement::By::rule;
    std::set<std::string> told;
    for (const auto& f : is.fields) {
      const auto* const had = was.find(f.name);
      const Asks before = had == nullptr ? Asks() : asks(*had, by);
      const Asks after = asks(f, by);
      const auto tell = [&](const std::string& name, std::string why) {
        say(is.name, f.name, (rule ? "rule:" : "layout:") + name, std::move(why), out);
        told.insert(name);
      };
      for (const auto& [name, list] : before)
        if (!after.contains(name))
          tell(name, (rule ? "validation rule " + name : the_layout(name)) + " no longer asks for " + shown(f));
      for (const auto& [name, list] : after) {
        const auto old = before.find(name);
        if (old != before.end() && std::equal(list.begin(), list.end(), old->second.begin(), old->second.end(),
                                              [](const auto* a, const auto* b) { return *a == *b; }))
          continue;
        std::string why = shown(f) + ": ";
        for (const Requirement* r : list) why += (r == list.front() ? "" : "; ") + words(*r, is.pipelines);
        tell(name, why + (old == before.end() ? ", and did not before" : ", otherwise than before"));
      }
    }
    return told;
  }

  // What no field tells of: rules about values, and rules that are off.
  void rules(const model::ObjectDescription& was, const model::ObjectDescription& is, const std::set<std::string>& told,
             Detection& out) const {
    std::map<std::string, const model::ValidationRule*> before, after;
    for (const auto& r : was.insists.rules) before[r.name] = &r;
    for (const auto& r : is.insists.rules) after[r.name] = &r;
    const auto tell = [&](const std::string& name, const char* what) {
      if (!told.contains(name)) say(is.name, "", "rule:" + name, "validation rule " + name + what, out);
    };
    for (const auto& [name, r] : before)
      if (!after.contains(name)) tell(name, " vanished");
    for (const auto& [name, r] : after) {
      const auto had = before.find(name);
      if (had == before.end())
        tell(name, r->active ? " appeared" : " appeared, switched off");
      else if (had->second->active != r->active)
        tell(name, r->active ? " was switched on" : " was switched off");
      else if (!had->second->formula.empty() && !r->formula.empty() && had->second->formula != r->formula)
        tell(name, " has another formula now");
    }
  }

  void compare(const std::string& object, const model::FieldDescription& was, const model::FieldDescription& is,
               Detection& out) const {
    if (was.required != is.required)
      say(object, is.name, "required", shown(is) + (is.required ? " is required now" : " is no longer required"), out);
    if (was.label != is.label)
      say(object, is.name, "label", '"' + was.label + "\" is called \"" + is.label + "\" now", out);
    if (was.type != is.type) say(object, is.name, "type", shown(is) + " is of another type now", out);
    const auto option = [](const std::vector<model::Option>& all, const std::string& value) -> const model::Option* {
      for (const auto& o : all)
        if (o.value == value && o.active) return &o;
      return nullptr;
    };
    for (const auto& o : was.options)
      if (o.active && option(is.options, o.value) == nullptr)
        say(object, is.name, "option:" + o.value, "option \"" + o.label + "\" of " + shown(is) + " vanished", out);
    for (const auto& o : is.options) {
      if (!o.active) continue;
      const auto* had = option(was.options, o.value);
      if (had == nullptr)
        say(object, is.name, "option:" + o.value, "option \"" + o.label + "\" of " + shown(is) + " appeared", out);
      else if (had->label != o.label)
        say(object, is.name, "option:" + o.value,
            "option \"" + had->label + "\" of " + shown(is) + " is called \"" + o.label + "\" now", out);
    }
  }

  void stages(const model::ObjectDescription& was, const model::ObjectDescription& is, Detection& out) const {
    const auto of = [](const model::ObjectDescription& o) {
      std::map<std::string,
               std::pair<const model::Pipeline*, std::map<std::string, std::pair<std::size_t, const model::Stage*>>>>
          all;
      for (const auto& p : o.pipelines) {
        auto& [pipeline, named] = all[p.name];
        pipeline = &p;
        std::size_t place = 0;
        for (const auto& s : p.stages)
          if (s.active) named[s.name] = {place++, &s};
      }
      return all;
    };
    const auto before = of(was);
    const auto after = of(is);
    for (const auto& [name, p] : before)
      if (!after.contains(name))
        say(is.name, "", "pipeline:" + name, "pipeline \"" + p.first->label + "\" vanished", out);
    for (const auto& [name, p] : after) {
      const auto had = before.find(name);
      if (had == before.end()) {
        say(is.name, "", "pipeline:" + name, "pipeline \"" + p.first->label + "\" appeared", out);
        continue;
      }
      const auto key = [&](const std::string& stage) { return "stage:" + name + ':' + stage; };
      bool same = had->second.second.size() == p.second.size();
      for (const auto& [stage, at] : had->second.second)
        if (!p.second.contains(stage)) {
          say(is.name, "", key(stage), "stage \"" + at.second->label + "\" vanished", out);
          same = false;
        }
      for (const auto& [stage, at] : p.second) {
        const auto old = had->second.second.find(stage);
        if (old == had->second.second.end()) {
          say(is.name, "", key(stage), "stage \"" + at.second->label + "\" appeared", out);
          same = false;
        } else if (old->second.second->label != at.second->label) {
          say(is.name, "", key(stage),
              "stage \"" + old->second.second->label + "\" is called \"" + at.second->label + "\" now", out);
        } else if (old->second.second->won != at.second->won || old->second.second->lost != at.second->lost) {
          say(is.name, "", key(stage), "stage \"" + at.second->label + "\" closes otherwise than before", out);
        }
      }
      if (same)
        for (const auto& [stage, at] : p.second)
          if (had->second.second.at(stage).first != at.first) {
            say(is.name, "", "order:" + name, "the stages of \"" + p.first->label + "\" stand in another order", out);
            break;
          }
    }
  }

  static std::string shown(const model::FieldDescription& f) { return f.label.empty() ? f.name : f.label; }

  void say(const std::string& object, const std::string& field, const std::string& what, std::string why,
           Detection& out) const {
    Detected f;
    f.unit = Unit::field;
    f.field = field;
    f.key = object + (field.empty() ? "" : "." + field) + '|' + what;
    f.facts = {fact("object", object)};
    f.why = std::move(why);
    f.since = evidence_->after->at;
    // The last event about it between the two days.
    const SetupEvent* by = nullptr;
    for (const SetupEvent& e : evidence_->setup.rows)
      if (e.object == object && e.field == field && e.at > evidence_->before->at && e.at <= evidence_->after->at &&
          (by == nullptr || e.at > by->at))
        by = &e;
    if (by != nullptr) {
      f.since = by->at;
      f.facts.push_back(fact("by", by->person));
      f.why += ", by " + by->person;
    }
    placeholders(field, *f.since, f);
    out.findings.push_back(std::move(f));
  }

  void placeholders(const std::string& field, model::Instant since, Detected& f) const {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (field.empty() || fields_[i].crm_name != field) continue;
      std::array<std::uint64_t, 2> all{};
      std::array<std::uint64_t, 2> bad{};
      for (const Written& w : written_[i]) {
        const std::size_t side = w.created >= since ? 1 : 0;
        ++all[side];
        bad[side] += w.placeholder ? 1 : 0;
      }
      const auto least = static_cast<std::uint64_t>(std::max<std::int64_t>(1, settings_.count("at_least")));
      if (all[0] < least || all[1] < least) return;
      const double before = static_cast<double>(bad[0]) / static_cast<double>(all[0]);
      const double after = static_cast<double>(bad[1]) / static_cast<double>(all[1]);
      f.facts.push_back(fact("placeholders_before", before));
      f.facts.push_back(fact("placeholders_after", after));
      f.why += "; placeholders went from " + std::to_string(percent(before)) + " % to " +
               std::to_string(percent(after)) + " %";
    }
  }

  const Settings& settings_;
  const std::vector<ChosenField>& fields_;
  std::vector<std::vector<Written>> written_;
  const Evidence* evidence_ = nullptr;
};

}  // namespace

const DetectorKind crm_changes_detector{
    .name = "crm-changes",
    .unit = Unit::field,
    .finds =
        "Fields, required marks, validation rules, page layouts, types, labels, options, pipelines and stages that "
        "appeared, vanished or changed between two days: since when, by whom, and what it did to placeholders.",
    .may_mean = "a change of the set-up that nobody announced explains why data changed.",
    .needs =
        "What the CRM said about itself on two days; its audit trail for who did it; records for the placeholders "
        "before and after.",
    .cannot_tell =
        "Without two descriptions; who did it, without the audit trail; placeholders where there are fewer records "
        "than `at_least` on either side; validation rules and page layouts where the CRM does not tell them, or not to "
        "coachd's user. Automations are no part of a description.",
    .parameters = parameters,
    .uses = {.setup = true},
    .make = [](const Settings& s) -> std::unique_ptr<Detector> { return std::make_unique<CrmChanges>(s); },
};

}  // namespace coachd::rules
