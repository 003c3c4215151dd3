// The daemon's doors, opened as coachd.yaml says: deliveries of CRMs in front. Made, used and destroyed on the network
// thread; nothing here waits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/http/hook_door.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/http/server.hpp"
#include "daemon/log/log.hpp"
#include "daemon/settings/settings.hpp"
#include "daemon/store/store.hpp"
#include "rules/model/time.hpp"

namespace coachd::app {

struct DoorServices {
  store::Store& store;
  log::Logger& log;
  std::function<model::Instant()> now;
  std::function<void()> stored;  ///< something new stands in the journal
};

class Doors {
 public:
  /// Listens from here on. Throws std::runtime_error with a sentence for the admin where a door cannot be opened.
  Doors(boost::asio::any_io_executor executor, const settings::Listen& listen, http::Routes routes,
        DoorServices services);

  /// Nothing new is taken; what is under way is answered.
  void stop();
  [[nodiscard]] bool resting() const noexcept;
  [[nodiscard]] std::optional<std::uint16_t> webhooks_port() const;

 private:
  http::Refusals refusals_;
  std::unique_ptr<http::HookDoor> hooks_;
  std::unique_ptr<http::Server> public_;
};

}  // namespace coachd::app
