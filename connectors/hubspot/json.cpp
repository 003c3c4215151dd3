#include "connectors/hubspot/json.hpp"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "connectors/connector.hpp"
#include "connectors/hubspot/answers.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

namespace json = boost::json;
using model::Instant;

namespace {

[[nodiscard]] std::optional<std::int64_t> number_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

connectors::Result<Document> parse(const net::Response& answer, bool write) {
  if (!is_json(answer)) return unreadable("it is no JSON", write);
  boost::system::error_code failed;
  // a page is thousands of small values that die together
  auto memory = json::make_shared_resource<json::monotonic_resource>(answer.body.size() * 2 + 4096);
  auto document = std::make_shared<const json::value>(json::parse(answer.body, failed, memory));
  if (failed || !document->is_object()) return unreadable("no JSON object", write);
  return document;
}

const json::object& root(const Document& document) {
  return document->get_object();
}

std::string_view text(const json::object& object, std::string_view key) {
  const json::value* const found = object.if_contains(key);
  return found != nullptr && found->is_string() ? std::string_view(found->get_string()) : std::string_view();
}

bool flag(const json::object& object, std::string_view key) {
  const json::value* const found = object.if_contains(key);
  if (found == nullptr) return false;
  return found->is_bool() ? found->get_bool() : text(object, key) == "true";
}

std::optional<std::int64_t> integer(const json::object& object, std::string_view key) {
  const json::value* const found = object.if_contains(key);
  if (found == nullptr) return std::nullopt;
  if (found->is_string()) return number_of(std::string_view(found->get_string()));
  if (!found->is_number()) return std::nullopt;
  boost::system::error_code inexact;
  const auto number = found->to_number<std::int64_t>(inexact);
  return inexact ? std::nullopt : std::optional(number);
}

std::optional<Instant> instant_of(std::string_view text) {
  if (const auto ms = number_of(text)) {
    constexpr std::int64_t most = 253'402'300'800'000;  // the year 10000
    if (*ms < -most || *ms > most) return std::nullopt;
    return Instant(std::chrono::milliseconds{*ms});
  }
  return model::parse_instant(text);
}

std::optional<Instant> instant(const json::object& object, std::string_view key) {
  if (const auto written = text(object, key); !written.empty()) return instant_of(written);
  const auto ms = integer(object, key);
  return ms ? instant_of(std::to_string(*ms)) : std::nullopt;
}

std::string id(const json::object& object, std::string_view key) {
  const auto number = integer(object, key);
  return number && *number >= 0 ? std::to_string(*number) : std::string();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const json::value* const found = object.if_contains(key);
  return found != nullptr && found->is_object() ? &found->get_object() : nullptr;
}

const json::array* array_at(const json::object& object, std::string_view key) {
  const json::value* const found = object.if_contains(key);
  return found != nullptr && found->is_array() ? &found->get_array() : nullptr;
}

std::string next_page(const json::object& body) {
  const json::object* const paging = object_at(body, "paging");
  const json::object* const next = paging == nullptr ? nullptr : object_at(*paging, "next");
  if (next == nullptr) return {};
  const auto after = text(*next, "after");
  return after.empty() ? id(*next, "after") : std::string(after);
}

}  // namespace coachd::hubspot
