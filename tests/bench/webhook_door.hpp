// The public door as the daemon opens it - the real server and HubSpot's signature over a store - for the benches that
// put load on it. It runs on the executor that it is given.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/hubspot/hooks.hpp"
#include "daemon/http/hook_door.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/http/server.hpp"
#include "daemon/store/store.hpp"

namespace coachd::bench {

class WebhookDoor {
 public:
  /// Port 0: any, see port().
  WebhookDoor(const boost::asio::any_io_executor& executor, store::Store& store, const std::string& connection,
              const std::string& secret, const std::string& public_url, std::uint16_t port)
      : door_(executor, store, refusals_, {{connection, hubspot::make_hooks({secret, ""})}}, options(public_url)),
        server_(
            executor, "127.0.0.1", port, {}, {},
            [this](const http::Request& request, http::Answer answer) { door_.handle(request, std::move(answer)); },
            [this](std::string_view reason, int status) {
              refusals_.add(reason, status, std::chrono::steady_clock::now());
            }) {}

  [[nodiscard]] std::uint16_t port() const { return server_.port(); }
  [[nodiscard]] const http::HookCounters& counters() const { return door_.counters(); }

 private:
  static http::HookDoorOptions options(const std::string& public_url) {
    http::HookDoorOptions o;
    o.public_url = public_url;
    o.now = [] { return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now()); };
    return o;
  }

  http::Refusals refusals_{[](std::string_view reason, int status, std::uint64_t times) {
    std::fprintf(stderr, "refused: %.*s (%d, %llu times)\n", static_cast<int>(reason.size()), reason.data(), status,
                 static_cast<unsigned long long>(times));
  }};
  http::HookDoor door_;
  http::Server server_;
};

}  // namespace coachd::bench
