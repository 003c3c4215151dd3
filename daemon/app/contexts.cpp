#include "daemon/app/contexts.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "connectors/surroundings.hpp"
#include "daemon/app/description_json.hpp"
#include "daemon/app/meetings.hpp"
#include "daemon/app/surroundings.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/context.hpp"
#include "daemon/pipeline/meetings.hpp"
#include "daemon/store/store.hpp"
#include "rules/calendar/tz.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"
#include "rules/model/error.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {
namespace {

std::shared_ptr<rules::World> make_world(const ConnectionSetup& setup, const model::Description& description,
                                         const rules::RuleSet& rules) {
  auto world = std::make_shared<rules::World>();
  const auto& zone = !setup.zone.empty() ? setup.zone : description.zone;
  const int month = setup.fiscal_month != 0 ? setup.fiscal_month : description.fiscal_year_start_month;
  world->calendar =
      calendar::Calendar(calendar::load_zone(zone.empty() ? "UTC" : zone), setup.holidays, month, setup.fiscal_day);
  for (const auto& [object, plan] : rules.objects) {
    const auto it = description.objects.find(plan.crm_object);
    if (it != description.objects.end()) world->stages.emplace(object, rules::StageTable(it->second.pipelines));
  }
  // Whatever of the surroundings can turn an answer: a new version makes every record due once.
  std::string surroundings =
      to_json(description) + zone + std::to_string(month) + "/" + std::to_string(setup.fiscal_day);
  for (const auto day : setup.holidays) surroundings += model::to_string(day);
  surroundings += pipeline::encode(setup.schedule);
  for (const auto& capture : setup.unread_captures) surroundings += "/" + capture;
  world->unread_captures = setup.unread_captures;
  world->version = pipeline::stable_hash(surroundings);
  for (const auto& [id, person] : description.people) {
    world->people.emplace(id.get(), person);
    if (!person.human) world->integration_users.push_back(id.get());
  }
  return world;
}

// Rule files and map as they are used from now on: what is not kept dated cannot be replayed.
store::KeptRow rules_as_used(const std::vector<rules::Source>& sources, const ConnectionSetup& setup,
                             model::Instant now) {
  std::string body;
  for (const auto& source : sources) body += "# " + source.path + "\n" + source.text + "\n";
  for (const auto& [object, name] : setup.names.objects) body += "# map " + object + ": " + name + "\n";
  for (const auto& [object, fields] : setup.names.fields)
    for (const auto& [field, name] : fields) body += "# map " + object + "." + field + ": " + name + "\n";
  for (const auto& [object, pipelines] : setup.names.milestones)
    for (const auto& [pipeline, milestones] : pipelines)
      for (const auto& [milestone, stages] : milestones)
        for (const auto& stage : stages)
          body += "# milestone " + object + "." + pipeline + "." + milestone + ": " + stage + "\n";
  return {setup.name, "rules", std::to_string(pipeline::stable_hash(body)), now, body};
}

// The day each rule went live on this connection; a rule seen for the first time goes live today.
void live_days(pipeline::Context& context, store::KeptRow rules, const store::Snapshot& snapshot,
               store::UnitOfWork& unit, model::Instant now) {
  for (const auto& rule : context.rules->rules) {
    const auto key = pipeline::rule_key(rule);
    const auto name = "live since: " + context.connection + " " + key;
    if (const auto known = snapshot.metadata(name)) {
      if (const auto day = model::parse_day(*known)) context.live_since.emplace(key, *day);
      continue;
    }
    const auto today = context.world->calendar.today(now);
    context.live_since.emplace(key, today);
    unit.metadata.emplace_back(name, model::to_string(today));
  }
  unit.kept.push_back(std::move(rules));  // stored where it differs from the newest
}

}  // namespace

rules::Binding binding_of(const ConnectionSetup& setup) {
  rules::Binding b;
  b.connection = setup.name;
  b.names = setup.names;
  b.meetings = setup.meetings;
  return b;
}

BuiltContext build_context(const std::vector<rules::Source>& sources, const ConnectionSetup& setup,
                           const model::Description& description, store::Store& store, bool remember,
                           model::Instant now) {
  auto b = binding_of(setup);
  b.description = description;
  auto loaded = rules::load(sources, b);
  BuiltContext built;
  built.diagnostics = std::move(loaded.diagnostics);
  if (loaded.now) {
    built.diagnostics.push_back(
        {model::Severity::error,
         "now-in-daemon",
         "`now:` fixes the time of a benchmark; the daemon works with the real one: remove the line",
         {},
         {}});
    return built;
  }
  if (!loaded.rules) return built;
  auto context = std::make_shared<pipeline::Context>();
  context->connection = setup.name;
  context->rules = loaded.rules;
  context->world = make_world(setup, description, *loaded.rules);
  context->options = setup.hall;
  context->options.integration_user = description.signed_in.get();
  context->dictionary = &store.dictionary();
  context->hooks = setup.hooks;
  std::set<std::string> zones;
  for (const auto& [id, person] : context->world->people)
    if (!person.zone.empty() && zones.insert(person.zone).second && calendar::is_zone(person.zone))
      context->zones.emplace(person.zone, calendar::load_zone(person.zone));
  for (const auto& [object, plan] : context->rules->objects) {
    auto& numbers = context->fields[object];
    for (const auto& slot : plan.slots) numbers.push_back(store.dictionary().field(setup.name, object, slot.crm_name));
  }
  lay_out_surroundings(*context, setup, description);
  context->read_description = description_from_json;
  const auto reader = store.open_reader();
  const auto snapshot = reader->snapshot();
  const auto& zone = !setup.zone.empty() ? setup.zone : description.zone;
  context->meetings = meeting_periods(*snapshot, setup.name, setup.schedule, zone, now);
  store::UnitOfWork unit;
  unit.epoch = store.epoch();
  live_days(*context, rules_as_used(sources, setup, now), *snapshot, unit, now);
  unit.kept.push_back(kept_meetings(setup.name, setup.schedule, now));
  if (remember) store.apply(std::move(unit), [](store::Applied) {});
  built.context = std::move(context);
  return built;
}

ObjectNames objects_of(const std::vector<rules::Source>& sources, const ConnectionSetup& setup) {
  ObjectNames names;
  const auto loaded = rules::load(sources, binding_of(setup));
  if (!loaded.rules) return names;
  bool activities = false;
  std::vector<std::string> kin;
  for (const auto& [object, plan] : loaded.rules->objects) {
    const bool judged = !plan.only_beside();
    (judged ? names.judged : names.beside).push_back(plan.crm_object);
    activities = activities || (judged && pipeline::reads_sources(plan));
    if (!judged || !setup.around) continue;
    for (const auto who : {connectors::Kin::contacts, connectors::Kin::account}) {
      const bool asked = who == connectors::Kin::contacts ? plan.activities_on_contacts : plan.activities_on_account;
      const auto way = asked ? setup.around->kin(plan.crm_object, who) : std::nullopt;
      if (way && !way->object.empty()) kin.push_back(way->object);
    }
  }
  if (!activities || !setup.around) return names;
  for (const auto& name : setup.activity_sources)
    if (const auto* source = setup.around->source(name)) kin.push_back(source->object);
  const auto named = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (const auto& object : kin)
    if (!named(names.judged, object) && !named(names.beside, object)) names.beside.push_back(object);
  return names;
}

}  // namespace coachd::app
