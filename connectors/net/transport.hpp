// One connection to one host, plain or TLS: the thin shell around Beast and asio::ssl, which only transport.cpp sees.
// Inner header of net/: used by client.cpp. Thread rule: as the client's.
#pragma once

#include <memory>

#include "connectors/net/http.hpp"
#include "connectors/net/url.hpp"

namespace coachd::net {

class Connection {
 public:
  virtual ~Connection() = default;
  /// Sends and reads one answer. The references must outlive the await. After an error the connection is of no more
  /// use.
  [[nodiscard]] virtual boost::asio::awaitable<Result<Response>> exchange(const Url& url, const Request& request) = 0;
  /// True while the peer has sent nothing unasked (an end, an alert) and the last answer left the connection open.
  [[nodiscard]] virtual bool reusable() = 0;
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// Resolves, connects and shakes hands. Errors never have `may_have_happened`. `url` must outlive the await.
  [[nodiscard]] virtual boost::asio::awaitable<Result<std::unique_ptr<Connection>>> open(const Url& url) = 0;
};

/// Throws std::runtime_error with a clear sentence when a certificate file cannot be used.
[[nodiscard]] std::unique_ptr<Transport> make_transport(boost::asio::any_io_executor executor,
                                                        const ClientOptions& options);

}  // namespace coachd::net
