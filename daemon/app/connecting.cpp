#include "daemon/app/connecting.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "connectors/connector.hpp"
#include "connectors/hubspot/hooks.hpp"
#include "connectors/hubspot/hubspot.hpp"
#include "connectors/net/http.hpp"
#include "connectors/salesforce/salesforce.hpp"
#include "connectors/surroundings.hpp"
#include "daemon/settings/settings.hpp"
#include "rules/loader/loader.hpp"
#include "rules/model/description.hpp"

namespace coachd::app {
namespace {

std::unique_ptr<connectors::Connector> salesforce_connector(const boost::asio::any_io_executor& executor,
                                                            net::Client& client, const settings::Connection& connection,
                                                            std::string secret) {
  salesforce::Options options;
  options.login = connection.login;
  options.client_id = connection.auth.client_id;
  options.client_secret = std::move(secret);
  options.organisation = connection.organisation;
  options.budget.share = connection.api.share;
  if (!connection.api.version.empty()) options.api_version = connection.api.version;
  return salesforce::make_salesforce(executor, client, std::move(options));
}

std::unique_ptr<connectors::Connector> hubspot_connector(const boost::asio::any_io_executor& executor,
                                                         net::Client& client, const settings::Connection& connection,
                                                         std::string token) {
  hubspot::Options options;
  options.host = address_of(connection);
  options.token = std::move(token);
  options.portal = connection.organisation;
  options.budget.share = connection.api.share;
  if (!connection.api.version.empty()) options.api_version = connection.api.version;
  return hubspot::make_hubspot(executor, client, std::move(options));
}

}  // namespace

Connected make_connector(const boost::asio::any_io_executor& executor, const settings::Connection& connection) {
  const bool hubspot = connection.crm == "hubspot";
  const auto secret =
      hubspot ? settings::resolve_secret(connection.auth.token, "token of " + connection.name)
              : settings::resolve_secret(connection.auth.client_secret, "client_secret of " + connection.name);
  if (!secret.value) return {std::nullopt, secret.problem};
  net::ClientOptions options;
  options.ca_file = connection.api.ca;
  options.user_agent = "coachd/" COACHD_VERSION;
  Connecting out;
  out.client = net::make_client(executor, std::move(options));
  out.connector = hubspot ? hubspot_connector(executor, *out.client, connection, *secret.value)
                          : salesforce_connector(executor, *out.client, connection, *secret.value);
  return {std::move(out), {}};
}

std::string address_of(const settings::Connection& connection) {
  if (connection.crm == "hubspot") return connection.api.host.empty() ? "https://api.hubapi.com" : connection.api.host;
  return connection.login;
}

std::string wrong_organisation(const std::string& bound, const model::Description& answered) {
  constexpr std::size_t told_apart = 15;  // Salesforce writes the same id with 15 or 18 characters
  if (bound.empty() || bound.substr(0, told_apart) == answered.organisation.substr(0, told_apart)) return {};
  return "this is organisation " + answered.organisation + ", but coachd.yaml binds the connection to " + bound;
}

MadeHooks make_hooks(const settings::Connection& connection, double rate) {
  if (connection.crm != "hubspot" || !connection.webhook_secret) return {};
  const auto secret = settings::resolve_secret(connection.webhook_secret, "webhooks secret of " + connection.name);
  if (!secret.value) return {nullptr, secret.problem};
  hubspot::HooksOptions options{.secret = *secret.value, .portal = connection.organisation};
  const auto at_rate = [rate](std::chrono::seconds s) {
    return std::chrono::seconds(static_cast<std::int64_t>(static_cast<double>(s.count()) * std::max(rate, 1.0)));
  };
  options.oldest = at_rate(options.oldest);
  options.furthest_ahead = at_rate(options.furthest_ahead);
  return {hubspot::make_hooks(std::move(options)), {}};
}

std::shared_ptr<const connectors::Surroundings> make_surroundings(const settings::Connection& connection) {
  return connection.crm == "hubspot" ? hubspot::make_surroundings() : salesforce::make_surroundings();
}

rules::NameMap default_names(const settings::Connection& connection) {
  auto names = connection.crm == "hubspot" ? hubspot::default_names() : salesforce::default_names();
  return {std::move(names.objects), std::move(names.fields), {}};
}

}  // namespace coachd::app
