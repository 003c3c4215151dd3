// What Salesforce's refusals mean: status, body (array, object, HTML or nothing) and headers become one CrmError.
// Our sentence names only Salesforce's error codes; its own words go to `detail`. Pure functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "connectors/net/failure.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

using net::from_network;
using net::has_code;
using net::too_large_code;

struct Refusal {
  model::CrmError error;
  bool expired = false;        ///< a new sign-in may help: session ended, or the organisation moved
  bool limit_used_up = false;  ///< the organisation's limit of 24 hours: no call helps for a while
};

/// Of a REST answer with a status from 300. `write`: whether something may have been written.
[[nodiscard]] Refusal read_refusal(const net::Response& answer, bool write);
/// Of the token endpoint.
[[nodiscard]] model::CrmError read_sign_in_refusal(const net::Response& answer);
/// Of one item of a collection: its `errors` list (statusCode or errorCode).
[[nodiscard]] model::CrmError read_item_errors(const boost::json::array& errors);
/// An answer that is not what it should be.
[[nodiscard]] model::CrmError unreadable(std::string_view what, bool write);

}  // namespace coachd::salesforce
