#include "daemon/http/server.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string_type.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/optional/optional.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "daemon/http/message.hpp"
#include "daemon/http/peers.hpp"

namespace coachd::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace parsing = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t first_buffer = std::size_t{8} << 10;

bool same_name(std::string_view name, std::string_view lower) {
  return std::equal(name.begin(), name.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

/// Beast's grammar over a buffer that is kept whole: names and values are places in it, nothing is copied.
class Parser final : public parsing::basic_parser<true> {
 public:
  Parser(std::size_t head, std::size_t body) {
    header_limit(static_cast<std::uint32_t>(head));
    body_limit(body);
    eager(true);
  }
  /// Where the request begins now: the buffer may have moved. To be called before each `put`.
  void base(const char* data, std::size_t size) noexcept {
    data_ = data;
    size_ = size;
  }
  [[nodiscard]] std::string_view method() const { return at(method_); }
  [[nodiscard]] std::string_view target() const { return at(target_); }
  [[nodiscard]] std::string_view body() const { return chunked() ? std::string_view{chunks_} : at(body_); }
  [[nodiscard]] std::string_view header(std::string_view lower) const {
    for (const auto& [name, value] : fields_)
      if (same_name(at(name), lower)) return at(value);
    return {};
  }

 private:
  struct Place {
    std::size_t offset = 0, length = 0;
  };
  [[nodiscard]] std::string_view at(Place p) const { return {data_ + p.offset, p.length}; }
  // A folded value was put together elsewhere: RFC 9112 lets a server refuse it.
  [[nodiscard]] Place place(beast::string_view text, error_code& ec) const {
    if (text.empty()) return {};
    const std::less<> before;
    if (before(text.data(), data_) || !before(text.data(), data_ + size_)) {
      ec = parsing::error::bad_obs_fold;
      return {};
    }
    return {static_cast<std::size_t>(text.data() - data_), text.size()};
  }

  void on_request_impl(parsing::verb, beast::string_view method, beast::string_view target, int,
                       error_code& ec) override {
    method_ = place(method, ec);
    target_ = place(target, ec);
  }
  void on_field_impl(parsing::field, beast::string_view name, beast::string_view value, error_code& ec) override {
    const auto n = place(name, ec);
    const auto v = place(value, ec);
    fields_.emplace_back(n, v);
  }
  std::size_t on_body_impl(beast::string_view part, error_code& ec) override {
    const auto p = place(part, ec);
    if (body_.length == 0) body_.offset = p.offset;
    body_.length += p.length;
    return part.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view part, error_code&) override {
    chunks_.append(part.data(), part.size());
    return part.size();
  }
  void on_response_impl(int, beast::string_view, int, error_code&) override {}
  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const char* data_ = nullptr;
  std::size_t size_ = 0;
  Place method_, target_, body_;
  std::vector<std::pair<Place, Place>> fields_;
  std::string chunks_;
};

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

std::string http_date(std::time_t at) {
  static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm t{};
  gmtime_r(&at, &t);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days.at(static_cast<std::size_t>(t.tm_wday)), t.tm_mday,
                     months.at(static_cast<std::size_t>(t.tm_mon)), t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
}

class Session {
 public:
  virtual ~Session() = default;
  virtual void look(Clock::time_point now) = 0;  ///< at its deadline
  virtual void stop() = 0;                       ///< ends when it is at rest
  virtual void close() = 0;
};

}  // namespace

class Server::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::any_io_executor executor, const Tls& tls, const Limits& l, Handler h, OnRefused r)
      : tls_(make_context(tls)),
        limits(l),
        handler(std::move(h)),
        on_refused(std::move(r)),
        peers(l.peer),
        acceptor_(executor),
        tick_(executor),
        later_(std::move(executor)),
        tick_every_(std::clamp(std::min({l.request, l.idle, l.answer, l.linger}) / 4, std::chrono::milliseconds(5),
                               std::chrono::milliseconds(500))) {}

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
    if (stopping) return;
    stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    later_.cancel();
    for (auto* s : std::vector(sessions_.begin(), sessions_.end())) s->stop();
  }
  void close() {
    stop();
    for (auto* s : std::vector(sessions_.begin(), sessions_.end())) s->close();
    tick_.cancel();
  }

  void add(Session* s) {
    sessions_.insert(s);
    if (!ticking_) tick();
  }
  void remove(Session* s) { sessions_.erase(s); }
  void refused(std::string_view reason, int status) const {
    if (on_refused) on_refused(reason, status);
  }
  [[nodiscard]] const std::string& date() {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    if (now != date_of_) date_ = http_date(date_of_ = now);
    return date_;
  }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] std::size_t connections() const noexcept { return sessions_.size(); }

 private:
  void accept();
  void begin(tcp::socket socket);
  // One timer for all connections, and none while there is none.
  void tick() {
    ticking_ = !sessions_.empty();
    if (!ticking_) return;
    tick_.expires_after(tick_every_);
    tick_.async_wait([self = shared_from_this()](error_code ec) {
      if (ec) return;
      const auto now = Clock::now();
      for (auto* s : std::vector(self->sessions_.begin(), self->sessions_.end()))
        if (self->sessions_.contains(s)) s->look(now);
      self->tick();
    });
  }

  std::optional<asio::ssl::context> tls_;

 public:
  const Limits limits;
  Handler handler;
  OnRefused on_refused;
  Peers peers;
  std::size_t buffered = 0;
  bool stopping = false;

 private:
  tcp::acceptor acceptor_;
  asio::steady_timer tick_, later_;
  std::chrono::milliseconds tick_every_;
  std::set<Session*> sessions_;
  bool ticking_ = false;
  std::uint16_t port_ = 0;
  std::time_t date_of_ = -1;
  std::string date_;
};

