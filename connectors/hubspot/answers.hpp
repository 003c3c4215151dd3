// What HubSpot's refusals mean: status, body (JSON, HTML or nothing) and headers become one CrmError. Our sentence
// names only HubSpot's category and codes; its own words go to `detail`. Pure functions.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <optional>
#include <string_view>

#include "connectors/net/http.hpp"
#include "rules/model/error.hpp"

namespace coachd::hubspot {

/// What else a refusal means for calls that follow.
struct Refusal {
  model::CrmError error;
  bool daily = false;   ///< the day's calls are used up: nothing helps before the account's midnight
  bool burst = false;   ///< too many calls in 10 s: every call waits as long as error.retry_after_us
  bool search = false;  ///< too many searches in a second: only searches wait
};

/// Of an answer with a status from 300. `write`: whether something may have been written. `until_midnight`: of the
/// account, for the daily limit; nothing where its zone is not known yet.
[[nodiscard]] Refusal read_refusal(const net::Response& answer, bool write,
                                   std::optional<std::chrono::seconds> until_midnight);
/// Of one entry of a batch's `errors`.
[[nodiscard]] model::CrmError read_item_error(const boost::json::object& error);
/// True where an entry of `errors` says that the record does not exist.
[[nodiscard]] bool is_not_found(const boost::json::object& error);
/// True where the token is good and may not see what was asked for: a scope or a product is missing, or it is not
/// there.
[[nodiscard]] bool is_hidden(const model::CrmError& error);
/// An answer that is not what it should be.
[[nodiscard]] model::CrmError unreadable(std::string_view what, bool write);
/// JSON by its Content-Type: an edge's HTML is never parsed.
[[nodiscard]] bool is_json(const net::Response& answer);

}  // namespace coachd::hubspot
