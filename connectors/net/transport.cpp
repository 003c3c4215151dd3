#include "connectors/net/transport.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "connectors/net/http.hpp"
#include "connectors/net/resolve.hpp"
#include "connectors/net/url.hpp"

namespace coachd::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t read_bytes = std::size_t{64} << 10;
using plain_stream = beast::tcp_stream;
using tls_stream = asio::ssl::stream<beast::tcp_stream>;

/// The sentence for what ended a phase. `message()` of the code is the system's, never the peer's text.
[[nodiscard]] Error failure(const error_code& ec, const std::string& peer, std::string_view phase,
                            std::chrono::milliseconds limit, bool may_have_happened) {
  if (ec == beast::error::timeout)
    return {errc::timed_out, fmt::format("{} did not answer in time ({}, {} ms)", peer, phase, limit.count()),
            may_have_happened};
  if (ec == http::error::body_limit || ec == http::error::header_limit || ec == http::error::buffer_overflow)
    return {errc::too_large, fmt::format("the answer of {} is larger than allowed", peer), may_have_happened};
  if (ec == asio::error::operation_aborted) return {errc::cancelled, "the request was given up", may_have_happened};
  if (ec == asio::error::connection_refused || ec == asio::error::network_unreachable ||
      ec == asio::error::host_unreachable || ec == asio::error::address_family_not_supported)
    return {errc::refused, fmt::format("{} cannot be reached: {}", peer, ec.message()), may_have_happened};
  const bool ended = ec == http::error::end_of_stream || ec == http::error::partial_message;
  if (!ended && ec.category() == http::make_error_code(http::error::end_of_stream).category())
    return {errc::corrupt, fmt::format("{} did not answer in HTTP: {}", peer, ec.message()), may_have_happened};
  return {errc::cut,
          fmt::format("the connection to {} was cut ({}): {}", peer, phase, ended ? "it ended early" : ec.message()),
          may_have_happened};
}

template <class Stream>
class StreamConnection final : public Connection {
 public:
  StreamConnection(Stream stream, std::string peer, const ClientOptions& options)
      : stream_(std::move(stream)),
        peer_(std::move(peer)),
        deadlines_(options.deadlines),
        max_head_(options.max_head),
        max_body_(options.max_body),
        user_agent_(options.user_agent) {
    buffer_.reserve(read_bytes);  // Beast reads as much at once as there is room
  }

  asio::awaitable<Result<Response>> exchange(const Url& url, const Request& request) override {
    open_ = false;
    http::request<http::string_body> message;
    message.version(11);
    message.method_string(request.method);
    message.target(url.target);
    message.set(http::field::host, url.authority());
    message.set(http::field::user_agent, user_agent_);
    message.set(http::field::accept_encoding, "gzip");
    for (const Header& header : request.headers) message.set(header.name, header.value);
    message.body() = request.body;
    message.prepare_payload();

    lowest().expires_after(deadlines_.write);
    const auto [written, sent] = co_await http::async_write(stream_, message, as_result);
    if (written) co_return failure(written, peer_, "sending", deadlines_.write, true);

    http::response_parser<http::string_body> parser;
    parser.header_limit(static_cast<std::uint32_t>(max_head_));
    parser.body_limit(max_body_);
    if (request.method == "HEAD") parser.skip(true);
    lowest().expires_after(deadlines_.answer);
    const auto [headed, head] = co_await http::async_read_header(stream_, buffer_, parser, as_result);
    if (headed) co_return failure(headed, peer_, "waiting for the answer", deadlines_.answer, true);
    lowest().expires_after(deadlines_.body);
    const auto [ended, rest] = co_await http::async_read(stream_, buffer_, parser, as_result);
    if (ended) co_return failure(ended, peer_, "reading the answer", deadlines_.body, true);
    lowest().expires_never();

    auto answer = parser.release();
    open_ = answer.keep_alive() && !answer.need_eof();
    Response response;
    response.status = static_cast<int>(answer.result_int());
    for (const auto& field : answer)
      response.headers.push_back({std::string(field.name_string()), std::string(field.value())});
    response.body = std::move(answer.body());
    co_return response;
  }

  bool reusable() override {
    if (!open_ || buffer_.size() != 0) return false;
    auto& socket = lowest().socket();
    error_code ec;
    socket.non_blocking(true, ec);
    if (ec) return false;
    char byte = 0;
    socket.receive(asio::buffer(&byte, 1), asio::socket_base::message_peek, ec);
    return ec == asio::error::would_block || ec == asio::error::try_again;
  }

