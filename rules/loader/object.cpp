#include "rules/loader/object.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "rules/conditions/builder.hpp"
#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/text/text.hpp"
#include "rules/yaml/reader.hpp"

namespace coachd::rules {
namespace {

// Names that shipped rules use: where a connection has none of them, the rule is off there, and it is no slip of the
// pen.
constexpr std::string_view canonical_fields[] = {"account",
                                                 "amount",
                                                 "budget_status",
                                                 "campaign",
                                                 "champion",
                                                 "close_date",
                                                 "close_reason",
                                                 "competitor",
                                                 "contract_end",
                                                 "created",
                                                 "currency",
                                                 "decision_criteria",
                                                 "decision_process",
                                                 "description",
                                                 "economic_buyer",
                                                 "forecast_category",
                                                 "handoff_notes",
                                                 "health_score",
                                                 "implementation_risk",
                                                 "last_activity",
                                                 "legal_status",
                                                 "loss_reason",
                                                 "name",
                                                 "next_step",
                                                 "owner",
                                                 "pipeline",
                                                 "probability",
                                                 "procurement_status",
                                                 "record_type",
                                                 "renewal_date",
                                                 "renewal_risk",
                                                 "source",
                                                 "stage",
                                                 "stage_changed",
                                                 "start_date",
                                                 "success_criteria",
                                                 "type",
                                                 "win_reason"};

// Objects of shipped rules, and those that the two CRMs call by other names.
constexpr std::string_view canonical_objects[] = {
    "account",   "campaign", "campaign_member", "contact", "contact_role", "contract", "email", "event", "lead",
    "line_item", "note",     "opportunity",     "order",   "quote",        "task",     "ticket"};
constexpr std::string_view own_objects[] = {"calls",    "companies",  "contacts", "deals",  "emails",
                                            "leads",    "line_items", "meetings", "notes",  "orders",
                                            "products", "quotes",     "tasks",    "tickets"};

}  // namespace

bool is_canonical_field(std::string_view name) {
  return std::find(std::begin(canonical_fields), std::end(canonical_fields), name) != std::end(canonical_fields);
}

std::string readable(std::string name) {
  const bool own = std::any_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '.'; }) ||
                   name.find("__") != std::string::npos;
  if (!own) std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

bool is_known_object(std::string_view name) {
  return std::find(std::begin(canonical_objects), std::end(canonical_objects), name) != std::end(canonical_objects) ||
         std::find(std::begin(own_objects), std::end(own_objects), name) != std::end(own_objects);
}

ObjectBuild::ObjectBuild(const std::string& canonical, const Binding& binding,
                         const std::vector<model::Pipeline>& file_stages, bool beside)
    : binding_(binding) {
  plan.object = canonical;
  frame.object = canonical;
  const auto named = binding.names.objects.find(canonical);
  plan.crm_object = named != binding.names.objects.end() ? named->second : canonical;
  if (binding.description) {
    const auto it = binding.description->objects.find(plan.crm_object);
    if (it != binding.description->objects.end()) description_ = &it->second;
    frame.company_currency = binding.description->currency;
  }
  if (description_ != nullptr)
    for (const auto* why : {&description_->insists.rules_untold, &description_->insists.layouts_untold})
      if (!why->empty()) plan.required_untold.push_back(*why);
  // A rule whose formula is not shown may ask for any field.
  if (description_ != nullptr)
    for (const auto& rule : description_->insists.rules)
      if (rule.active && rule.formula.empty() && !rule.unread.empty())
        plan.required_untold.push_back("validation rule " + rule.name + " was not read: " + rule.unread);
  // The columns of an export are those of the object that it holds.
  described_ = beside ? description_ != nullptr : binding.description.has_value() || !binding.columns.empty();

  if (const auto it = binding.stages.find(canonical); it != binding.stages.end())
    stages = StageTable(it->second);
  else if (description_ != nullptr && !description_->pipelines.empty())
    stages = StageTable(description_->pipelines);
  else
    stages = StageTable(file_stages);
  if (const auto it = binding.names.milestones.find(canonical); it != binding.names.milestones.end())
    milestones = it->second;

  // The fields that the engine itself reads, by the map, else by the names that the two CRMs give them.
  plan.owner = special({"owner", "OwnerId", "hubspot_owner_id"});
  plan.name = special({"name", "Name", "dealname"});
  plan.created = special({"created", "CreatedDate", "createdate"});
  plan.amount = special({"amount", "Amount"});
  plan.stage = special({"stage", "StageName", "dealstage"});
  plan.pipeline = special({"pipeline"});
  frame.owner = plan.owner;
  frame.name = plan.name;
  frame.created = plan.created;
  frame.stage = plan.stage;
  frame.pipeline = plan.pipeline;
  if (binding.description) frame.currency = special({"currency", "CurrencyIsoCode", "deal_currency_code"});
}

