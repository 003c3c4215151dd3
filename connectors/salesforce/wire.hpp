// Every request that the connector can send stands in one table; the session sends nothing else. This is where "nothing
// but prompts is written" is held: writes go to collections of Task records only. Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace coachd::salesforce {

struct Route {
  std::string_view method;
  std::string_view pattern;  ///< `{v}` an API version, `{object}` an object's name or a record type's id; the query is
                             ///< not part of it
  bool writes = false;       ///< only tasks: body and ids are looked at
};

[[nodiscard]] std::span<const Route> routes();

/// The route that allows this request, or null. `target` is path and query. A writing request must name tasks only:
/// each record of its body has the type Task (and where it has an id, a task's), each of its `ids` is a task's.
[[nodiscard]] const Route* permitted(std::string_view method, std::string_view target, std::string_view body);

}  // namespace coachd::salesforce
