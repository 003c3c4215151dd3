// A public door as the daemon opens it - real server, real store, HubSpot's signature - on a port of its own, and a
// client that sends bytes and reads what comes. The door runs on a thread; the test talks to it by sockets alone.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "connectors/hubspot/hooks.hpp"
#include "daemon/http/hook_door.hpp"
#include "daemon/http/message.hpp"
#include "daemon/http/refusals.hpp"
#include "daemon/http/server.hpp"
#include "daemon/store/sqlite/sqlite_store.hpp"
#include "daemon/store/store.hpp"

namespace coachd::door {

using tcp = boost::asio::ip::tcp;

inline constexpr const char* secret = "coachd-sim-hook";
inline constexpr const char* public_url = "https://hooks.example";
inline constexpr const char* target = "/v1/hooks/acme";
inline const model::Instant now{std::chrono::milliseconds(1'700'000'000'000)};

[[nodiscard]] inline std::string signature(std::string_view body, std::string_view timestamp) {
  const std::string text = "POST" + std::string(public_url) + target + std::string(body) + std::string(timestamp);
  std::array<unsigned char, 32> mac{};
  HMAC(EVP_sha256(), secret, static_cast<int>(std::string_view(secret).size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
  std::array<unsigned char, 64> base64{};
  const int n = EVP_EncodeBlock(base64.data(), mac.data(), 32);
  return {base64.begin(), base64.begin() + n};
}

[[nodiscard]] inline std::string events(int first, int count = 1) {
  std::string body = "[";
  for (int i = 0; i < count; ++i)
    body +=
        (i > 0 ? "," : "") + std::string(R"({"eventId":)") + std::to_string(first + i) +
        R"(,"portalId":62515,"subscriptionId":1,"occurredAt":1699999999000,"subscriptionType":"deal.creation","objectId":7})";
  return body + "]";
}

/// A request as HubSpot sends it; `more` are further header lines.
[[nodiscard]] inline std::string delivery(const std::string& body, std::int64_t sent_ms = 1'700'000'000'000,
                                          const std::string& more = "", const std::string& signed_as = "") {
  const auto timestamp = std::to_string(sent_ms);
  return "POST " + std::string(target) + " HTTP/1.1\r\nHost: hooks.example\r\nContent-Type: application/json\r\n" +
         "X-HubSpot-Request-Timestamp: " + timestamp +
         "\r\nX-HubSpot-Signature-v3: " + (signed_as.empty() ? signature(body, timestamp) : signed_as) + "\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// One connection; reading gives up after five seconds.
class Peer {
 public:
  explicit Peer(std::uint16_t port) : socket_(io_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    const timeval limit{5, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  /// False: the other side has gone.
  bool send(std::string_view bytes) {
    boost::system::error_code ec;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ec);
    return !ec;
  }
  /// The status of the next answer; 0: the connection ended without one.
  int status() {
    std::size_t end = std::string::npos;
    while ((end = in_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return 0;
    head_ = in_.substr(0, end + 4);
    const auto at = head_.find("Content-Length: ");
    const std::size_t length = at == std::string::npos ? 0 : std::stoul(head_.substr(at + 16));
    while (in_.size() < end + 4 + length)
      if (!more()) return 0;
    body_ = in_.substr(end + 4, length);
    in_.erase(0, end + 4 + length);
    return std::stoi(head_.substr(9, 3));
  }
  /// True: the other side ends the connection, without a further byte.
  bool ended() { return in_.empty() && !more() && !timed_out_; }
  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] const std::string& body() const { return body_; }

 private:
  bool more() {
    std::array<char, 4096> buffer{};
    const auto n = ::recv(socket_.native_handle(), buffer.data(), buffer.size(), 0);
    timed_out_ = n < 0 && errno == EAGAIN;
    if (n <= 0) return false;
    in_.append(buffer.data(), static_cast<std::size_t>(n));
    return true;
  }

  boost::asio::io_context io_;
  tcp::socket socket_;
  std::string in_, head_, body_;
  bool timed_out_ = false;
};

class Door {
 public:
  /// `ahead`: of the machine's clock runs the one that never steps back.
  explicit Door(http::Limits limits = {}, const http::Tls& tls = {}, std::chrono::seconds ahead = {}) {
    std::string pattern = (std::filesystem::temp_directory_path() / "coachd-door-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    store::sqlite::Options options;
    options.folder = folder_;
    options.reserve_bytes = std::int64_t{1024} * 1024;
    options.look_for_room_every = std::chrono::milliseconds(20);
    store_ = store::sqlite::open(options);
    http::HookDoorOptions door;
    door.public_url = public_url;
    door.now = [ahead] { return now + ahead; };
    door.wall = [] { return now; };
    hooks_.emplace(io_.get_executor(), *store_, refusals_,
                   http::Routes{{"acme", hubspot::make_hooks({secret, "62515"})}}, std::move(door));
    server_ = std::make_unique<http::Server>(
        io_.get_executor(), "127.0.0.1", 0, tls, limits,
        [this](const http::Request& request, http::Answer answer) { hooks_->handle(request, std::move(answer)); },
        [this](std::string_view reason, int status) {
          refusals_.add(reason, status, std::chrono::steady_clock::now());
        });
    thread_ = std::thread([this] { io_.run(); });
  }
  template <class F>
  auto on_its_thread(F work) {
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto done = task.get_future();
    boost::asio::post(io_, [&task] { task(); });
    return done.get();
  }
  ~Door() {  // NOLINT(bugprone-exception-escape): a broken fixture may end the test
    on_its_thread([this] {
      server_.reset();
      hooks_.reset();
    });
    io_.stop();
    thread_.join();
    store_->stop();
    store_.reset();
    std::error_code ec;
    std::filesystem::remove_all(folder_, ec);
  }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  [[nodiscard]] std::uint16_t port() const { return server_->port(); }
  [[nodiscard]] store::sqlite::SqliteStore& store() { return *store_; }
  [[nodiscard]] std::int64_t rows() { return store_->open_reader()->snapshot()->journal_waiting("acme"); }
  [[nodiscard]] std::vector<std::string> told() {
    const std::scoped_lock lock(mutex_);
    return told_;
  }
  [[nodiscard]] std::size_t connections() {
    return on_its_thread([this] { return server_->connections(); });
  }

 private:
  std::filesystem::path folder_;
  boost::asio::io_context io_{1};
  std::mutex mutex_;
  std::vector<std::string> told_;
  http::Refusals refusals_{[this](std::string_view reason, int status, std::uint64_t) {
                             const std::scoped_lock lock(mutex_);
                             told_.push_back(std::string(reason) + " " + std::to_string(status));
                           },
                           std::chrono::seconds(0)};
  std::unique_ptr<store::sqlite::SqliteStore> store_;
  std::optional<http::HookDoor> hooks_;
  std::unique_ptr<http::Server> server_;
  std::thread thread_;
};

}  // namespace coachd::door
