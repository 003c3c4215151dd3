#include "daemon/app/surroundings.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/app/contexts.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/store/store.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"

namespace coachd::app {
namespace {

using connectors::Kin;
using pipeline::Around;
using pipeline::Beside;
using pipeline::Onward;
using pipeline::Surrounded;

class Layout {
 public:
  Layout(pipeline::Context& context, const ConnectionSetup& setup, const model::Description& description)
      : context_(context), setup_(setup), description_(description) {}

  void surround(const rules::ObjectPlan& plan) {
    auto& around = context_.surrounded[plan.object];
    around.all_sources = !setup_.activity_sources.empty();
    around.all_note_sources = true;
    for (const auto& name : setup_.activity_sources) look_at(plan, name, around);
    around.all_note_sources = around.all_note_sources && !around.note_sources.empty();
    if (plan.activities_on_contacts) around.contacts = look_around(plan, Kin::contacts, around);
    if (plan.activities_on_account) around.account = look_around(plan, Kin::account, around);
    for (const auto& name : plan.related) {
      const auto* other = context_.rules->plan(name);
      const auto* beside = other == nullptr ? nullptr : link(name, other->crm_object, plan);
      around.related.push_back(beside == nullptr ? std::string() : name);
    }
    for (const auto& slot : plan.slots)
      if (slot.parent) step_up(plan, slot.parent->object, around);
  }

  void finish() {
    for (auto& [object, beside] : context_.beside) {
      if (const auto around = context_.surrounded.find(object); around != context_.surrounded.end())
        for (const auto& naming : around->second.naming) add(beside.columns, naming.column);
      // What coachd wrote itself must be known from the row, whatever it is looked at for.
      for (const auto& source : context_.around->sources())
        if (source.object == beside.crm_object) beside.source = &source;
      if (beside.source != nullptr)
        for (const auto& column : beside.source->columns) add(beside.columns, column);
      std::vector<std::uint32_t> fields;
      for (const auto& column : beside.columns) fields.push_back(number(object, column));
      if (beside.source != nullptr)
        for (const auto& column : beside.source->columns) beside.source_fields.push_back(number(object, column));
      beside.whole = "read whole: " + context_.connection + " " + object + " " +
                     std::to_string(context_.dictionary->set(std::move(fields)));
    }
  }

 private:
  static void add(std::vector<std::string>& list, const std::string& one) {
    if (std::find(list.begin(), list.end(), one) == list.end()) list.push_back(one);
  }
  [[nodiscard]] std::uint32_t number(const std::string& object, const std::string& column) const {
    return context_.dictionary->field(context_.connection, object, column);
  }
  // The canonical name of one of the CRM's objects.
  [[nodiscard]] std::string object_of(const std::string& crm_object) const {
    if (const auto planned = pipeline::canonical_object(*context_.rules, crm_object)) return *planned;
    for (const auto& [canonical, own] : setup_.names.objects)
      if (own == crm_object) return canonical;
    return crm_object;
  }

  [[nodiscard]] const model::ObjectDescription* described(const std::string& crm_object) const {
    const auto found = description_.objects.find(crm_object);
    return found == description_.objects.end() ? nullptr : &found->second;
  }

  // Null where nothing tells which records of `parent` one of the object belongs to.
  Beside* link(const std::string& object, const std::string& crm_object, const rules::ObjectPlan& parent) {
    const auto* child = described(crm_object);
    if (child == nullptr) return nullptr;
    const auto columns = context_.around->parents(*child, parent.crm_object);
    if (columns.empty()) return nullptr;
    auto& beside = read(object, crm_object);
    for (const auto& column : columns) add(link_by(beside, column).to, parent.object);
    return &beside;
  }

  Beside* link(const connectors::ActivitySource* source, const rules::ObjectPlan& parent) {
    return source == nullptr ? nullptr : link(object_of(source->object), source->object, parent);
  }

  // One declared source, for whatever of it is asked.
  void look_at(const rules::ObjectPlan& plan, const std::string& name, Surrounded& around) {
    const auto* source = context_.around->source(name);
    const bool spoken = plan.needs_reviews && source != nullptr && source->notes;
    const bool texts = (plan.needs_notes || plan.detects_notes) && source != nullptr && !source->text.empty();
    const bool tasks = plan.detects_tasks && name == "task";
    if (!plan.needs_activities && !spoken && !texts && !tasks) return;
    auto* beside = link(source, plan);
    around.all_sources = around.all_sources && beside != nullptr;
    around.all_note_sources = around.all_note_sources && (!spoken || beside != nullptr);
    if (beside == nullptr) return;
    if (plan.needs_activities) around.sources.push_back(beside->object);
    if (spoken) around.note_sources.push_back(beside->object);
    beside->tasks = beside->tasks || tasks;
    if (!texts || described(source->object)->find(source->text) == nullptr) return;
    add(beside->columns, source->text);
    const auto field = number(beside->object, source->text);
    if (plan.detects_notes) beside->text = field;
    if (plan.needs_notes) around.notes.push_back({beside->object, field});
  }

