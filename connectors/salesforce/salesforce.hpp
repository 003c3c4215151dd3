// The Salesforce connector: REST behind the seam of connector.hpp. Signs in by client credentials, reads all by
// Id first, then by (SystemModstamp, Id), and field history by (CreatedDate, Id), writes prompts as tasks and nothing
// else. Thread rule: one connector, its executor and its HTTP client belong to one single-threaded io_context.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "connectors/connector.hpp"
#include "connectors/net/budget.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/retry.hpp"
#include "connectors/net/token.hpp"
#include "connectors/surroundings.hpp"

namespace coachd::salesforce {

struct Options {
  std::string login;  ///< the org's My Domain, `https://acme.my.salesforce.com`; `http://` only on loopback
  std::string client_id;
  std::string client_secret;
  std::string organisation;  ///< organisation id that must be found there (15 or 18 characters); "" = any
  std::string api_version = "66.0";
  std::chrono::seconds overlap{600};  ///< how far each poll looks back: a slow transaction shows its rows late
  std::chrono::seconds lag{1};        ///< how far behind the CRM's clock a poll ends
  std::size_t page = 2000;            ///< rows a query asks for
  std::vector<std::string> bots;      ///< users that are no people: user names, e-mails or ids
  net::RetryPolicy retry{.attempts = 4, .total = std::chrono::milliseconds{60'000}};
  net::BudgetOptions budget;
  net::TokenPolicy token;
  std::uint32_t seed = 1;  ///< of the jitter
};

using connectors::Names;
[[nodiscard]] Names default_names();
[[nodiscard]] std::shared_ptr<const connectors::Surroundings> make_surroundings();

/// `client` is not owned and must outlive the connector. Nothing is sent before the first call.
/// Errors of its calls carry Salesforce's own texts only in CrmError::detail; `auth` means that a person must act
/// (wrong secret, another organisation, a certificate that does not verify).
[[nodiscard]] std::unique_ptr<connectors::Connector> make_salesforce(const boost::asio::any_io_executor& executor,
                                                                     net::Client& client, Options options);

}  // namespace coachd::salesforce
