#include "daemon/http/request_parser.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string_type.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <boost/optional/optional.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coachd::http {
namespace {

namespace beast = boost::beast;
namespace parsing = boost::beast::http;
using boost::system::error_code;

bool same_name(std::string_view name, std::string_view lower) {
  return std::equal(name.begin(), name.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

struct Place {
  std::size_t offset = 0, length = 0;
};
using Fields = std::vector<std::pair<Place, Place>>;

}  // namespace

class RequestParser::Grammar final : public parsing::basic_parser<true> {
 public:
  /// `fields` is room for those of the request.
  Grammar(std::size_t head, std::size_t body, Fields& fields) : fields_(fields) {
    fields_.clear();
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
  Fields& fields_;
  std::string chunks_;
};

struct RequestParser::Inside {
  std::size_t head, body;
  Fields fields{};
  std::optional<Grammar> grammar{};  // Beast's has no way back to its start
};

RequestParser::RequestParser(std::size_t head, std::size_t body) : inside_(std::make_unique<Inside>(head, body)) {
  begin();
}
RequestParser::~RequestParser() = default;

void RequestParser::begin() {
  inside_->grammar.emplace(inside_->head, inside_->body, inside_->fields);
}

RequestParser::Taken RequestParser::take(const char* buffer, std::size_t parsed, std::size_t filled) {
  auto& grammar = *inside_->grammar;
  grammar.base(buffer, filled);
  error_code ec;
  const auto bytes = grammar.put(boost::asio::buffer(buffer + parsed, filled - parsed), ec);
  if (ec == parsing::error::header_limit) return {Got::head_too_large, bytes};
  if (ec == parsing::error::body_limit) return {Got::body_too_large, bytes};
  if (ec && ec != parsing::error::need_more) return {Got::not_http, bytes};
  return {grammar.is_done() ? Got::request : Got::part, bytes};
}

std::string_view RequestParser::method() const {
  return inside_->grammar->method();
}

std::string_view RequestParser::target() const {
  return inside_->grammar->target();
}

std::string_view RequestParser::body() const {
  return inside_->grammar->body();
}

std::string_view RequestParser::header(std::string_view lower) const {
  return inside_->grammar->header(lower);
}

bool RequestParser::keep_alive() const {
  return inside_->grammar->keep_alive();
}

bool RequestParser::wants_continue() const {
  const auto& grammar = *inside_->grammar;
  return grammar.is_header_done() && same_name(grammar.header("expect"), "100-continue");
}

}  // namespace coachd::http
