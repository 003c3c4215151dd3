// What every stage of the hall works with for one connection: its rules, world and options, and the numbers of its
// fields. Immutable; swapped whole at reload, between two steps of the hall.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/surroundings.hpp"
#include "daemon/coaching/budget.hpp"
#include "daemon/coaching/windows.hpp"
#include "daemon/pipeline/beside.hpp"
#include "daemon/pipeline/codec.hpp"
#include "daemon/pipeline/meetings.hpp"
#include "daemon/store/store.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/description.hpp"

namespace coachd::pipeline {

struct HallOptions {
  bool live = false;                  ///< false: observe, nothing is written to the CRM
  std::vector<std::string> live_for;  ///< e-mails that may be written to; empty: everyone
  std::string carrier = "task";
  std::chrono::seconds own_list{24 * 3600};  ///< how long a finding stands in the person's own list first
  coaching::NoiseBudget budget;
  coaching::DeliveryHours hours;
  std::size_t write_batch = 25;
  std::chrono::minutes doubt{5};        ///< a lost answer is looked up once it is this old
  std::string integration_user;         ///< person id that coachd signs in as
  std::chrono::minutes trails_wait{0};  ///< so long a study waits for the trails of its day; 0: nobody reads any
};

struct Context {
  std::string connection;
  std::shared_ptr<const rules::RuleSet> rules;
  std::shared_ptr<const rules::World> world;
  HallOptions options;
  std::map<std::string, calendar::Zone, std::less<>> zones;             ///< of people, by IANA name
  std::map<std::string, std::vector<FieldNumber>, std::less<>> fields;  ///< object -> field number of each slot
  std::map<std::string, model::Day, std::less<>> live_since;            ///< rule key -> the day it went live
  store::Dictionary* dictionary = nullptr;                              ///< outlives the context
  std::shared_ptr<const connectors::Hooks> hooks;                       ///< what deliveries mean; null: no webhooks
  std::shared_ptr<const connectors::Surroundings>
      around;                                         ///< what activities mean; null: nothing is read beside records
  std::map<std::string, Beside, std::less<>> beside;  ///< by canonical object: read beside others
  std::map<std::string, Surrounded, std::less<>> surrounded;  ///< by canonical object: has something beside it
  std::vector<MeetingPeriod> meetings;                        ///< of the configuration
  /// Reads a kept description of the CRM; may be empty: then what changed in the CRM is not told.
  std::function<std::optional<model::Description>(const std::string&)> read_description;

  [[nodiscard]] std::vector<FieldNumber> read_fields(std::uint32_t read_set) const {
    return dictionary->fields_of_set(read_set);
  }

  [[nodiscard]] const calendar::Zone& zone_of(const model::Person& person) const {
    const auto it = zones.find(person.zone);
    return it != zones.end() ? it->second : world->calendar.zone();
  }
};

/// `workflow/id`: the name of a rule over all workflows.
[[nodiscard]] inline std::string rule_key(const rules::RuleInfo& rule) {
  return rule.workflow + "/" + rule.id.get();
}

/// The canonical name of one of the CRM's objects; nothing where no rule is about it.
[[nodiscard]] inline std::optional<std::string> canonical_object(const rules::RuleSet& rules,
                                                                 const std::string& crm_name) {
  for (const auto& [object, plan] : rules.objects)
    if (plan.crm_object == crm_name) return object;
  return std::nullopt;
}

/// Index of the rule behind a key; nothing where the rules no longer have it.
[[nodiscard]] inline std::optional<std::uint32_t> find_rule(const rules::RuleSet& rules, const std::string& key) {
  for (std::uint32_t i = 0; i < rules.rules.size(); ++i)
    if (rule_key(rules.rules[i]) == key) return i;
  return std::nullopt;
}

}  // namespace coachd::pipeline
