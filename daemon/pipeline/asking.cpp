#include "daemon/pipeline/asking.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "rules/conditions/case.hpp"
#include "rules/conditions/world.hpp"
#include "rules/engine/plan.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::pipeline {
namespace {

std::string text_of(const rules::ObjectPlan& plan, rules::Slot slot, const rules::Case& c) {
  if (slot == rules::no_slot || slot >= plan.slots.size()) return {};
  const auto& v = c.value(slot);
  return v.kind() == model::Value::Kind::text ? std::string(v.as_text()) : std::string();
}

struct People {
  const rules::World& world;
  std::string_view signed_in;

  [[nodiscard]] Answerer active(std::string_view id, const char* nobody) const {
    const auto* person = world.person(id);
    if (id.empty() || person == nullptr) return {{}, nobody};
    if (!person->active) return {{}, "owner cannot answer: inactive"};
    if (!person->human || person->id.get() == signed_in) return {{}, "owner cannot answer: no person"};
    return {person->id.get(), {}};
  }

  [[nodiscard]] Answerer by_email(const std::string& email) const {
    for (const auto& [id, person] : world.people)
      if (person.email == email) return active(id, "recipient unknown");
    return {{}, "recipient unknown"};
  }

  [[nodiscard]] bool human(std::string_view author) const {
    const auto* person = world.person(author);
    return person != nullptr && person->human && person->id.get() != signed_in;
  }
};

}  // namespace

Answerer answerer(const rules::World& world, std::string_view signed_in, const rules::ObjectPlan& plan,
                  const rules::RuleInfo& rule, const rules::Case& c) {
  const People people{world, signed_in};
  const auto owner = text_of(plan, plan.owner, c);
  switch (rule.to.kind) {
    case rules::Recipient::Kind::owner: return people.active(owner, "owner cannot answer: unknown");
    case rules::Recipient::Kind::owner_manager: {
      const auto* person = world.person(owner);
      if (person == nullptr || person->manager.empty())
        return {{}, "owner has no manager"};  // held, never sent upwards
      return people.active(person->manager.get(), "owner has no manager");
    }
    case rules::Recipient::Kind::field: {
      const auto slot = plan.find(rule.to.name);
      return people.active(slot ? text_of(plan, *slot, c) : std::string(), "the field names nobody");
    }
    case rules::Recipient::Kind::person: return people.by_email(rule.to.name);
    case rules::Recipient::Kind::definition_owner: return people.by_email(rule.owner);
    case rules::Recipient::Kind::job: return {{}, "nobody of that job is known on the record"};
  }
  return {{}, "recipient unknown"};
}

bool old_record(const rules::World& world, std::string_view signed_in, const rules::ObjectPlan& plan,
                const rules::RuleInfo& rule, const std::optional<model::Day>& live_since, const rules::Case& c) {
  if (rule.old_records_all) return false;
  const auto since = rule.old_records_since ? rule.old_records_since : live_since;
  if (!since) return false;
  const People people{world, signed_in};
  const auto from = world.calendar.zone().start_of(*since);
  if (c.created && *c.created >= from) return false;
  const auto touched = [&](rules::Slot slot) {
    const auto* past = slot == rules::no_slot ? nullptr : c.history(slot);
    return past != nullptr && std::any_of(past->changes.begin(), past->changes.end(), [&](const auto& change) {
             return change.at >= from && people.human(change.author);
           });
  };
  if (touched(plan.stage) || touched(plan.owner) || touched(plan.amount)) return false;
  for (std::size_t i = 0; i < plan.slots.size(); ++i)
    if (plan.slots[i].governed && touched(static_cast<rules::Slot>(i))) return false;
  return std::none_of(c.activities.items.begin(), c.activities.items.end(), [&](const rules::Activity& a) {
    return a.done && a.on == rules::Activity::On::record && a.at >= from && people.human(a.by);
  });
}

}  // namespace coachd::pipeline