std::string ObjectBuild::crm_name(const std::string& name) const {
  if (const auto fields = binding_.names.fields.find(plan.object); fields != binding_.names.fields.end())
    if (const auto it = fields->second.find(name); it != fields->second.end()) return it->second;
  return {};
}

bool ObjectBuild::exists(const std::string& crm) const {
  if (!described_) return true;
  if (description_ != nullptr && description_->find(crm) != nullptr) return true;
  return std::find(binding_.columns.begin(), binding_.columns.end(), crm) != binding_.columns.end();
}

Slot ObjectBuild::special(std::initializer_list<const char*> candidates) {
  const std::string canonical = *candidates.begin();
  if (const auto mapped = crm_name(canonical); !mapped.empty())
    return exists(mapped) ? add(canonical, mapped)->slot : no_slot;
  if (!described_) return add(canonical, canonical)->slot;
  for (const char* name : candidates)
    if (exists(name)) return add(canonical, name)->slot;
  return no_slot;
}

const Field* ObjectBuild::add(const std::string& name, const std::string& crm) {
  if (const auto it = by_name_.find(name); it != by_name_.end()) return it->second;
  Field f;
  f.name = name;
  f.crm_name = crm;
  f.label = readable(name);
  bool required = false;
  std::vector<model::Requirement> required_where;
  if (description_ != nullptr)
    if (const auto* d = description_->find(crm)) {
      f.label = d->label.empty() ? crm : d->label;
      f.type = d->type;
      f.options = &d->options;
      required = d->required;
      required_where = d->required_where;
    }
  if (const auto it = binding_.column_types.find(crm);
      it != binding_.column_types.end() && f.type == model::FieldType::unknown)
    f.type = it->second;
  const auto same =
      std::find_if(plan.slots.begin(), plan.slots.end(), [&](const SlotInfo& s) { return s.crm_name == crm; });
  f.slot = static_cast<Slot>(same - plan.slots.begin());
  if (same == plan.slots.end()) {
    SlotInfo slot;
    slot.name = name;
    slot.crm_name = crm;
    slot.label = f.label;
    slot.type = f.type;
    slot.required = required;
    slot.required_where = std::move(required_where);
    if (f.options != nullptr)
      for (const auto& option : *f.options) slot.options.push_back(option.label.empty() ? option.value : option.label);
    plan.slots.push_back(std::move(slot));
  }
  return by_name_[name] = &fields_.emplace_back(std::move(f));
}

ObjectBuild::Lookup ObjectBuild::field(const std::string& name) {
  if (const auto it = by_name_.find(name); it != by_name_.end()) return {it->second, {}};
  const auto mapped = crm_name(name);
  const auto where = binding_.connection.empty() ? "this export" : binding_.connection;
  if (!mapped.empty()) {
    if (exists(mapped)) return {add(name, mapped), {}};
    return {nullptr, "field `" + name + "` is mapped to `" + mapped + "`, which " + where + " does not have"};
  }
  if (exists(name)) return {add(name, name), {}};
  // One step up: of the account that the record belongs to.
  if (const auto up = name.substr(0, name.find('.'));
      up.size() < name.size() && (is_known_object(up) || is_canonical_field(up) || exists(up)))
    return {nullptr,
            "`" + name + "` stands on another object, and what is read of this one in " + where +
                " does not hold it: tie it under `map:` to a field of the record itself that shows it, such as "
                "a formula or a calculated property"};
  if (is_canonical_field(name))
    return {nullptr, "field `" + name + "` is unknown in " + where + ": tie it to your own under `map:`"};
  if (std::find(binding_.known_elsewhere.begin(), binding_.known_elsewhere.end(), name) !=
      binding_.known_elsewhere.end())
    return {nullptr, "field `" + name + "` is unknown in " + where};
  return {};
}

