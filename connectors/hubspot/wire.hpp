// Every request that the connector can send stands in one table, with its path in each version of the API (the version
// has no fixed place in it); the session sends nothing else. This is where "nothing but prompts is written" is held:
// every writing row names tasks in its path, and its body only the properties that a prompt has; but for the two by
// which a retired field is hidden and archived, whose body can say nothing but `hidden`. Pure functions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace coachd::hubspot {

enum class Op : std::uint8_t {
  account,            ///< what account this is
  logins,             ///< who signed in
  security,           ///< who did what an admin should know of, exports among it
  owners,             ///< people
  properties,         ///< {object}: fields
  pipelines,          ///< {object}
  schema,             ///< {custom object}: what a new record of it must have
  list,               ///< {object}: records by id
  batch_read,         ///< {object}: records of ids
  search,             ///< {object}: ids by time of change
  associations_read,  ///< {from} {to}
  task_create,
  task_update,
  task_archive,
  property,          ///< {object} {property}: one field
  property_show,     ///< {object} {property}: hidden or shown, nothing else
  property_archive,  ///< {object} {property}
};

struct Route {
  Op op{};
  std::string_view method;
  std::string_view v3;     ///< `{}` a name or an id, in the order of Op's braces
  std::string_view dated;  ///< `{v}` the version, 2026-03 or later
  bool writes = false;
};

[[nodiscard]] std::span<const Route> routes();
[[nodiscard]] const Route& route_of(Op op);

/// The path of that version with its parts filled in. REQUIRES: parts are names or ids (see is_part).
[[nodiscard]] std::string path_of(Op op, std::string_view version, std::initializer_list<std::string_view> parts);
/// Lower-case letters, digits, `_` and `-`: an object's name, a record's id.
[[nodiscard]] bool is_part(std::string_view text) noexcept;
/// Whether it names a custom object: `2-123456`, `p62515_car`, `p_car`; HubSpot's own have words or `0-3`.
[[nodiscard]] bool is_custom_object(std::string_view name) noexcept;
/// Decimal digits: an id.
[[nodiscard]] bool is_id(std::string_view text) noexcept;
/// A property's name: letters, digits and underscores.
[[nodiscard]] bool is_property(std::string_view text) noexcept;

/// The route that allows this request, or null. `target` is path and query. Writing rows: no query, and a body that
/// consists of tasks' own properties and links alone, or of `hidden` alone.
[[nodiscard]] const Route* permitted(std::string_view method, std::string_view target, std::string_view body);

}  // namespace coachd::hubspot