 private:
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  Stream stream_;
  beast::flat_buffer buffer_;
  std::string peer_;
  Deadlines deadlines_;
  std::size_t max_head_, max_body_;
  std::string user_agent_;
  bool open_ = false;
};

[[nodiscard]] asio::ssl::context make_context(const ClientOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_client);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(asio::ssl::verify_peer);
  error_code ec;
  context.set_default_verify_paths(ec);
  if (ec) throw std::runtime_error(fmt::format("the system's certificates cannot be used: {}", ec.message()));
  if (!options.ca_file.empty()) {
    context.load_verify_file(options.ca_file, ec);
    if (ec) throw std::runtime_error(fmt::format("the CA file {} cannot be used: {}", options.ca_file, ec.message()));
  }
  if (!options.client_certificate.empty()) {
    context.use_certificate_chain_file(options.client_certificate, ec);
    if (ec)
      throw std::runtime_error(
          fmt::format("the client certificate {} cannot be used: {}", options.client_certificate, ec.message()));
    context.use_private_key_file(options.client_key, asio::ssl::context::pem, ec);
    if (ec) throw std::runtime_error(fmt::format("the key of the client certificate cannot be used: {}", ec.message()));
  }
  return context;
}

/// SNI and the name that the certificate must bear. OpenSSL checks the name itself, so its verdict names that reason
/// too.
[[nodiscard]] bool expect_name(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* const param = SSL_get0_param(ssl);
  error_code ec;
  asio::ip::make_address(host, ec);
  if (!ec) return X509_VERIFY_PARAM_set1_ip_asc(param, host.c_str()) == 1;
  X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // SSL_set_tlsext_host_name without its C-style cast
  return X509_VERIFY_PARAM_set1_host(param, host.c_str(), 0) == 1 &&
         SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(host.c_str())) == 1;
}

[[nodiscard]] Error handshake_failure(const error_code& ec, SSL* ssl, const std::string& peer,
                                      std::chrono::milliseconds limit) {
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK)
    return {errc::certificate,
            fmt::format("the certificate of {} does not verify: {}", peer, X509_verify_cert_error_string(verdict)),
            false};
  if (ec.category() == asio::error::get_ssl_category()) {
    const char* const reason = ERR_reason_error_string(static_cast<unsigned long>(ec.value()));
    return {errc::tls, fmt::format("no TLS with {}: {}", peer, reason != nullptr ? reason : "handshake failed"), false};
  }
  return failure(ec, peer, "TLS handshake", limit, false);
}

class BeastTransport final : public Transport {
 public:
  BeastTransport(asio::any_io_executor executor, const ClientOptions& options)
      : executor_(std::move(executor)), options_(options), context_(make_context(options)) {}

  asio::awaitable<Result<std::unique_ptr<Connection>>> open(const Url& url) override {
    const std::string peer = url.origin();
    auto endpoints = co_await resolve(executor_, url.host, url.port, options_.deadlines.resolve);
    if (!endpoints) co_return endpoints.error();
    beast::tcp_stream tcp(executor_);
    tcp.expires_after(options_.deadlines.connect);
    const auto [refused, endpoint] = co_await tcp.async_connect(*endpoints, as_result);
    if (refused) co_return connect_failure(refused, peer);
    error_code ignored;
    tcp.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    if (!url.tls) co_return std::make_unique<StreamConnection<plain_stream>>(std::move(tcp), peer, options_);

    tls_stream stream(std::move(tcp), context_);
    if (!expect_name(stream.native_handle(), url.host))
      co_return Error{errc::tls, fmt::format("TLS with {} cannot be set up", peer), false};
    beast::get_lowest_layer(stream).expires_after(options_.deadlines.handshake);
    const auto [failed] = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
    if (failed) co_return handshake_failure(failed, stream.native_handle(), peer, options_.deadlines.handshake);
    co_return std::make_unique<StreamConnection<tls_stream>>(std::move(stream), peer, options_);
  }

 private:
  [[nodiscard]] Error connect_failure(const error_code& ec, const std::string& peer) const {
    Error error = failure(ec, peer, "connecting", options_.deadlines.connect, false);
    if (error.code == errc::cut)
      error = {errc::refused, fmt::format("{} cannot be reached: {}", peer, ec.message()), false};
    return error;
  }

  asio::any_io_executor executor_;
  ClientOptions options_;
  asio::ssl::context context_;
};

}  // namespace

std::unique_ptr<Transport> make_transport(asio::any_io_executor executor, const ClientOptions& options) {
  return std::make_unique<BeastTransport>(std::move(executor), options);
}

}  // namespace coachd::net
