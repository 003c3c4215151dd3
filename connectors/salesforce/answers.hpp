// What Salesforce's refusals mean: status, body (array, object, HTML or nothing) and headers become one CrmError.
// Our sentence names only Salesforce's error codes; its own words go to `detail`. Pure functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::salesforce {

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
/// Of the network: nothing was answered. `write`: see above.
[[nodiscard]] model::CrmError from_network(const net::Error& error, bool write);
/// An answer that is not what it should be.
[[nodiscard]] model::CrmError unreadable(std::string_view what, bool write);

/// True where the sentence names this error code (codes are capital letters and underscores, so none is part of a
/// word).
[[nodiscard]] bool has_code(const model::CrmError& error, std::string_view code);
/// The code that stands for an answer above the size cap, as if Salesforce had said it.
inline constexpr std::string_view too_large_code = "ANSWER_TOO_LARGE";

}  // namespace coachd::salesforce
