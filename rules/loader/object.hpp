// One object of a connection while rules are loaded: which of its fields rules name, and how the CRM calls them.
// Shared by all files about that object; one thread.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "rules/conditions/builder.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/loader.hpp"

namespace coachd::rules {

/// One of the names that shipped rules use for fields.
[[nodiscard]] bool is_canonical_field(std::string_view name);
/// `next_step` as people would say it, where nobody tells a label; a CRM's own name stays as it is.
[[nodiscard]] std::string readable(std::string name);
/// One of the names that shipped rules use for objects, or that a CRM gives its own.
[[nodiscard]] bool is_known_object(std::string_view name);

class ObjectBuild {
 public:
  /// `beside`: rules only look at it beside records of another object; what does not describe it says nothing of its
  /// fields.
  ObjectBuild(const std::string& canonical, const Binding& binding, const std::vector<model::Pipeline>& file_stages,
              bool beside);

  struct Lookup {
    const Field* field = nullptr;
    std::string off;  ///< why the connection cannot have it; "" and no field: unknown
  };
  /// Makes it a field to be read.
  [[nodiscard]] Lookup field(const std::string& name);
  /// The same of `name`, a field of the record one step up that `up` reads.
  [[nodiscard]] const Field* parent_field(const std::string& name, const ObjectBuild& up, const Field& field);
  /// `name` is no field that a map ties to one of the record's own, nor a column that is read of it.
  [[nodiscard]] bool is_beyond(const std::string& name) const;
  /// Names that could be meant, for "did you mean".
  [[nodiscard]] std::vector<std::string> names() const;

  /// Nothing where the slot is none: an object without that field.
  void needs_history(Slot s) {
    if (s < plan.slots.size()) plan.slots[s].needs_history = true;
  }
  [[nodiscard]] StateId state(Slot slot, const text::Placeholders::Spec& spec,
                              const std::vector<std::string>& not_known_yet);
  [[nodiscard]] std::size_t fact(FactKind kind, const Field& f, double above, std::int64_t at_least, StateId state);
  [[nodiscard]] bool has_stages();
  void use_stage_changed();
  void use_outcome();

  /// The number of an object beside the records of this one.
  [[nodiscard]] std::size_t related(const std::string& canonical);
  /// Called once, when all rules are read.
  void finish() { *finished_ = frame; }
  /// The frame as it is when loading is done.
  [[nodiscard]] std::shared_ptr<const Frame> finished_frame() const { return finished_; }
  /// "contact role": as people call one of its records.
  [[nodiscard]] std::string label() const;
  [[nodiscard]] const Binding& binding() const noexcept { return binding_; }
  [[nodiscard]] bool is_described() const noexcept { return described_; }

  ObjectPlan plan;
  Frame frame;
  StageTable stages;
  Milestones milestones;
  std::vector<StateId> fact_states;

 private:
  [[nodiscard]] std::string crm_name(const std::string& name) const;
  [[nodiscard]] bool exists(const std::string& crm_name) const;
  [[nodiscard]] Slot special(std::initializer_list<const char*> names);
  const Field* add(const std::string& name, const std::string& crm);

  std::shared_ptr<Frame> finished_ = std::make_shared<Frame>();
  const Binding& binding_;
  const model::ObjectDescription* description_ = nullptr;
  bool described_ = false;    // by a description or a list of columns: what is not there is unknown
  std::deque<Field> fields_;  // by the name that a rule wrote; several may share a slot
  std::map<std::string, const Field*> by_name_;
  struct StateKey {
    Slot slot;
    text::Placeholders::Spec spec;
    std::vector<std::string> not_known_yet;
  };
  std::vector<StateKey> state_keys_;  // parallel to frame.states
};

/// The objects that the rules of one connection name, made when they are first named.
class ObjectBuilds {
 public:
  ObjectBuilds(const Binding& binding, const std::map<std::string, std::vector<model::Pipeline>>& file_stages)
      : binding_(binding), file_stages_(file_stages) {}
  /// One that rule files are about.
  ObjectBuild& of(const std::string& canonical);
  struct Beside {
    ObjectBuild* object = nullptr;
    std::string off;    ///< why the connection cannot have it
    std::string meant;  ///< no object, not off: unknown; the nearest name
  };
  /// A name that an object has, as far as is known before one asks the CRM.
  [[nodiscard]] bool may_be_object(const std::string& name) const;
  /// One beside a record.
  [[nodiscard]] Beside beside(const std::string& name);
  [[nodiscard]] auto& all() noexcept { return objects_; }

 private:
  const Binding& binding_;
  const std::map<std::string, std::vector<model::Pipeline>>& file_stages_;
  std::map<std::string, std::unique_ptr<ObjectBuild>> objects_;
};

}  // namespace coachd::rules
