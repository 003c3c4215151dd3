#include "rules/detectors/people.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "rules/conditions/case.hpp"
#include "rules/conditions/frame.hpp"
#include "rules/conditions/view.hpp"
#include "rules/conditions/world.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::rules {

std::string_view text_of(const View& v, Slot slot) {
  const model::Value value = v.value(slot);
  return value.kind() == model::Value::Kind::text ? value.as_text() : std::string_view{};
}

std::string id_of(const View& v, Slot slot) {
  return model::to_string(v.value(slot));
}

std::string_view owner_of(const View& v) {
  return text_of(v, v.frame().owner);
}

bool is_person(const World& world, std::string_view id) {
  if (id.empty()) return false;
  const auto& machines = world.integration_users;
  if (std::find(machines.begin(), machines.end(), id) != machines.end()) return false;
  if (world.people.empty()) return true;
  const model::Person* p = world.person(id);
  return p != nullptr && p->active && p->human;
}

std::string_view job_of(const World& world, std::string_view id) {
  const model::Person* p = world.person(id);
  return p == nullptr ? std::string_view{} : std::string_view(p->job);
}

std::string_view team_of(const World& world, std::string_view id) {
  const model::Person* p = world.person(id);
  if (p == nullptr) return {};
  return p->team.empty() ? std::string_view(p->manager.get()) : std::string_view(p->team);
}

bool is_real(const View& v, Slot slot, StateId state) {
  return slot != no_slot && v.state(state) == TextState::real;
}

bool any_unread(const View& v, std::initializer_list<Slot> slots) {
  return std::any_of(slots.begin(), slots.end(), [&](Slot s) { return s != no_slot && v.value(s).is_unread(); });
}

std::optional<model::Instant> moment_of(const View& v, Slot slot) {
  const model::Value value = v.value(slot);
  if (value.kind() == model::Value::Kind::instant) return value.as_instant();
  if (value.kind() == model::Value::Kind::day) return v.world().calendar.zone().start_of(value.as_day());
  return std::nullopt;
}

}  // namespace coachd::rules
