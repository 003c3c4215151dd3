#include "connectors/net/cursor_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace coachd::net {

namespace json = boost::json;

std::optional<json::object> cursor_fields(std::string_view text, std::int64_t version, std::string_view object) {
  boost::system::error_code failed;
  json::value document = json::parse(text, failed);
  if (failed || !document.is_object()) return std::nullopt;
  json::object& fields = document.get_object();
  const json::value* const v = fields.if_contains("v");
  const json::value* const of = fields.if_contains("of");
  if (v == nullptr || *v != json::value(version) || of == nullptr || *of != json::value(json::string(object)))
    return std::nullopt;
  return std::move(fields);
}

}  // namespace coachd::net
