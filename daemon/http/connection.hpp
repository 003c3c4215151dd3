// One connection of a server: its requests in turn, a deadline for each phase, and what is refused before a handler
// sees it. Over any stream that has what PlainStream in server.cpp has, so that TLS is not seen here. Thread rule: the
// thread of the server's executor.
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/http/message.hpp"
#include "daemon/http/request_parser.hpp"
#include "daemon/http/sessions.hpp"

namespace coachd::http {

template <class Stream>
class Connection final : public Session, public Exchange, public std::enable_shared_from_this<Connection<Stream>> {
  using Clock = std::chrono::steady_clock;
  using Time = Clock::time_point;
  using tcp = boost::asio::ip::tcp;
  using error_code = boost::system::error_code;
  static constexpr std::size_t first_buffer = std::size_t{8} << 10;

 public:
  Connection(Stream stream, std::shared_ptr<Sessions> server, std::string peer, bool loopback)
      : stream_(std::move(stream)),
        server_(std::move(server)),
        peer_(std::move(peer)),
        loopback_(loopback),
        parser_(server_->limits.head, server_->limits.body) {}
  ~Connection() override { leave(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() {
    server_->add(this);
    error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    stream_.socket().non_blocking(true, ignored);
    grow(first_buffer);
    phase_ = Phase::handshake;
    deadline_ = Clock::now() + server_->limits.request;
    stream_.shake_hands([self = this->shared_from_this()](error_code ec) {
      if (self->phase_ == Phase::closed) return;
      if (ec) return self->refuse_handshake();
      self->rest();
      self->read();
    });
  }

  void respond(Response response) override {
    if (phase_ != Phase::handling) return;
    if (refusal(response.status) && server_->peers.muted(peer_, Clock::now()))
      return refuse("too many refused requests", 429);
    write(response);
  }

  void look(Time now) override {
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

  [[nodiscard]] std::optional<Time> idle_until() const override {
    return phase_ == Phase::idle ? std::optional(deadline_) : std::nullopt;
  }

  void stop() override {
    if (phase_ == Phase::idle || phase_ == Phase::handshake) close();
  }

  void close() override {
    phase_ = Phase::closed;
    error_code ignored;
    stream_.socket().close(ignored);
    leave();
  }

 private:
  enum class Phase : std::uint8_t { handshake, idle, reading, handling, writing, lingering, closed };

  static bool refusal(int status) { return status >= 400 && status < 500; }

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
    parser_.begin();
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
    stream_.async_read_some(boost::asio::buffer(in_.data() + filled_, in_.size() - filled_),
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
    const auto taken = parser_.take(in_.data(), parsed_, filled_);
    parsed_ += taken.bytes;
    switch (taken.got) {
      case RequestParser::Got::request: handle(); return true;
      case RequestParser::Got::head_too_large: refuse("head too large", 431); return true;
      case RequestParser::Got::body_too_large: refuse("body too large", 413); return true;
      case RequestParser::Got::not_http: refuse("not HTTP", 400); return true;
      case RequestParser::Got::part: break;
    }
    if (!continued_ && parser_.wants_continue()) go_on();
    return false;
  }

  void go_on() {
    continued_ = true;
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    boost::asio::async_write(stream_, boost::asio::buffer(text),
                             [self = this->shared_from_this()](error_code, std::size_t) {});
  }

  void handle() {
    continued_ = false;
    if (server_->limits.deaf_to_muted && server_->peers.muted(peer_, Clock::now()))
      return refuse("too many refused requests", 429);
    phase_ = Phase::handling;
    keep_ = parser_.keep_alive();
    head_only_ = parser_.method() == "HEAD";
    Request request;
    request.method = parser_.method();
    request.target = parser_.target();
    request.body = parser_.body();
    request.header = [parser = &parser_](std::string_view name) { return parser->header(name); };
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
    if (refusal(response.status)) server_->peers.refused(peer_, now);
    phase_ = Phase::writing;
    deadline_ = now + server_->limits.answer;
    keep_ = keep_ && !response.close && !server_->stopping;
    out_.clear();
    render(out_, response, keep_, !head_only_, server_->date());
    std::size_t sent = 0;
    if constexpr (Stream::writes_at_once) {  // mostly there is room, and no round through the event loop is needed
      error_code ec;
      sent = stream_.write_some(boost::asio::buffer(out_), ec);
      if (ec && ec != boost::asio::error::would_block) return close();
      if (sent == out_.size()) return wrote();
    }
    boost::asio::async_write(stream_, boost::asio::buffer(out_.data() + sent, out_.size() - sent),
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
    stream_.say_goodbye([self = this->shared_from_this()](bool peer_may_write) {
      if (self->phase_ == Phase::closed) return;
      if (!peer_may_write) return self->close();
      if (!self->pumping_) self->read();
    });
  }

  Stream stream_;
  std::shared_ptr<Sessions> server_;
  std::string peer_;
  bool loopback_;
  Phase phase_ = Phase::idle;
  bool reading_ = false, pumping_ = false, keep_ = true, head_only_ = false, continued_ = false, left_ = false;
  Time deadline_;
  std::vector<char> in_;  // [0, parsed_) is the request so far, [parsed_, filled_) has not been looked at
  std::size_t filled_ = 0, parsed_ = 0;
  RequestParser parser_;
  std::string out_;
};

}  // namespace coachd::http