bool ObjectBuild::is_beyond(const std::string& name) const {
  return name.find('.') != std::string::npos && !by_name_.contains(name) && crm_name(name).empty() &&
         !(described_ && exists(name));
}

const Field* ObjectBuild::parent_field(const std::string& name, const ObjectBuild& up, const Field& field) {
  if (const auto it = by_name_.find(name); it != by_name_.end()) return it->second;
  Field f = field;
  f.name = name;
  f.crm_name = up.plan.object + '.' + field.crm_name;
  f.label = up.label() + ' ' + field.label;
  const auto same =
      std::find_if(plan.slots.begin(), plan.slots.end(), [&](const SlotInfo& s) { return s.crm_name == f.crm_name; });
  const Slot theirs = field.slot;
  f.slot = static_cast<Slot>(same - plan.slots.begin());
  if (same == plan.slots.end()) {
    SlotInfo slot;
    slot.name = name;
    slot.crm_name = f.crm_name;
    slot.label = f.label;
    slot.type = f.type;
    slot.parent = ParentField{up.plan.object, theirs};
    plan.slots.push_back(std::move(slot));
  }
  return by_name_[name] = &fields_.emplace_back(std::move(f));
}

std::vector<std::string> ObjectBuild::names() const {
  std::vector<std::string> out;
  if (const auto fields = binding_.names.fields.find(plan.object); fields != binding_.names.fields.end())
    for (const auto& [name, crm] : fields->second) out.push_back(name);
  if (description_ != nullptr)
    for (const auto& f : description_->fields) out.push_back(f.name);
  out.insert(out.end(), binding_.columns.begin(), binding_.columns.end());
  out.insert(out.end(), std::begin(canonical_fields), std::end(canonical_fields));
  return out;
}

StateId ObjectBuild::state(Slot slot, const text::Placeholders::Spec& spec,
                           const std::vector<std::string>& not_known_yet) {
  for (std::size_t i = 0; i < state_keys_.size(); ++i)
    if (state_keys_[i].slot == slot && state_keys_[i].spec == spec && state_keys_[i].not_known_yet == not_known_yet)
      return static_cast<StateId>(i);
  const auto& info = plan.slots[slot];
  StateRule rule;
  rule.slot = slot;
  rule.placeholders = std::make_shared<const text::Placeholders>(spec, text::value_class(info.type), info.label, true);
  rule.not_known_yet = not_known_yet;
  frame.states.push_back(std::move(rule));
  state_keys_.push_back({slot, spec, not_known_yet});
  return static_cast<StateId>(frame.states.size() - 1);
}

std::size_t ObjectBuild::fact(FactKind kind, const Field& f, double above, std::int64_t at_least, StateId state) {
  const bool mean = kind == FactKind::owner_mean;
  const FactSpec::MeanTest test{above, at_least};
  FactSpec spec;
  spec.kind = mean ? FactSpec::Kind::owner_mean : FactSpec::Kind::same_text;
  spec.field = f.slot;
  spec.key = (mean ? "owner_mean:" : "same_text:") + f.name;
  for (std::size_t i = 0; i < plan.facts.size(); ++i) {
    auto& had = plan.facts[i];
    if (had.kind != spec.kind || had.field != spec.field || (!mean && fact_states[i] != state)) continue;
    if (mean && std::find(had.mean_tests.begin(), had.mean_tests.end(), test) == had.mean_tests.end())
      had.mean_tests.push_back(test);
    return i;
  }
  // The same text by another list of placeholders is another fact.
  const auto twins = std::count_if(plan.facts.begin(), plan.facts.end(), [&](const FactSpec& had) {
    return had.kind == spec.kind && had.field == spec.field;
  });
  if (twins > 0) spec.key += '#' + std::to_string(twins + 1);
  if (mean) spec.mean_tests.push_back(test);
  plan.facts.push_back(std::move(spec));
  fact_states.push_back(state);
  return plan.facts.size() - 1;
}

