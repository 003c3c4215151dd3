// Batch read: records of ids, whatever HubSpot answers where some or all are not there. Inner header of hubspot/.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "connectors/hubspot/json.hpp"
#include "connectors/hubspot/session.hpp"

namespace coachd::hubspot {

struct BatchRead {
  std::string object;
  std::vector<std::string> ids;  ///< at most 100, 50 with history
  std::vector<std::string> properties;
  std::vector<std::string> with_history;
  bool archived = false;    ///< only from the recycle bin
  std::string id_property;  ///< `ids` are values of this unique property; "" = record ids
};

/// One answer. Rows are valid while this object lives, in no order; what is not there is left out.
struct Records {
  Document document;
  std::vector<const boost::json::object*> rows;
};
[[nodiscard]] Task<Records> batch_read(Session& session, BatchRead read);

/// The `results` of a batch or search answer. Corrupt where there are none; an entry of its `errors` that says anything
/// but "not found" fails it.
[[nodiscard]] connectors::Result<Records> read_results(const net::Response& answer);

}  // namespace coachd::hubspot
