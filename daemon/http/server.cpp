#include "daemon/http/server.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/http/connection.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/sessions.hpp"

namespace coachd::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

// One peer is one address; of IPv6 the network, for a machine has a whole one.
std::string peer_of(const asio::ip::address& a) {
  if (a.is_v4()) return a.to_string();
  const auto v6 = a.to_v6();
  if (v6.is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  return asio::ip::address_v6(bytes).to_string();
}

std::optional<asio::ssl::context> make_context(const Tls& tls) {
  if (tls.certificate_file.empty()) return std::nullopt;
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  error_code ec;
  context.use_certificate_chain_file(tls.certificate_file, ec);
  if (ec)
    throw std::runtime_error(fmt::format("the certificate {} cannot be used: {}", tls.certificate_file, ec.message()));
  context.use_private_key(asio::buffer(tls.key_pem), asio::ssl::context::pem, ec);
  if (ec || SSL_CTX_check_private_key(context.native_handle()) != 1)
    throw std::runtime_error(fmt::format("the key of the certificate {} cannot be used", tls.certificate_file));
  return context;
}

struct PlainStream : tcp::socket {
  explicit PlainStream(tcp::socket s) : tcp::socket(std::move(s)) {}
  static constexpr bool writes_at_once = true;
  [[nodiscard]] tcp::socket& socket() noexcept { return *this; }
  template <class Done>
  void shake_hands(const Done& done) {
    done(error_code{});
  }
  /// `done(true)`: the peer knows that nothing more comes, and may still send.
  template <class Done>
  void say_goodbye(const Done& done) {
    error_code ignored;
    shutdown(tcp::socket::shutdown_send, ignored);
    done(true);
  }
};

struct TlsStream : asio::ssl::stream<tcp::socket> {
  TlsStream(tcp::socket s, asio::ssl::context& context) : asio::ssl::stream<tcp::socket>(std::move(s), context) {}
  static constexpr bool writes_at_once = false;
  [[nodiscard]] tcp::socket& socket() noexcept { return next_layer(); }
  template <class Done>
  void shake_hands(Done done) {
    async_handshake(asio::ssl::stream_base::server, std::move(done));
  }
  template <class Done>
  void say_goodbye(Done done) {
    async_shutdown([done = std::move(done)](error_code) { done(false); });
  }
};

}  // namespace

class Server::State : public std::enable_shared_from_this<State> {
 public:
  State(const asio::any_io_executor& executor, const Tls& tls, const Limits& limits, Handler handler,
        OnRefused on_refused)
      : tls_(make_context(tls)),
        sessions_(std::make_shared<Sessions>(executor, limits, std::move(handler), std::move(on_refused))),
        acceptor_(executor),
        later_(executor) {}

  void listen(const std::string& host, std::uint16_t port) {
    error_code ec;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, ec);
    if (ec) throw std::runtime_error(fmt::format("{} is no address to listen on", host));
    const tcp::endpoint at(address, port);
    acceptor_.open(at.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(at, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec) throw std::runtime_error(fmt::format("{}:{} cannot be listened on: {}", host, port, ec.message()));
    port_ = acceptor_.local_endpoint().port();
    accept();
  }

  void stop() {
    if (sessions_->stopping) return;
    error_code ignored;
    acceptor_.close(ignored);
    later_.cancel();
    sessions_->stop();
  }
  void close() {
    stop();
    sessions_->close();
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::size_t connections() const noexcept { return sessions_->count(); }

 private:
  void accept();
  void begin(tcp::socket socket);

  std::optional<asio::ssl::context> tls_;
  std::shared_ptr<Sessions> sessions_;
  tcp::acceptor acceptor_;
  asio::steady_timer later_;
  std::uint16_t port_ = 0;
};

void Server::State::accept() {
  if (sessions_->stopping) return;
  acceptor_.async_accept([self = shared_from_this()](error_code ec, tcp::socket socket) {
    if (self->sessions_->stopping || ec == asio::error::operation_aborted) return;
    if (!ec) {
      self->begin(std::move(socket));
      return self->accept();
    }
    // No file descriptors, mostly: to ask again at once would only spin.
    self->sessions_->refused("connection not accepted", 0);
    self->later_.expires_after(std::chrono::milliseconds(100));
    self->later_.async_wait([self](error_code stopped) {
      if (!stopped) self->accept();
    });
  });
}

void Server::State::begin(tcp::socket socket) {
  error_code ec;
  const auto from = socket.remote_endpoint(ec);
  if (ec) return;
  // Who holds connections and asks nothing must not keep others out.
  if (sessions_->count() >= sessions_->limits.connections && !sessions_->make_room())
    return sessions_->refused("too many connections", 0);
  auto peer = peer_of(from.address());
  const bool local = from.address().is_loopback();
  if (!sessions_->peers.enter(peer, std::chrono::steady_clock::now(), local))
    return sessions_->refused("too many connections of a peer", 0);
  const auto start = [&](auto stream) {
    std::make_shared<Connection<decltype(stream)>>(std::move(stream), sessions_, std::move(peer), local)->start();
  };
  if (tls_)
    start(TlsStream(std::move(socket), *tls_));
  else
    start(PlainStream(std::move(socket)));
}

Server::Server(const asio::any_io_executor& executor, const std::string& host, std::uint16_t port, const Tls& tls,
               Limits limits, Handler handler, OnRefused refused)
    : state_(std::make_shared<State>(executor, tls, limits, std::move(handler), std::move(refused))) {
  state_->listen(host, port);
}

Server::~Server() {
  state_->close();
}

std::uint16_t Server::port() const noexcept {
  return state_->port();
}

void Server::stop() {
  state_->stop();
}

std::size_t Server::connections() const noexcept {
  return state_->connections();
}

}  // namespace coachd::http
