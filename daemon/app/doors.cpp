#include "daemon/app/doors.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "daemon/http/hook_door.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/http/server.hpp"
#include "daemon/log/log.hpp"
#include "daemon/settings/settings.hpp"

namespace coachd::app {
namespace {

http::Tls tls_of(const settings::Listen& listen) {
  if (listen.tls_certificate.empty()) return {};
  const auto key = settings::resolve_secret(listen.tls_key, "key of listen.tls");
  if (!key.value) throw std::runtime_error(key.problem);
  return {listen.tls_certificate, *key.value};
}

}  // namespace

Doors::Doors(boost::asio::any_io_executor executor, const settings::Listen& listen, http::Routes routes,
             DoorServices services)
    : refusals_([&log = services.log](std::string_view reason, int status, std::uint64_t times) {
        log.warning("a request was refused",
                    {{"reason", log::Sentence(std::string(reason))}, {"status", status}, {"times", times}});
      }) {
  if (!listen.webhooks) return;
  http::HookDoorOptions options;
  options.public_url = listen.public_url;
  options.now = services.now;
  options.stored = [stored = services.stored](const std::string&) { stored(); };
  hooks_ = std::make_unique<http::HookDoor>(executor, services.store, refusals_, std::move(routes), std::move(options));
  public_ = std::make_unique<http::Server>(
      executor, listen.webhooks->host, listen.webhooks->port, tls_of(listen), http::Limits{},
      [this](const http::Request& request, http::Answer answer) { hooks_->handle(request, std::move(answer)); },
      [this](std::string_view reason, int status) { refusals_.add(reason, status, std::chrono::steady_clock::now()); });
}

void Doors::stop() {
  if (public_) public_->stop();
}

bool Doors::resting() const noexcept {
  return !hooks_ || hooks_->resting();
}

std::optional<std::uint16_t> Doors::webhooks_port() const {
  return public_ ? std::optional(public_->port()) : std::nullopt;
}

}  // namespace coachd::app
