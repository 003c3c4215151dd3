#include "daemon/app/retirement.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "connectors/salesforce/field_package.hpp"
#include "daemon/app/acting.hpp"
#include "daemon/app/description_json.hpp"
#include "daemon/app/retire_door.hpp"
#include "daemon/app/state_records.hpp"
#include "daemon/app/state_view.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/retiring.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/cards/retirement.hpp"
#include "rules/conditions/case.hpp"
#include "rules/engine/compiled.hpp"
#include "rules/engine/retirement.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"
#include "rules/text/text.hpp"

namespace coachd::app {
namespace {

std::string day(model::Instant at) {
  return model::to_string(std::chrono::floor<std::chrono::days>(at));
}

std::string share(std::int64_t part, std::int64_t whole) {
  const auto text = std::to_string(part) + " of " + std::to_string(whole) + " records";
  return part == 0 || whole == 0 ? text : text + " (" + std::to_string((part * 100 + whole / 2) / whole) + " %)";
}

std::optional<model::Description> description_of(StateView& state, const std::string& connection) {
  const auto kept = state.look()->newest(connection, "description");
  return kept ? description_from_json(kept->body) : std::nullopt;
}

}  // namespace

std::vector<RetirementOfField> retirement(StateView& state, const std::string& connection, const std::string& field) {
  std::vector<RetirementOfField> out;
  study_cards<rules::RetirementStudy>(
      state, connection, field,
      [&](const auto& name, const auto& object, const auto& workflow, rules::FieldRetirement found) {
        out.push_back({name, object, workflow, std::move(found)});
      });
  return out;
}

std::string evidence_sentence(const RetirementOfField& r) {
  const auto& u = r.field.use;
  std::string out = "\"" + r.field.label + "\" has a real value on " + share(u.real, u.records);
  if (u.last_by_person)
    out += "; a person last set it on " + day(*u.last_by_person);
  else if (!u.use_untold)
    out += "; no person is known to have ever set it";
  if (u.twin)
    out += "; \"" + u.twin->label + "\" says the same on " + std::to_string(u.twin->same) + " of " +
           std::to_string(u.twin->of) + " of them";
  return out + ".";
}

std::string why_no_candidate(const RetirementOfField& r) {
  using V = rules::FieldUse::Verdict;
  const auto& u = r.field.use;
  if (r.field.candidate()) return {};
  if (r.field.kept) return "its card says `keep:`";
  if (!r.field.wanted) return "its card has no `retire:`";
  if (u.verdict == V::in_use) return "it is in use: real on " + share(u.real, u.records);
  return u.records < rules::FieldUse::enough ? "there are fewer than 30 records to judge by"
                                             : "its history does not reach back far enough to tell";
}

std::vector<FieldAt> fields_called(StateView& state, const std::string& connection, const std::string& field) {
  std::map<std::tuple<std::string, std::string, std::string>, FieldAt> found;
  for (const auto& [name, settings] : state.settings().connections) {
    if (!connection.empty() && connection != name) continue;
    for (const auto& [key, r] : pipeline::read_retirements(*state.look(), name))
      if (text::same(r.field, field) || text::same(r.crm_field, field) || text::same(key, field))
        found[{name, r.object, r.field}] = {name, r.object, r.field, r.crm_object, r.crm_field, false};
    const auto* context = state.context(name);
    if (context == nullptr) continue;
    for (const auto& [object, plan] : context->rules->objects) {
      // `opportunity.legacy_score` says which object is meant.
      const auto prefix = object + ".";
      const auto wanted = field.starts_with(prefix) ? field.substr(prefix.size()) : field;
      for (const auto& card : rules::cards_about(*context->rules, plan, wanted))
        found[{name, object, card.card->field}] = {
            name, object, card.card->field, plan.crm_object, plan.slots[card.card->slot].crm_name, true};
    }
  }
  std::vector<FieldAt> out;
  for (auto& [key, at] : found) out.push_back(std::move(at));
  return out;
}

std::map<std::string, pipeline::Retirements> retirements(StateView& state, const std::string& connection) {
  std::map<std::string, pipeline::Retirements> out;
  const auto snapshot = state.look();
  for (const auto& [name, settings] : state.settings().connections)
    if (connection.empty() || connection == name) out.emplace(name, pipeline::read_retirements(*snapshot, name));
  return out;
}

FieldValues each_value(
    StateView& state, const FieldAt& field,
    const std::function<void(std::string_view record, const std::string& value, const std::string& last_change)>& see) {
  const auto* context = state.context(field.connection);
  const auto* plan = context ? context->rules->plan(field.object) : nullptr;
  const auto slot = plan && field.card ? plan->find(field.field) : std::nullopt;
  if (!slot)
    throw std::runtime_error("no card that is on at " + field.connection + " is about " + field.object + "." +
                             field.field + ", so coachd does not read its values");
  FieldValues out;
  std::uint64_t digest = 0;
  const auto snapshot = state.look();
  each_record(*context, *snapshot, *plan, [&](const rules::Case& c) {
    const auto& value = c.value(*slot);
    if (value.is_unread()) ++out.unread;
    if (value.is_unread() || value.is_blank()) return;
    ++out.values;
    const auto written = model::to_string(value);
    // Unit separators keep ("ab", "c") and ("a", "bc") apart.
    digest = pipeline::stable_hash(std::string(c.id) + '\x1f' + written, digest);
    const auto* past = c.history(*slot);
    see(c.id, written, past && !past->changes.empty() ? model::to_string(past->changes.back().at) : std::string());
  });
  out.digest = std::to_string(digest) + "-" + std::to_string(out.values);
  return out;
}

std::vector<UnnamedFields> unnamed_fields(StateView& state, const std::string& connection) {
  std::vector<UnnamedFields> out;
  for (const auto& [name, settings] : state.settings().connections) {
    const auto* context = connection.empty() || connection == name ? state.context(name) : nullptr;
    const auto description = context ? description_of(state, name) : std::nullopt;
    if (!description) continue;
    for (const auto& [object, plan] : context->rules->objects) {
      const auto known = description->objects.find(plan.crm_object);
      if (plan.only_beside() || known == description->objects.end()) continue;
      std::set<std::string> named;
      for (const auto& slot : plan.slots) named.insert(slot.crm_name);
      UnnamedFields unnamed{name, object, {}};
      for (const auto& f : known->second.fields)
        if (!named.contains(f.name)) unnamed.fields.push_back(f.name);
      std::sort(unnamed.fields.begin(), unnamed.fields.end());
      if (!unnamed.fields.empty()) out.push_back(std::move(unnamed));
    }
  }
  return out;
}

bool needs_package(StateView& state, const std::string& connection) {
  return state.settings().connections.at(connection).crm == "salesforce";
}

salesforce::FieldPackage field_package(StateView& state, const FieldAt& field, bool archive,
                                       std::vector<std::string> profiles) {
  const auto description = description_of(state, field.connection);
  const model::FieldDescription* known = nullptr;
  if (description)
    if (const auto object = description->objects.find(field.crm_object); object != description->objects.end())
      known = object->second.find(field.crm_field);
  if (known == nullptr)
    return {{}, field.connection + " describes no field " + field.crm_field + " of " + field.crm_object + " any more"};
  salesforce::FieldPackageWish wish{.object = field.crm_object, .field = *known, .profiles = std::move(profiles)};
  const auto& version = state.settings().connections.at(field.connection).api.version;
  if (!version.empty()) wish.version = version;
  return archive ? salesforce::archive_package(wish) : salesforce::hide_package(wish);
}

pipeline::RetireOutcome ask_for_step(StateView& state, const pipeline::RetireRequest& request) {
  return retire_outcome_from_json(ask_daemon(state.settings(), "/v1/retire", to_json(request)));
}

}  // namespace coachd::app
