// The connections of one server: what they share, and the one timer that looks at their deadlines. Thread rule: the
// thread of the server's executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "daemon/http/message.hpp"
#include "daemon/http/peers.hpp"
#include "daemon/http/server.hpp"

namespace coachd::http {

class Session {
 public:
  virtual ~Session() = default;
  virtual void look(std::chrono::steady_clock::time_point now) = 0;  ///< at its deadline
  /// Until when it may wait for a request; nothing: it is not waiting for one.
  [[nodiscard]] virtual std::optional<std::chrono::steady_clock::time_point> idle_until() const = 0;
  virtual void stop() = 0;  ///< ends when it is at rest
  virtual void close() = 0;
};

class Sessions : public std::enable_shared_from_this<Sessions> {
 public:
  Sessions(const boost::asio::any_io_executor& executor, const Limits& limits, Handler handler, OnRefused on_refused);

  void add(Session* session);
  void remove(Session* session) { sessions_.erase(session); }
  /// Closes the one that has waited longest for a request. False: none waits.
  bool make_room();
  /// Each ends when it is at rest.
  void stop();
  void close();
  void refused(std::string_view reason, int status) const;
  /// For the `Date` of an answer.
  [[nodiscard]] const std::string& date();
  [[nodiscard]] std::size_t count() const noexcept { return sessions_.size(); }

  const Limits limits;
  const Handler handler;
  Peers peers;
  std::size_t buffered = 0;  ///< bytes of all their buffers
  bool stopping = false;

 private:
  void tick();

  OnRefused on_refused_;
  boost::asio::steady_timer tick_;
  std::chrono::milliseconds tick_every_;
  std::set<Session*> sessions_;
  bool ticking_ = false;
  std::time_t date_of_ = -1;
  std::string date_;
};

}  // namespace coachd::http
