// One object of a connection while rules are loaded: which of its fields rules name, and how the CRM calls them.
// Shared by all files about that object; one thread.
#pragma once

#include <deque>
#include <map>
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

class ObjectBuild {
 public:
  ObjectBuild(const std::string& canonical, const Binding& binding, const std::vector<model::Pipeline>& file_stages);

  struct Lookup {
    const Field* field = nullptr;
    std::string off;  ///< why the connection cannot have it; "" and no field: unknown
  };
  /// Makes it a field to be read.
  [[nodiscard]] Lookup field(const std::string& name);
  /// Names that could be meant, for "did you mean".
  [[nodiscard]] std::vector<std::string> names() const;

  void needs_history(Slot s) { plan.slots[s].needs_history = true; }
  [[nodiscard]] StateId state(Slot slot, const text::Placeholders::Spec& spec,
                              const std::vector<std::string>& not_known_yet);
  [[nodiscard]] std::size_t fact(FactKind kind, const Field& f, double above, std::int64_t at_least, StateId state);
  [[nodiscard]] bool has_stages();
  void use_stage_changed();
  void use_outcome();

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

}  // namespace coachd::rules
