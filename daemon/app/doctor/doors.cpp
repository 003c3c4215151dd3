#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <string>

#include "daemon/app/doctor/doctor.hpp"
#include "daemon/app/doors.hpp"
#include "daemon/settings/settings.hpp"

namespace coachd::app {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

boost::system::error_code try_to_listen(const settings::Address& address) {
  asio::io_context io(1);
  boost::system::error_code error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
  if (error) return error;
  tcp::acceptor acceptor(io);
  const auto endpoint = found.begin()->endpoint();
  static_cast<void>(acceptor.open(endpoint.protocol(), error));
  if (!error) static_cast<void>(acceptor.set_option(tcp::acceptor::reuse_address(true), error));
  if (!error) static_cast<void>(acceptor.bind(endpoint, error));
  if (!error) static_cast<void>(acceptor.listen(1, error));
  return error;
}

void door(const std::string& name, const settings::Address& address, bool daemon_runs, Findings& out) {
  if (address.port == 0) return;  // any port that is free
  const auto at = address.host + ":" + std::to_string(address.port);
  const auto error = try_to_listen(address);
  if (!error) {
    if (daemon_runs)
      out.warning("doors", "nobody listens on " + at + " (" + name + ") although coachd runs",
                  "restart it: a changed address is taken at the start only");
    else
      out.ok("doors", at + " (" + name + ") is free");
  } else if (error == asio::error::address_in_use) {
    if (daemon_runs)
      out.ok("doors", at + " (" + name + ") is in use, and coachd runs");
    else
      out.failure("doors", "another program listens on " + at + " (" + name + ")",
                  "stop it, or choose another port under `listen:`");
  } else if (error == asio::error::access_denied) {
    out.failure("doors", at + " (" + name + ") cannot be used: " + error.message(),
                "ports below 1024 need CAP_NET_BIND_SERVICE: see coachd.service.d/credentials.conf.example");
  } else {
    out.failure("doors", at + " (" + name + ") cannot be used: " + error.message(),
                "name an address of this machine under `listen:`");
  }
}

}  // namespace

void examine_doors(const settings::Settings& settings, bool daemon_runs, Findings& out) {
  const auto& listen = settings.listen;
  door("admin", listen.admin.value_or(default_admin), daemon_runs, out);
  if (!listen.webhooks) return;
  door("webhooks", *listen.webhooks, daemon_runs, out);
  if (listen.public_url.starts_with("https://"))
    out.ok("doors", "the CRM calls " + listen.public_url);
  else
    out.failure("doors", "`public_url` is not https: no CRM delivers to " + listen.public_url,
                "name the https address under which the webhook door is reached from outside");
}

}  // namespace coachd::app
