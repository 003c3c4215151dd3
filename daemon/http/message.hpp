// A request and its answer as the doors see them, and the one way to answer. Plain values; neither Asio nor Beast.
// Thread rule: an Answer is used on the server's executor only.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::http {

/// Views live until the request is answered.
struct Request {
  std::string_view method;
  std::string_view target;  ///< path and query, as sent
  std::string_view body;
  /// A header by its name in lower case; empty where it was not sent. The first one counts.
  std::function<std::string_view(std::string_view lower_name)> header;
  bool from_loopback = false;

  /// The target without its query.
  [[nodiscard]] std::string_view path() const noexcept { return target.substr(0, target.find('?')); }
};

struct Response {
  int status = 200;
  std::string body{};
  std::string_view content_type{};                                  ///< a literal; empty: the body is plain text
  std::vector<std::pair<std::string_view, std::string>> headers{};  ///< names are literals
  bool close = false;                                               ///< the connection ends after it
};

/// The end of a request that waits. An answer to a peer that has gone is dropped.
class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void respond(Response response) = 0;
};

/// Must be used once; goes unused: 500.
class Answer {
 public:
  explicit Answer(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  Answer(Answer&&) noexcept = default;
  Answer& operator=(Answer&&) noexcept = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() {
    if (exchange_) exchange_->respond({.status = 500, .close = true});
  }
  void send(Response response) { std::exchange(exchange_, nullptr)->respond(std::move(response)); }

 private:
  std::shared_ptr<Exchange> exchange_;
};

using Handler = std::function<void(const Request&, Answer)>;

/// The phrase of a status that this program answers with.
[[nodiscard]] std::string_view phrase(int status) noexcept;
/// Appends the head and the body as they are sent. `date`: of now, RFC 9110.
void render(std::string& out, const Response& response, bool keep_alive, bool with_body, std::string_view date);

}  // namespace coachd::http
