// One HTTP/1.1 request after another out of a connection's buffer: Beast's grammar over bytes that are kept whole, so
// that names and values are places in them and nothing is copied. Beast is seen in the .cpp only. Thread rule: one
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace coachd::http {

class RequestParser {
 public:
  enum class Got : std::uint8_t { part, request, head_too_large, body_too_large, not_http };
  struct Taken {
    Got got = Got::part;
    std::size_t bytes = 0;  ///< of those not looked at before
  };

  /// Most bytes of head and body.
  RequestParser(std::size_t head, std::size_t body);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  /// The next request begins.
  void begin();
  /// Goes on with [parsed, filled) of a buffer that holds the request from its first byte; the buffer may have moved
  /// since the last call.
  [[nodiscard]] Taken take(const char* buffer, std::size_t parsed, std::size_t filled);

  /// Of a whole request, while its buffer stays where it is.
  [[nodiscard]] std::string_view method() const;
  [[nodiscard]] std::string_view target() const;
  [[nodiscard]] std::string_view body() const;
  /// The first header of that name, given in small letters; empty where absent.
  [[nodiscard]] std::string_view header(std::string_view lower) const;
  [[nodiscard]] bool keep_alive() const;
  /// The head is there, and its peer waits for a word before it sends the body.
  [[nodiscard]] bool wants_continue() const;

 private:
  class Grammar;
  struct Inside;
  std::unique_ptr<Inside> inside_;  // one for all requests: a short one takes no memory of its own
};

}  // namespace coachd::http
