// The public door: a delivery is checked by its connection's Hooks, becomes one row of the journal, and is answered 200
// once that row is durable. What came while the event loop turned goes to the store as one unit, and its commit comes
// back as one event. Thread rule: all calls on the thread of its executor; it never waits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "connectors/connector.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::http {

/// What deliveries mean, by connection name.
using Routes = std::map<std::string, std::shared_ptr<const connectors::Hooks>, std::less<>>;

struct HookDoorOptions {
  std::string public_url;                     ///< `https://hooks.acme.example`, as CRMs call it; no slash at its end
  std::chrono::milliseconds commit{3'000};    ///< no commit until then: 503, the CRM tries again
  std::size_t queued = std::size_t{8} << 20;  ///< bytes that wait for the store; above: 503 at once
  std::chrono::seconds retry_after{10};
  std::function<model::Instant()> now;  ///< for `received`; required
  /// For the age of a signature: the machine's clock as it is, also where it was set back. Empty: `now`.
  std::function<model::Instant()> wall;
  /// Deliveries of a connection are durable: once for each commit.
  std::function<void(const std::string& connection)> stored;
};

struct HookCounters {
  std::uint64_t deliveries = 0;   ///< answered 200
  std::uint64_t events = 0;       ///< in them
  std::uint64_t unavailable = 0;  ///< answered 503
  std::uint64_t commits = 0;
};

class HookDoor {
 public:
  /// `store` and `refusals` outlive the door. Only POST /v1/hooks/{connection} is served.
  HookDoor(boost::asio::any_io_executor executor, store::Store& store, Refusals& refusals, Routes routes,
           HookDoorOptions options);
  ~HookDoor();  ///< what waits is answered 503
  HookDoor(const HookDoor&) = delete;
  HookDoor& operator=(const HookDoor&) = delete;

  void handle(const Request& request, Answer answer);
  void set_routes(Routes routes);
  [[nodiscard]] const HookCounters& counters() const noexcept;
  [[nodiscard]] bool resting() const noexcept;  ///< nothing waits for the store

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace coachd::http
