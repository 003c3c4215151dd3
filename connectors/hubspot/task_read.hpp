// coachd's tasks as HubSpot has them now, and which records they are linked with. Inner header of hubspot/.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/hubspot/catalog.hpp"
#include "connectors/hubspot/session.hpp"

namespace coachd::hubspot {

struct TaskRead {
  std::vector<std::string> ids;  ///< any number
  bool archived = false;
  bool by_key = false;  ///< `ids` are full keys of prompts
};
/// Tasks that end with a short key or bear the key; others, and what is not there, are left out. `record` is empty.
/// Where tasks have no time of change of their own, `modified` is that of the record itself.
[[nodiscard]] Task<std::vector<connectors::FoundPrompt>> read_tasks(Session& session, Catalog& catalog, TaskRead read);

/// The other end of an association.
struct Link {
  std::string id;
  bool primary = false;  ///< of a record's companies the one that it belongs to
};
/// Links of records of one kind with those of another: by the id of `from`, those of `to`. Any number of ids.
using Links = std::map<std::string, std::vector<Link>>;
[[nodiscard]] Task<Links> read_links(Session& session, std::string from, std::string to, std::vector<std::string> ids);

}  // namespace coachd::hubspot
