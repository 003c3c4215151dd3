// The pool: kept-alive connections per host with a bound, in front of transport.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connectors/net/gzip.hpp"
#include "connectors/net/http.hpp"
#include "connectors/net/transport.hpp"
#include "connectors/net/url.hpp"

namespace coachd::net {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

/// A write goes out only on a connection that was used just now: on an older one a cut would leave a doubt for nothing.
constexpr std::chrono::seconds fresh_enough_for_writes{2};

[[nodiscard]] bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

struct Idle {
  std::unique_ptr<Connection> connection;
  clock::time_point since;
};

struct Host {
  std::deque<Idle> idle;  // oldest first
  std::size_t busy = 0;
  std::deque<std::shared_ptr<asio::steady_timer>> waiting;
};

/// Held by every request under way, so that it outlives the client that started it.
struct Pool {
  std::map<std::string, Host> hosts;

  void release(const std::string& origin) {
    Host& host = hosts[origin];
    --host.busy;
    while (!host.waiting.empty()) {
      const auto next = std::move(host.waiting.front());
      host.waiting.pop_front();
      if (next->cancel() > 0) return;  // 0: it gave up waiting meanwhile
    }
  }
};

/// One of the host's connections, given back whatever happens.
class Slot {
 public:
  Slot(std::shared_ptr<Pool> pool, std::string origin) : pool_(std::move(pool)), origin_(std::move(origin)) {
    ++pool_->hosts[origin_].busy;
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;
  ~Slot() { pool_->release(origin_); }

 private:
  std::shared_ptr<Pool> pool_;
  std::string origin_;
};

class PooledClient final : public Client {
 public:
  PooledClient(asio::any_io_executor executor, ClientOptions options)
      : executor_(std::move(executor)), options_(std::move(options)), transport_(make_transport(executor_, options_)) {}

  asio::awaitable<Result<Response>> send(Request request) override {
    const auto url = parse_url(request.url);
    if (!url) co_return Error{errc::bad_url, "the address is no https:// URL", false};
    if (!url->tls && !url->loopback())
      co_return Error{errc::plain_http,
                      fmt::format("{} would be asked without TLS: only https:// is allowed", url->origin()), false};

    const auto pool = pool_;
    const std::string origin = url->origin();
    if (auto refused = co_await wait_for_slot(pool, origin)) co_return std::move(*refused);
    const Slot slot(pool, origin);

    const bool read = request.method == "GET" || request.method == "HEAD";
    auto connection = take_idle(
        pool->hosts[origin],
        read ? options_.keep_idle : std::min<std::chrono::milliseconds>(options_.keep_idle, fresh_enough_for_writes));
    bool reused = connection != nullptr;
    for (;;) {
      if (connection == nullptr) {
        auto opened = co_await transport_->open(*url);
        if (!opened) co_return opened.error();
        connection = std::move(*opened);
      }
      auto answer = co_await connection->exchange(*url, request);
      if (!answer && answer.error().code == errc::cut && read && reused) {
        reused = false;  // the server had closed it while it was idle
        connection.reset();
        continue;
      }
      if (!answer) co_return answer.error();
      if (connection->reusable()) keep(pool->hosts[origin], std::move(connection));
      co_return unpack(std::move(*answer), origin);
    }
  }

 private:
  /// Nothing once a connection may be opened or taken; an error where none became free in time.
  [[nodiscard]] asio::awaitable<std::optional<Error>> wait_for_slot(std::shared_ptr<Pool> pool, std::string origin) {
    const auto until = clock::now() + options_.deadlines.slot;
    while (pool->hosts[origin].busy >= options_.per_host) {
      const auto bell = std::make_shared<asio::steady_timer>(executor_, until);
      pool->hosts[origin].waiting.push_back(bell);
      const auto [rung] = co_await bell->async_wait(asio::as_tuple(asio::use_awaitable));
      if (rung != asio::error::operation_aborted) {
        std::erase(pool->hosts[origin].waiting, bell);
        co_return Error{errc::busy, fmt::format("all {} connections to {} stayed busy", options_.per_host, origin),
                        false};
      }
    }
    co_return std::nullopt;
  }

  /// The connection used last that is still alive and was idle for no longer than `age`; the dead ones are dropped.
  [[nodiscard]] std::unique_ptr<Connection> take_idle(Host& host, std::chrono::milliseconds age) const {
    const auto now = clock::now();
    std::erase_if(host.idle, [&](const Idle& idle) { return now - idle.since > options_.keep_idle; });
    while (!host.idle.empty() && now - host.idle.back().since <= age) {
      auto connection = std::move(host.idle.back().connection);
      host.idle.pop_back();
      if (connection->reusable()) return connection;
    }
    return nullptr;
  }

  void keep(Host& host, std::unique_ptr<Connection> connection) const {
    if (host.idle.size() >= options_.per_host) host.idle.pop_front();
    host.idle.push_back({std::move(connection), clock::now()});
  }

  [[nodiscard]] Result<Response> unpack(Response answer, const std::string& origin) const {
    if (!same_name(answer.header("content-encoding"), "gzip") || answer.body.empty()) return answer;
    std::string plain;
    switch (gunzip(answer.body, options_.max_body, plain)) {
      case Unpacked::ok: answer.body = std::move(plain); return answer;
      case Unpacked::too_large:
        return Error{errc::too_large, fmt::format("the answer of {} is larger than allowed", origin), true};
      case Unpacked::corrupt: break;
    }
    return Error{errc::corrupt, fmt::format("the packed answer of {} cannot be read", origin), true};
  }

  asio::any_io_executor executor_;
  ClientOptions options_;
  std::unique_ptr<Transport> transport_;
  std::shared_ptr<Pool> pool_ = std::make_shared<Pool>();
};

}  // namespace

std::string_view Response::header(std::string_view name) const noexcept {
  for (const Header& h : headers)
    if (same_name(h.name, name)) return h.value;
  return {};
}

void throw_exception_from_error(const Error& e, const boost::source_location&) {
  throw std::runtime_error(e.what);
}

std::unique_ptr<Client> make_client(asio::any_io_executor executor, ClientOptions options) {
  return std::make_unique<PooledClient>(std::move(executor), std::move(options));
}

}  // namespace coachd::net
