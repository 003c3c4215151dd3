// A small HTTP/1.1 server for simulators, on a thread of its own: keep-alive, optional TLS, and the ways in which an
// answer can go wrong on the wire. The handler runs on the server's thread, one request at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::sim {

struct http_request {
  std::string method;
  std::string target;
  std::map<std::string, std::string, std::less<>> headers;  // names in lower case
  std::string body;
  // Empty when it was not sent.
  [[nodiscard]] std::string_view header(std::string_view lower_name) const;
};

enum class delivery {
  normal,
  slow,  // half of the body, a pause, the rest
  cut,   // half of the body, then the connection is closed
  none   // the connection is closed without an answer
};

struct http_reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  delivery how = delivery::normal;
  std::chrono::milliseconds pause{0};
};

struct tls_files {
  std::string certificate;  // PEM; empty for plain HTTP
  std::string key;
};

class http_server {
 public:
  using handler = std::function<http_reply(const http_request&)>;

  http_server();
  ~http_server();  // stops
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  // Binds ("127.0.0.1:0" for any free port) and answers with `h` once start() ran; gives the port. Several are
  // possible. Throws std::runtime_error when the address cannot be bound or the TLS files cannot be read.
  std::uint16_t listen(const std::string& address, handler h, const tls_files& tls = {});
  // Calls `work` on the server's thread again and again.
  void every(std::chrono::milliseconds period, std::function<void()> work);
  // Sends one POST to http://HOST:PORT/... from the server's thread and tells there what came back: the status, or 0
  // for no answer in `limit`. Throws std::runtime_error for another kind of URL.
  void post(const std::string& url, const std::vector<std::pair<std::string, std::string>>& headers, std::string body,
            std::chrono::milliseconds limit, std::function<void(int)> done);
  void start();
  void stop();  // closes every connection; idempotent

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace coachd::sim
