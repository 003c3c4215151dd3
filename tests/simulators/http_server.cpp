#include "tests/simulators/http_server.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <utility>
#include <vector>

namespace coachd::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using asio::awaitable;
using asio::use_awaitable;

http_request plain(const http::request<http::string_body>& from) {
  http_request to;
  to.method = std::string{from.method_string()};
  to.target = std::string{from.target()};
  for (const auto& field : from) {
    std::string name{field.name_string()};
    std::ranges::transform(name, name.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    to.headers.insert_or_assign(std::move(name), std::string{field.value()});
  }
  to.body = from.body();
  return to;
}

std::string head_of(const http_reply& reply, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + ' ' +
                     std::string{http::obsolete_reason(static_cast<http::status>(reply.status))} + "\r\n";
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  if (reply.status != 204 && reply.status != 304)
    head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

// One connection: requests in turn until either side closes.
template <class Stream>
awaitable<void> serve(Stream& stream, const http_server::handler& answer) {
  beast::flat_buffer buffer;
  for (;;) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(64 * 1024);
    parser.body_limit(std::uint64_t{32} * 1024 * 1024);
    beast::get_lowest_layer(stream).expires_after(std::chrono::minutes{5});
    co_await http::async_read(stream, buffer, parser, use_awaitable);
    const bool keep_alive = parser.get().keep_alive();
    const auto reply = answer(plain(parser.get()));
    if (reply.how == delivery::none) co_return;
    const auto whole = head_of(reply, keep_alive) + reply.body;
    const auto half = whole.size() - reply.body.size() / 2;
    const bool broken = reply.how == delivery::slow || reply.how == delivery::cut;
    co_await asio::async_write(stream, asio::buffer(whole.data(), broken ? half : whole.size()), use_awaitable);
    if (reply.how == delivery::cut) co_return;
    if (reply.how == delivery::slow) {
      asio::steady_timer timer{co_await asio::this_coro::executor, reply.pause};
      co_await timer.async_wait(use_awaitable);
      co_await asio::async_write(stream, asio::buffer(whole.data() + half, whole.size() - half), use_awaitable);
    }
    if (!keep_alive) co_return;
  }
}

struct endpoint {
  tcp::acceptor acceptor;
  http_server::handler answer;
  std::unique_ptr<asio::ssl::context> tls;
};

awaitable<void> connection(tcp::socket socket, endpoint& at) {
  socket.set_option(tcp::no_delay{true});
  if (at.tls == nullptr) {
    beast::tcp_stream stream{std::move(socket)};
    co_await serve(stream, at.answer);
    stream.socket().shutdown(tcp::socket::shutdown_both);
  } else {
    beast::ssl_stream<beast::tcp_stream> stream{std::move(socket), *at.tls};
    co_await stream.async_handshake(asio::ssl::stream_base::server, use_awaitable);
    co_await serve(stream, at.answer);
  }
}

// A client that goes away, or a refused handshake, is no event; anything else is a fault of the simulator and is said.
void connection_ended(const std::exception_ptr& error) {
  if (!error) return;
  try {
    std::rethrow_exception(error);
  } catch (const boost::system::system_error&) {
  } catch (const std::exception& e) {
    std::fprintf(stderr, "coachd-sim: a request failed: %s\n", e.what());
  }
}

awaitable<void> accept(endpoint& at) {
  for (;;) {
    auto socket = co_await at.acceptor.async_accept(use_awaitable);
    asio::co_spawn(co_await asio::this_coro::executor, connection(std::move(socket), at), connection_ended);
  }
}

struct outgoing {
  tcp::endpoint to;
  http::request<http::string_body> request;
  std::chrono::milliseconds limit;
};

// The whole request and the whole answer within the limit; 0 for anything else.
awaitable<int> send(outgoing out) {
  beast::tcp_stream stream{co_await asio::this_coro::executor};
  stream.expires_after(out.limit);
  http::response<http::string_body> answer;
  beast::flat_buffer buffer;
  try {
    co_await stream.async_connect(out.to, use_awaitable);
    co_await http::async_write(stream, out.request, use_awaitable);
    co_await http::async_read(stream, buffer, answer, use_awaitable);
  } catch (const boost::system::system_error&) {
    co_return 0;
  }
  co_return static_cast<int>(answer.result_int());
}

awaitable<void> repeat(std::chrono::milliseconds period, std::function<void()> work) {
  asio::steady_timer timer{co_await asio::this_coro::executor};
  for (;;) {
    timer.expires_after(period);
    co_await timer.async_wait(use_awaitable);
    work();
  }
}

}  // namespace

std::string_view http_request::header(std::string_view lower_name) const {
  const auto found = headers.find(lower_name);
  return found == headers.end() ? std::string_view{} : std::string_view{found->second};
}

struct http_server::state {
  asio::io_context io{1};
  std::vector<std::unique_ptr<endpoint>> endpoints;
  std::thread thread;
};

http_server::http_server() : state_{std::make_unique<state>()} {}

http_server::~http_server() {
  stop();
}

std::uint16_t http_server::listen(const std::string& address, handler h, const tls_files& tls) {
  const auto colon = address.rfind(':');
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(address.substr(0, colon), error);
  if (error || colon == std::string::npos) throw std::runtime_error{"not an address to listen on: " + address};
  const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(colon + 1)));
  auto at = std::make_unique<endpoint>(endpoint{tcp::acceptor{state_->io}, std::move(h), nullptr});
  if (!tls.certificate.empty()) {
    at->tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
    at->tls->use_certificate_chain_file(tls.certificate);
    at->tls->use_private_key_file(tls.key, asio::ssl::context::pem);
  }
  at->acceptor.open(ip.is_v6() ? tcp::v6() : tcp::v4());
  at->acceptor.set_option(tcp::acceptor::reuse_address{true});
  at->acceptor.bind({ip, port});
  at->acceptor.listen();
  const auto bound = at->acceptor.local_endpoint().port();
  asio::co_spawn(state_->io, accept(*at), connection_ended);
  state_->endpoints.push_back(std::move(at));
  return bound;
}

void http_server::every(std::chrono::milliseconds period, std::function<void()> work) {
  asio::co_spawn(state_->io, repeat(period, std::move(work)), connection_ended);
}

void http_server::post(const std::string& url, const std::vector<std::pair<std::string, std::string>>& headers,
                       std::string body, std::chrono::milliseconds limit, std::function<void(int)> done) {
  constexpr std::string_view scheme = "http://";
  const auto slash = std::min(url.find('/', scheme.size()), url.size());
  const auto authority = url.substr(std::min(scheme.size(), url.size()), slash - scheme.size());
  const auto colon = authority.rfind(':');
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(authority.substr(0, colon), error);
  if (error || !url.starts_with(scheme) || colon == std::string::npos)
    throw std::runtime_error{"not a URL to send to: " + url};
  outgoing out{{ip, static_cast<std::uint16_t>(std::stoul(authority.substr(colon + 1)))},
               {http::verb::post, slash == url.size() ? "/" : url.substr(slash), 11},
               limit};
  out.request.set(http::field::host, authority);
  for (const auto& [name, value] : headers) out.request.set(name, value);
  out.request.keep_alive(false);
  out.request.body() = std::move(body);
  out.request.prepare_payload();
  asio::co_spawn(state_->io, send(std::move(out)),
                 [done = std::move(done)](const std::exception_ptr& failed, int status) {
                   connection_ended(failed);
                   done(status);
                 });
}

void http_server::start() {
  state_->thread = std::thread{[this] { state_->io.run(); }};
}

void http_server::stop() {
  state_->io.stop();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace coachd::sim