  // One that is read from now on.
  Beside& read(const std::string& object, const std::string& crm_object) {
    auto& beside = context_.beside[object];
    if (beside.object.empty()) {
      beside.object = object;
      beside.crm_object = crm_object;
      if (const auto* own = context_.rules->plan(object)) {
        beside.judged = !own->only_beside();
        for (const auto& slot : own->slots) {
          if (!slot.crm_name.empty() && !slot.parent) add(beside.columns, slot.crm_name);
          beside.history = beside.history || slot.needs_history;
        }
      }
    }
    return beside;
  }

  Beside::Link& link_by(Beside& beside, const std::string& column) {
    add(beside.columns, column);
    const auto fact = "beside:" + beside.object + ":" + column;
    auto it = std::find_if(beside.links.begin(), beside.links.end(), [&](const auto& l) { return l.fact == fact; });
    if (it == beside.links.end()) it = beside.links.insert(it, {number(beside.object, column), fact, {}, {}});
    return *it;
  }

  // A column of judged records that names others.
  const pipeline::Naming& name_by(const rules::ObjectPlan& plan, const std::string& column, Surrounded& around) {
    for (const auto& known : around.naming)
      if (known.column == column) return known;
    return around.naming.emplace_back(
        pipeline::Naming{number(plan.object, column), column, "names:" + plan.object + ":" + column});
  }

  // Where the contacts of a record, or its account, are named, and what was done with them.
  std::optional<Around> look_around(const rules::ObjectPlan& plan, Kin kin, Surrounded& surrounded) {
    const auto way = context_.around->kin(plan.crm_object, kin);
    if (!way) return std::nullopt;
    Around out;
    Onward onward{plan.object, {}, {}, 0};
    if (!way->object.empty()) {
      if (described(way->object) == nullptr) return std::nullopt;
      auto& join = read(object_of(way->object), way->object);
      const auto of = link_by(join, way->record);  // as it is now: the next line may move it
      out.join = join.object;
      out.join_fact = of.fact;
      out.rows = way->column.empty();
      onward.join = join.object;
      onward.record = of.field;
      if (!out.rows) {
        const auto& names = link_by(join, way->column);
        out.field = names.field;
        onward.fact = names.fact;
      }
      add(link_by(join, way->record).to, plan.object);
    } else if (!way->column.empty()) {
      const auto& names = name_by(plan, way->column, surrounded);
      out.field = names.field;
      onward.fact = names.fact;
    } else {
      out.itself = true;
    }
    out.told = true;
    for (const auto& object : surrounded.sources) {
      auto& source = context_.beside.at(object);
      const auto column = context_.around->kin_column(*described(source.crm_object), kin);
      out.facts.push_back(column.empty() ? std::string() : reach(source, column, plan, out, onward));
      out.told = out.told && (!column.empty() || is_shown(source.crm_object));
    }
    return out;
  }

  // The index from one of them to its activities; a change of one of these goes on to the records.
  std::string reach(Beside& source, const std::string& column, const rules::ObjectPlan& plan, const Around& around,
                    const Onward& onward) {
    auto& link = link_by(source, column);
    if (around.itself)
      add(link.to, plan.object);
    else if (around.rows)
      add_onward(link, {plan.object, {}, around.join, onward.record});
    else
      add_onward(link, onward);
    return link.fact;
  }
  static void add_onward(Beside::Link& link, const Onward& onward) {
    if (std::find(link.onward.begin(), link.onward.end(), onward) == link.onward.end()) link.onward.push_back(onward);
  }
  // Another declared source shows on contacts and accounts what this one tells.
  [[nodiscard]] bool is_shown(const std::string& crm_object) const {
    for (const auto& source : context_.around->sources())
      if (source.object == crm_object)
        return std::find(setup_.activity_sources.begin(), setup_.activity_sources.end(), source.shown_by) !=
               setup_.activity_sources.end();
    return false;
  }

  // Fields of the record one step up.
  void step_up(const rules::ObjectPlan& plan, const std::string& object, Surrounded& around) {
    const auto* up = context_.rules->plan(object);
    const auto* child = described(plan.crm_object);
    if (up == nullptr || child == nullptr || described(up->crm_object) == nullptr) return;
    const auto column = context_.around->parent(*child, up->crm_object);
    const auto known = [&](const auto& parent) { return parent.object == object; };
    if (column.empty() || std::any_of(around.parents.begin(), around.parents.end(), known)) return;
    const auto& names = name_by(plan, column, around);
    around.parents.push_back({object, names.field});
    read(object, up->crm_object).children.push_back({plan.object, names.fact, {}, 0});
  }

  pipeline::Context& context_;
  const ConnectionSetup& setup_;
  const model::Description& description_;
};

}  // namespace

void lay_out_surroundings(pipeline::Context& context, const ConnectionSetup& setup,
                          const model::Description& description) {
  if (!setup.around) return;
  context.around = setup.around;
  Layout layout(context, setup, description);
  for (const auto& [object, plan] : context.rules->objects)
    if (!plan.only_beside() && pipeline::has_surroundings(plan)) layout.surround(plan);
  layout.finish();
}

}  // namespace coachd::app
