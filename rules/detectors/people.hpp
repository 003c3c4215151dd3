// Who a record belongs to and who somebody is, as detectors ask it. Pure functions of the view and the world.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "rules/conditions/view.hpp"

namespace coachd::rules {

/// The id or name that stands as owner; "" where there is none.
[[nodiscard]] std::string_view owner_of(const View& v);
/// A person of the company, as far as is known: false for queues, bots, integration users and those who left. Where a
/// world knows no people (an export) everybody is one.
[[nodiscard]] bool is_person(const World& world, std::string_view id);
/// The job of a person; "" where unknown.
[[nodiscard]] std::string_view job_of(const World& world, std::string_view id);
/// Those with whom a person is compared: team, else manager; "" where neither is known.
[[nodiscard]] std::string_view team_of(const World& world, std::string_view id);
/// True where the field holds something real on this record.
[[nodiscard]] bool is_real(const View& v, Slot slot, StateId state);
/// True where one of the fields was not read with the record: it is not blank, and what rests on it cannot be told.
[[nodiscard]] bool any_unread(const View& v, std::initializer_list<Slot> slots);
/// The text of a value, "" where it is none.
[[nodiscard]] std::string_view text_of(const View& v, Slot slot);
/// The same of any value: an id that is written in figures only is a number in an export.
[[nodiscard]] std::string id_of(const View& v, Slot slot);
/// The moment of a date or datetime; nothing where it is none.
[[nodiscard]] std::optional<model::Instant> moment_of(const View& v, Slot slot);

}  // namespace coachd::rules
