#include "daemon/app/audit/rulebook.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include "connectors/file/layout.hpp"
#include "daemon/app/audit/audit.hpp"
#include "daemon/app/audit/prepared.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

void error(Rulebook& b, std::string code, std::string message) {
  b.loaded.diagnostics.push_back({model::Severity::error, std::move(code), std::move(message), {}, ""});
  b.plan = nullptr;
}

// What these hold is a name, whatever it looks like.
constexpr std::array<std::string_view, 4> reference_names{"id", "owner", "stage", "pipeline"};

rules::Binding binding(const Prepared& p, const std::string& object, const ColumnTypes& types) {
  rules::Binding b;
  b.columns = p.layout.columns;
  b.names.objects[object] = object;
  b.names.fields[object] = p.names;
  b.column_types = types;
  for (const std::string_view name : reference_names)
    if (const auto it = p.names.find(std::string(name)); it != p.names.end())
      b.column_types[it->second] = model::FieldType::reference;
  if (p.map) {
    if (!p.map->milestones.empty()) b.names.milestones[object] = p.map->milestones;
    if (!p.map->pipelines.empty()) b.stages[object] = p.map->pipelines;
  }
  return b;
}

// The objects that the rules are about, whatever the export holds; empty where they cannot be loaded at all.
std::vector<std::string> objects_of(const AuditRequest& request) {
  std::vector<std::string> out;
  if (const rules::Loaded loaded = rules::load(request.rules, {}); loaded.rules)
    for (const auto& [name, plan] : loaded.rules->objects)
      if (!plan.only_beside()) out.push_back(name);
  return out;
}

std::size_t place(Rulebook& b, const std::string& column) {
  if (column.empty()) return Rulebook::npos;
  const auto it = std::find(b.columns.begin(), b.columns.end(), column);
  const auto at = static_cast<std::size_t>(it - b.columns.begin());
  if (it == b.columns.end()) b.columns.push_back(column);
  return at;
}

}  // namespace

model::Instant as_of(const AuditRequest& request, const Prepared& p, const std::optional<std::string>& rules_now) {
  const auto of = [&](const std::string& text) -> std::optional<model::Instant> {
    if (const auto d = model::parse_day(text)) return p.zone.start_of(*d);
    return model::parse_instant(text);
  };
  if (request.today) return p.zone.start_of(*request.today);
  if (request.now) return *request.now;
  if (p.map && !p.map->as_of.empty())
    if (const auto at = of(p.map->as_of)) return *at;
  if (rules_now)
    if (const auto at = of(*rules_now)) return *at;
  return request.clock;
}

Rulebook bind_rules(const AuditRequest& request, const Prepared& p, const ColumnTypes& types) {
  Rulebook b;
  const std::vector<std::string> about = objects_of(request);
  b.object = p.object.empty() && about.size() == 1 ? about.front() : p.object;
  if (!about.empty() && std::find(about.begin(), about.end(), b.object) == about.end()) {
    std::string list;
    for (const std::string& o : about) list += (list.empty() ? "" : ", ") + o;
    error(b, "no-rules",
          b.object.empty() ? "it cannot be told what " + p.layout.path +
                                 " holds: name it by `object:` in a map (the rules are about " + list + ")"
                           : p.layout.path + " holds " + b.object + ", and the rules are about " + list);
    return b;
  }
  b.loaded = rules::load(request.rules, binding(p, b.object, types));
  if (b.loaded.rules) b.plan = b.loaded.rules->plan(b.object);
  if (b.plan == nullptr) {
    if (b.loaded.diagnostics.empty()) error(b, "broken", "the rules cannot be loaded");
    return b;
  }
  for (const rules::SlotInfo& s : b.plan->slots) {  // the loader took their types from the binding
    b.columns.push_back(s.crm_name);
    b.types.push_back(s.type);
  }
  if (p.map && !p.map->key.empty()) {
    for (const std::string& k : p.map->key) b.id.push_back(place(b, k));
  } else if (const std::size_t at = place(b, p.column("id")); at != Rulebook::npos) {
    b.id.push_back(at);
  }
  b.created = place(b, p.column("created"));
  b.created_by = place(b, p.column("created_by"));
  b.modified = place(b, p.column("modified"));
  if (p.layout.origin == file::Origin::salesforce &&
      std::find(p.layout.columns.begin(), p.layout.columns.end(), "IsDeleted") != p.layout.columns.end())
    b.deleted = place(b, "IsDeleted");
  b.world.calendar = calendar::Calendar(p.zone, {}, 1, 1);
  if (p.map && !p.map->pipelines.empty())
    b.world.stages[b.object] = rules::StageTable(p.map->pipelines);
  else if (const auto it = b.loaded.stages.find(b.object); it != b.loaded.stages.end())
    b.world.stages[b.object] = rules::StageTable(it->second);
  b.now = as_of(request, p, b.loaded.now);
  return b;
}

}  // namespace coachd::app
