// From what coachd.yaml says about a connection to the connector that serves it: the one place that knows which CRMs
// there are. Nothing is sent before the connector's first call. Thread rule: as the connector's.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "connectors/surroundings.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"

namespace coachd::app {

/// `client` goes after `connector`, which uses it.
struct Connecting {
  std::unique_ptr<net::Client> client;
  std::unique_ptr<connectors::Connector> connector;
};

/// The connector, or one sentence that says what is missing and where (never a secret).
struct Connected {
  std::optional<Connecting> value;
  std::string problem;
};

/// Reads the connection's secrets and certificates (blocks for files). Throws std::runtime_error with a clear sentence
/// when a certificate file cannot be used.
[[nodiscard]] Connected make_connector(const boost::asio::any_io_executor& executor,
                                       const settings::Connection& connection);

/// What the connection's webhooks mean; null where it has none, and then `problem` says why where something is wrong.
/// `rate`: of a test clock, on which a delivery ages that much faster than its way takes.
struct MadeHooks {
  std::shared_ptr<const connectors::Hooks> value;
  std::string problem;
};
[[nodiscard]] MadeHooks make_hooks(const settings::Connection& connection, double rate = 1);

/// Where the connection's CRM is called: the sign-in address of Salesforce, the API's of HubSpot.
[[nodiscard]] std::string address_of(const settings::Connection& connection);

/// One sentence where the CRM that answered is not the organisation that the connection is bound to; empty: it is, or
/// it is bound to none.
[[nodiscard]] std::string wrong_organisation(const std::string& bound, const model::Description& answered);

/// What activities are at this CRM, and which records belong to which.
[[nodiscard]] std::shared_ptr<const connectors::Surroundings> make_surroundings(const settings::Connection& connection);

/// Canonical names and the CRM's own, before `map:` overrides them.
[[nodiscard]] rules::NameMap default_names(const settings::Connection& connection);

}  // namespace coachd::app