namespace {

template <class Stream>
constexpr bool is_plain = std::is_same_v<Stream, tcp::socket>;

template <class Stream, class State>
class Connection final : public Session,
                         public Exchange,
                         public std::enable_shared_from_this<Connection<Stream, State>> {
 public:
  Connection(Stream stream, std::shared_ptr<State> server, std::string peer, bool loopback)
      : stream_(std::move(stream)), server_(std::move(server)), peer_(std::move(peer)), loopback_(loopback) {}
  ~Connection() override { leave(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() {
    server_->add(this);
    error_code ignored;
    lowest().set_option(tcp::no_delay(true), ignored);
    lowest().non_blocking(true, ignored);
    grow(first_buffer);
    if constexpr (is_plain<Stream>) {
      rest();
      read();
    } else {
      phase_ = Phase::handshake;
      deadline_ = Clock::now() + server_->limits.request;
      stream_.async_handshake(asio::ssl::stream_base::server, [self = this->shared_from_this()](error_code ec) {
        if (ec) return self->refuse_handshake();
        self->rest();
        self->read();
      });
    }
  }

  void respond(Response response) override {
    if (phase_ == Phase::handling) write(response);
  }

  void look(Clock::time_point now) override {
    if (now < deadline_) return;
    switch (phase_) {
      case Phase::handshake: refuse_handshake(); break;
      case Phase::reading: refuse("too slow", 408); break;
      case Phase::handling: break;  // whoever handles it answers in time
      case Phase::writing: server_->refused("answer not taken", 0); [[fallthrough]];
      case Phase::idle:
      case Phase::lingering:
      case Phase::closed: close(); break;
    }
  }

  void stop() override {
    if (phase_ == Phase::idle || phase_ == Phase::handshake) close();
  }

  void close() override {
    phase_ = Phase::closed;
    error_code ignored;
    lowest().close(ignored);
    leave();
  }

 private:
  enum class Phase : std::uint8_t { handshake, idle, reading, handling, writing, lingering, closed };

  tcp::socket& lowest() {
    if constexpr (is_plain<Stream>)
      return stream_;
    else
      return stream_.next_layer();
  }

  void leave() {
    if (left_) return;
    left_ = true;
    server_->buffered -= in_.size();
    server_->peers.leave(peer_);
    server_->remove(this);
  }

  void refuse_handshake() {
    if (phase_ == Phase::closed) return;
    server_->refused("no TLS", 0);
    server_->peers.refused(peer_, Clock::now());
    close();
  }

  void grow(std::size_t size) {
    server_->buffered += size - in_.size();
    in_.resize(size);
  }

  /// Between two requests; what came after the last one begins the next.
  void rest() {
    filled_ -= parsed_;
    std::memmove(in_.data(), in_.data() + parsed_, filled_);
    parsed_ = 0;
    if (in_.size() > first_buffer && filled_ <= first_buffer) {  // back to its usual size after a large body
      grow(first_buffer);
      in_.shrink_to_fit();
    }
    parser_.emplace(server_->limits.head, server_->limits.body);
    const auto now = Clock::now();
    phase_ = filled_ > 0 ? Phase::reading : Phase::idle;
    deadline_ = now + (filled_ > 0 ? server_->limits.request : server_->limits.idle);
  }

  void read() {
    if (reading_ || phase_ == Phase::closed) return;
    if (filled_ == in_.size()) {
      const auto most = server_->limits.head + server_->limits.body + first_buffer;
      const auto size = std::min(most, in_.size() * 4);
      if (size <= in_.size() || server_->buffered + size - in_.size() > server_->limits.buffered)
        return refuse("too much at once", 503);
      grow(size);
    }
    reading_ = true;
    stream_.async_read_some(asio::buffer(in_.data() + filled_, in_.size() - filled_),
                            [self = this->shared_from_this()](error_code ec, std::size_t n) { self->came(ec, n); });
  }

  void came(const error_code& ec, std::size_t n) {
    reading_ = false;
    if (phase_ == Phase::closed) return;
    if (ec) {
      if (phase_ == Phase::handling || phase_ == Phase::writing) return;  // an answer may still be taken
      return close();
    }
    if (phase_ == Phase::lingering) {
      filled_ = 0;
      return read();
    }
    filled_ += n;
    if (phase_ == Phase::idle) {
      phase_ = Phase::reading;
      deadline_ = Clock::now() + server_->limits.request;
    }
    pump();
  }

  /// Requests in turn, without recursion however many came at once.
  void pump() {
    if (pumping_) return;
    pumping_ = true;
    while (phase_ == Phase::reading && parse()) {
    }
    pumping_ = false;
    if (phase_ == Phase::idle || phase_ == Phase::reading || phase_ == Phase::lingering) read();
  }

  /// False: more bytes are needed.
  bool parse() {
    if (parsed_ == filled_) return false;
    parser_->base(in_.data(), filled_);
    error_code ec;
    parsed_ += parser_->put(asio::buffer(in_.data() + parsed_, filled_ - parsed_), ec);
    if (ec == parsing::error::need_more) ec = {};
    if (ec) {
      const bool head = ec == parsing::error::header_limit, body = ec == parsing::error::body_limit;
      refuse(head ? "head too large" : body ? "body too large" : "not HTTP", head ? 431 : body ? 413 : 400);
      return true;
    }
    if (parser_->is_done()) {
      handle();
      return true;
    }
    if (parser_->is_header_done() && !continued_ && same_name(parser_->header("expect"), "100-continue")) go_on();
    return false;
  }

  void go_on() {
    continued_ = true;
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(stream_, asio::buffer(text), [self = this->shared_from_this()](error_code, std::size_t) {});
  }

  void handle() {
    continued_ = false;
    if (server_->peers.muted(peer_, Clock::now())) return refuse("too many refused requests", 429);
    phase_ = Phase::handling;
    keep_ = parser_->keep_alive();
    head_only_ = parser_->method() == "HEAD";
    Request request;
    request.method = parser_->method();
    request.target = parser_->target();
    request.body = parser_->body();
    request.header = [parser = &*parser_](std::string_view name) { return parser->header(name); };
    request.from_loopback = loopback_;
    try {
      server_->handler(request, Answer(this->shared_from_this()));
    } catch (const std::exception&) {
      respond({.status = 500, .close = true});  // where the handler's Answer has not said so already
    }
  }

  void refuse(std::string_view reason, int status) {
    server_->refused(reason, status);
    Response r;
    r.status = status;
    r.close = true;
    if (status == 429 || status == 503) r.headers.emplace_back("Retry-After", "10");
    keep_ = false;
    write(r);
  }

  void write(const Response& response) {
    const auto now = Clock::now();
    if (response.status >= 400 && response.status < 500) server_->peers.refused(peer_, now);
    phase_ = Phase::writing;
    deadline_ = now + server_->limits.answer;
    keep_ = keep_ && !response.close && !server_->stopping;
    out_.clear();
    render(out_, response, keep_, !head_only_, server_->date());
    std::size_t sent = 0;
    if constexpr (is_plain<Stream>) {  // mostly there is room, and no round through the event loop is needed
      error_code ec;
      sent = stream_.write_some(asio::buffer(out_), ec);
      if (ec && ec != asio::error::would_block) return close();
      if (sent == out_.size()) return wrote();
    }
    asio::async_write(stream_, asio::buffer(out_.data() + sent, out_.size() - sent),
                      [self = this->shared_from_this()](error_code ec, std::size_t) {
                        if (self->phase_ == Phase::closed) return;
                        if (ec) return self->close();
                        self->wrote();
                      });
  }

  void wrote() {
    if (!keep_) return linger();
    rest();
    pump();
  }

  // A close while bytes wait unread would be a reset, and the peer might never see the answer.
  void linger() {
    phase_ = Phase::lingering;
    deadline_ = Clock::now() + server_->limits.linger;
    filled_ = parsed_ = 0;
    if constexpr (is_plain<Stream>) {
      error_code ignored;
      lowest().shutdown(tcp::socket::shutdown_send, ignored);
      if (!pumping_) read();
    } else {
      stream_.async_shutdown([self = this->shared_from_this()](error_code) {
        if (self->phase_ != Phase::closed) self->close();
      });
    }
  }

  Stream stream_;
  std::shared_ptr<State> server_;
  std::string peer_;
  bool loopback_;
  Phase phase_ = Phase::idle;
  bool reading_ = false, pumping_ = false, keep_ = true, head_only_ = false, continued_ = false, left_ = false;
  Clock::time_point deadline_;
  std::vector<char> in_;  // [0, parsed_) is the request so far, [parsed_, filled_) has not been looked at
  std::size_t filled_ = 0, parsed_ = 0;
  std::optional<Parser> parser_;
  std::string out_;
};

}  // namespace

void Server::State::accept() {
  if (stopping) return;
  acceptor_.async_accept([self = shared_from_this()](error_code ec, tcp::socket socket) {
    if (self->stopping || ec == asio::error::operation_aborted) return;
    if (!ec) {
      self->begin(std::move(socket));
      return self->accept();
    }
    // No file descriptors, mostly: to ask again at once would only spin.
    self->refused("connection not accepted", 0);
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
  if (sessions_.size() >= limits.connections) return refused("too many connections", 0);
  auto peer = peer_of(from.address());
  if (!peers.enter(peer, Clock::now())) return refused("too many connections of a peer", 0);
  const bool loopback = from.address().is_loopback();
  if (tls_) {
    using Secure = asio::ssl::stream<tcp::socket>;
    std::make_shared<Connection<Secure, State>>(Secure(std::move(socket), *tls_), shared_from_this(), std::move(peer),
                                                loopback)
        ->start();
  } else {
    std::make_shared<Connection<tcp::socket, State>>(std::move(socket), shared_from_this(), std::move(peer), loopback)
        ->start();
  }
}

Server::Server(asio::any_io_executor executor, const std::string& host, std::uint16_t port, const Tls& tls,
               Limits limits, Handler handler, OnRefused refused)
    : state_(std::make_shared<State>(std::move(executor), tls, limits, std::move(handler), std::move(refused))) {
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
