#include "daemon/app/surroundings.hpp"

#include <algorithm>
#include <cstdint>
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

using pipeline::Beside;

class Layout {
 public:
  Layout(pipeline::Context& context, const ConnectionSetup& setup, const model::Description& description)
      : context_(context), setup_(setup), description_(description) {}

  void surround(const rules::ObjectPlan& plan) {
    auto& around = context_.surrounded[plan.object];
    if (plan.needs_activities) {
      around.all_sources = !setup_.activity_sources.empty();
      for (const auto& name : setup_.activity_sources) {
        const auto* source = context_.around->source(name);
        const auto* beside = source == nullptr ? nullptr : link(object_of(source->object), source->object, plan);
        around.all_sources = around.all_sources && beside != nullptr;
        if (beside == nullptr) continue;
        around.sources.push_back(beside->object);
      }
    }
    for (const auto& name : plan.related) {
      const auto* other = context_.rules->plan(name);
      const auto* beside = other == nullptr ? nullptr : link(name, other->crm_object, plan);
      around.related.push_back(beside == nullptr ? std::string() : name);
    }
  }

  void finish() {
    for (auto& [object, beside] : context_.beside) {
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

  // Null where nothing tells which records of `parent` one of the object belongs to.
  Beside* link(const std::string& object, const std::string& crm_object, const rules::ObjectPlan& parent) {
    const auto described = description_.objects.find(crm_object);
    if (described == description_.objects.end()) return nullptr;
    const auto columns = context_.around->parents(described->second, parent.crm_object);
    if (columns.empty()) return nullptr;
    auto& beside = context_.beside[object];
    if (beside.object.empty()) {
      beside.object = object;
      beside.crm_object = crm_object;
      if (const auto* own = context_.rules->plan(object)) {
        beside.judged = !own->only_beside();
        for (const auto& slot : own->slots) {
          if (!slot.crm_name.empty()) add(beside.columns, slot.crm_name);
          beside.history = beside.history || slot.needs_history;
        }
      }
    }
    for (const auto& column : columns) {
      add(beside.columns, column);
      const auto fact = "beside:" + object + ":" + column;
      auto it = std::find_if(beside.links.begin(), beside.links.end(), [&](const auto& l) { return l.fact == fact; });
      if (it == beside.links.end()) it = beside.links.insert(it, {number(object, column), fact, {}});
      add(it->to, parent.object);
    }
    return &beside;
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
