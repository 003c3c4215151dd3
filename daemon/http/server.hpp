// An HTTP/1.1 server for the doors: limits on everything that a peer controls, keep-alive, one request of a connection
// at a time (pipelined ones wait their turn), TLS where there is a certificate. Beast and asio::ssl are seen in the
// .cpp of this folder only. Thread rule: made, used and destroyed on the thread of its executor, which is
// single-threaded; it never blocks.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "daemon/http/message.hpp"
#include "daemon/http/peers.hpp"

namespace coachd::http {

struct Limits {
  std::size_t body = std::size_t{1} << 20;       ///< bytes; above: 413
  std::size_t head = std::size_t{16} << 10;      ///< bytes; above: 431
  std::size_t connections = 256;                 ///< above: one that asks nothing is closed, or the newcomer
  std::size_t buffered = std::size_t{64} << 20;  ///< bytes of requests that are not whole yet, in all; above: 503
  std::chrono::milliseconds request{10'000};     ///< from the first byte to the last (and of a handshake); then 408
  std::chrono::milliseconds idle{75'000};        ///< between two requests
  std::chrono::milliseconds answer{10'000};      ///< until the peer has taken an answer
  std::chrono::milliseconds linger{2'000};       ///< what a peer still sends after a last answer is dropped this long
  PeerLimits peer;
  /// Who has no refusals left is not heard at all, whatever is asked: for a door where a token could be guessed. Else
  /// only what is refused anyway becomes 429: whoever comes from the same address, through a proxy, is still served.
  bool deaf_to_muted = false;
};

struct Tls {
  std::string certificate_file;  ///< PEM chain; empty: no TLS
  std::string key_pem;           ///< the key itself
};

/// What the server itself refused, by one of few fixed texts, with the status that was answered (0: none, closed).
using OnRefused = std::function<void(std::string_view reason, int status)>;

class Server {
 public:
  /// Listens from here on. Throws std::runtime_error with a clear sentence: the address cannot be listened on, the
  /// certificate or key cannot be used. `handler` is called for each whole request; what it throws answers 500.
  Server(const boost::asio::any_io_executor& executor, const std::string& host, std::uint16_t port, const Tls& tls,
         Limits limits, Handler handler, OnRefused refused);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;  ///< that was given, where 0 was asked for
  /// No new connections; those that wait for a request are closed, others after their answer. Idempotent.
  void stop();
  [[nodiscard]] std::size_t connections() const noexcept;

 private:
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace coachd::http
