// HTTP/1.1 as connectors see it: a request goes out, an answer or a clear sentence comes back. TLS is always verified
// and never replaced by plain text; connections are kept alive and pooled per host; every phase has a deadline. Neither
// Beast nor asio::ssl is seen here. Thread rule: one client belongs to one single-threaded executor.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/assert/source_location.hpp>
#include <boost/system/result.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace coachd::net {

struct Header {
  std::string name;
  std::string value;
};

struct Request {
  std::string method = "GET";
  std::string url{};  ///< absolute, already percent-encoded; `http://` is refused beyond loopback
  std::vector<Header> headers{};
  std::string body{};
};

struct Response {
  int status = 0;
  std::vector<Header> headers;
  std::string body;  ///< unpacked
  /// The first header of that name in any case; empty where absent. Valid while this object lives.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

enum class errc : std::uint8_t {
  bad_url,       ///< not an absolute http(s) URL
  plain_http,    ///< http:// to a host that is not loopback
  not_resolved,  ///< the name has no address
  refused,       ///< nobody listens, or no way there
  timed_out,     ///< a phase took longer than its deadline
  certificate,   ///< the peer's certificate does not verify
  tls,           ///< the handshake failed otherwise
  cut,           ///< the connection ended before the answer did
  too_large,     ///< head or body of the answer above the cap
  corrupt,       ///< the answer is no HTTP, or cannot be unpacked
  busy,          ///< no connection of the pool became free in time
  cancelled,     ///< the caller gave up
};

/// What went wrong before there was an answer. `what` is our own sentence and names the host, never a path or a secret.
struct Error {
  errc code = errc::cut;
  std::string what;
  bool may_have_happened = false;  ///< some of the request may have reached the server
};
[[noreturn]] void throw_exception_from_error(const Error& e, const boost::source_location& where);

template <class T>
using Result = boost::system::result<T, Error>;

/// Longest time for each phase. Resolving cannot be stopped by the system: it is left behind when its time is up.
struct Deadlines {
  std::chrono::milliseconds resolve{5'000};
  std::chrono::milliseconds connect{10'000};
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds write{30'000};
  std::chrono::milliseconds answer{120'000};  ///< until the head of the answer is there
  std::chrono::milliseconds body{120'000};    ///< the rest of the answer
  std::chrono::milliseconds slot{60'000};     ///< waiting for a free connection of the pool
};

struct ClientOptions {
  Deadlines deadlines;
  std::string ca_file;             ///< PEM, trusted beside the system's own; "" = none
  std::string client_certificate;  ///< PEM chain; "" = none
  std::string client_key;          ///< PEM key of the certificate
  std::size_t per_host = 4;        ///< connections at the same time
  std::chrono::milliseconds keep_idle{30'000};
  std::size_t max_head = 64u << 10;
  std::size_t max_body = 64u << 20;  ///< as sent and as unpacked
  std::string user_agent = "coachd";
};

class Client {
 public:
  virtual ~Client() = default;
  /// Any answer of the server is a success here, whatever its status. A request is sent once; only a GET (or HEAD)
  /// whose kept-alive connection turned out dead is sent again on a fresh one. Cancellation: `errc::cancelled`.
  [[nodiscard]] virtual boost::asio::awaitable<Result<Response>> send(Request request) = 0;
};

/// Throws std::runtime_error with a clear sentence when a certificate file cannot be used.
[[nodiscard]] std::unique_ptr<Client> make_client(boost::asio::any_io_executor executor, ClientOptions options);

}  // namespace coachd::net
