// The daemon's doors, opened as coachd.yaml says: the public one for deliveries of CRMs, the admin's for health and
// metrics. Made, used and destroyed on the network thread; nothing here waits: what reads the store does so on a thread
// of its own.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/app/clock.hpp"
#include "daemon/app/service.hpp"
#include "daemon/http/admin_door.hpp"
#include "daemon/http/hook_door.hpp"
#include "daemon/http/metrics.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/http/server.hpp"
#include "daemon/log/log.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"

namespace coachd::app {

/// Where the admin's door opens when coachd.yaml does not say it.
inline const settings::Address default_admin{"127.0.0.1", 8787};

/// What the admin's door shows of one connection.
struct ConnectionState {
  std::string name, state;
  bool good = false, described = false;
  std::uint64_t calls = 0;
};

struct DoorServices {
  store::sqlite::SqliteStore& store;
  log::Logger& log;
  const Heartbeat& evaluation;
  const Clock& clock;
  std::function<void()> stored;  ///< something new stands in the journal
  std::function<std::vector<ConnectionState>()> connections;
  /// As AdminProbes has them.
  std::function<void(std::string_view body, std::function<void(int status, std::string)>)> retire;
  std::string key;
};

class Doors {
 public:
  /// Listens from here on. Throws std::runtime_error with a sentence for the admin where a door cannot be opened.
  Doors(boost::asio::any_io_executor executor, const settings::Listen& listen, http::Routes routes,
        DoorServices services);
  ~Doors();
  Doors(const Doors&) = delete;
  Doors& operator=(const Doors&) = delete;

  /// Nothing new is taken; what is under way is answered.
  void stop();
  [[nodiscard]] bool resting() const noexcept { return !hooks_ || hooks_->resting(); }
  /// 0: closed.
  [[nodiscard]] std::uint16_t webhooks_port() const { return public_ ? public_->port() : std::uint16_t{0}; }
  [[nodiscard]] std::uint16_t admin_port() const { return admin_server_->port(); }

 private:
  void open_public(const settings::Listen& listen, http::Routes routes);
  void open_admin(const settings::Listen& listen);
  [[nodiscard]] http::AdminProbes probes();
  [[nodiscard]] http::Metrics own_metrics() const;
  void gather(std::function<void(http::Metrics)> done);

  boost::asio::any_io_executor executor_;
  DoorServices services_;
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  boost::asio::thread_pool observer_{1};
  http::Refusals refusals_;
  std::unique_ptr<http::HookDoor> hooks_;
  std::unique_ptr<http::AdminDoor> admin_;
  std::unique_ptr<http::Server> public_;
  std::unique_ptr<http::Server> admin_server_;
};

}  // namespace coachd::app
