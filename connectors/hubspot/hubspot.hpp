// The HubSpot connector: REST behind the seam of connector.hpp. A static token; first load by list, then changes by
// search in a window behind the CRM's clock and batch read of what it names; history comes with each record; prompts
// are tasks and nothing else is written.
// Thread rule: one connector, its executor and its HTTP client belong to one single-threaded io_context.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "connectors/connector.hpp"
#include "connectors/net/budget.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/retry.hpp"
#include "connectors/surroundings.hpp"

namespace coachd::hubspot {

struct Options {
  std::string host = "https://api.hubapi.com";  ///< a region's own where there is one; `http://` only on loopback
  std::string token;                            ///< of a private app or service key
  std::string portal;                           ///< account id that must be found there; "" = any
  std::string api_version = "2026-03";          ///< `v3`, `2026-03` or `2026-09`: the rows of the path table
  std::chrono::seconds overlap{600};            ///< how far each poll looks back: the search index lags
  std::chrono::seconds far_overlap{26 * 3600};  ///< how far one poll in `far_every` does: an index that stood still
  std::chrono::seconds far_every{24 * 3600};    ///< it costs a day's changes, read once more
  std::chrono::seconds lag{1};                  ///< how far behind the CRM's clock a poll ends
  std::size_t page = 500;                       ///< records a page of the first load, at most
  std::size_t list = 50;                        ///< records a call of it (50 is the most with history)
  std::size_t parallel = 4;                     ///< batch reads at the same time
  /// Deleted records are only seen by listing all that are in the recycle bin: not more often than this.
  std::chrono::seconds deletes_every{600};
  /// That a prompt was deleted is only seen by asking for it: not more often than this.
  std::chrono::seconds known_every{300};
  std::chrono::milliseconds search_every{1000};  ///< 5 a second are shared by every app of the account
  std::size_t burst = 190;                       ///< calls in 10 s that the account grants, until it tells itself
  net::RetryPolicy retry{.attempts = 4, .total = std::chrono::milliseconds{60'000}};
  net::BudgetOptions budget;  ///< its share counts for the day and for 10 s; 1.0 lifts both: only the CRM says stop
  std::uint32_t seed = 1;     ///< of the jitter
};

[[nodiscard]] connectors::Names default_names();
[[nodiscard]] std::shared_ptr<const connectors::Surroundings> make_surroundings();

/// `client` is not owned and must outlive the connector. Nothing is sent before the first call.
/// Errors of its calls carry HubSpot's own texts only in CrmError::detail; `auth` means that a person must act (wrong
/// or ended token, a scope that is missing, another account). Persons are owner ids; what names a user is translated.
/// HubSpot does not tell who a token is: `Description::signed_in` is `app_person`, which no owner is; what an app
/// writes has no author.
[[nodiscard]] std::unique_ptr<connectors::Connector> make_hubspot(const boost::asio::any_io_executor& executor,
                                                                  net::Client& client, Options options);

inline constexpr const char* app_person = "app";

}  // namespace coachd::hubspot