void ObjectBuild::use_stage_changed() {
  if (!described_ || frame.stage_changed != no_slot) return;
  frame.stage_changed = special({"stage_changed", "LastStageChangeDate", "hs_v2_date_entered_current_stage"});
}

void ObjectBuild::use_outcome() {
  if (!described_ || !stages.empty() || frame.closed != no_slot) return;
  frame.closed = special({"closed", "IsClosed", "hs_is_closed"});
  frame.won = special({"won", "IsWon", "hs_is_closed_won"});
}

std::size_t ObjectBuild::related(const std::string& canonical) {
  const auto it = std::find(plan.related.begin(), plan.related.end(), canonical);
  if (it != plan.related.end()) return static_cast<std::size_t>(it - plan.related.begin());
  plan.related.push_back(canonical);
  return plan.related.size() - 1;
}

std::string ObjectBuild::label() const {
  return description_ != nullptr && !description_->label.empty() ? description_->label : readable(plan.object);
}

bool ObjectBuild::has_stages() {
  return frame.stage != no_slot;
}

ObjectBuild& ObjectBuilds::of(const std::string& canonical) {
  auto& object = objects_[canonical];
  if (!object) {
    const auto stages = file_stages_.find(canonical);
    object = std::make_unique<ObjectBuild>(
        canonical, binding_, stages == file_stages_.end() ? std::vector<model::Pipeline>{} : stages->second, false);
  }
  return *object;
}

bool ObjectBuilds::may_be_object(const std::string& name) const {
  const auto& mapped = binding_.names.objects;
  return mapped.contains(name) || is_known_object(name) || name.ends_with("__c") ||
         std::any_of(mapped.begin(), mapped.end(), [&](const auto& one) { return one.second == name; }) ||
         (binding_.description && binding_.description->objects.contains(name));
}

ObjectBuilds::Beside ObjectBuilds::beside(const std::string& name) {
  const auto make = [&](const std::string& canonical) -> Beside {
    auto& object = objects_[canonical];
    if (!object) object = std::make_unique<ObjectBuild>(canonical, binding_, std::vector<model::Pipeline>{}, true);
    return {object.get(), {}, {}};
  };
  const auto& mapped = binding_.names.objects;
  if (mapped.contains(name) || objects_.contains(name)) return make(name);
  for (const auto& [canonical, own] : mapped)
    if (own == name) return make(canonical);
  if (binding_.description) {
    if (binding_.description->objects.contains(name)) return make(name);
    if (is_known_object(name))
      return {nullptr,
              "object `" + name + "` is unknown in " + binding_.connection + ": tie it to your own under `map:`",
              {}};
  } else {
    // Without a description a CRM's own name cannot be told from a slip of the pen: only what is nearly one of the
    // known names is taken for one.
    const bool own = name.find("__") != std::string::npos ||
                     std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    if (own || is_known_object(name)) return make(name);
  }
  if (const auto& others = binding_.known_elsewhere; std::find(others.begin(), others.end(), name) != others.end())
    return {nullptr, "object `" + name + "` is unknown in " + binding_.connection, {}};
  std::vector<std::string> names(std::begin(canonical_objects), std::end(canonical_objects));
  for (const auto& [canonical, own] : mapped) names.push_back(canonical);
  if (binding_.description)
    for (const auto& [own, description] : binding_.description->objects) names.push_back(own);
  if (auto near = yaml::nearest(name, names)) return {nullptr, {}, std::move(*near)};
  if (!binding_.description) return make(name);
  return {};
}

}  // namespace coachd::rules
