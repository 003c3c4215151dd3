// Typed access to the objects of an answer: what is absent, null or of another type is empty. Boost.JSON itself is seen
// by .cpp files only. Inner header of hubspot/. Pure functions; views live as long as the document.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "connectors/connector.hpp"
#include "connectors/net/http.hpp"
#include "rules/model/time.hpp"

namespace coachd::hubspot {

/// A body as JSON object; corrupt where it is none.
using Document = std::shared_ptr<const boost::json::value>;
[[nodiscard]] connectors::Result<Document> parse(const net::Response& answer, bool write = false);
[[nodiscard]] const boost::json::object& root(const Document& document);

[[nodiscard]] std::string_view text(const boost::json::object& object, std::string_view key);
[[nodiscard]] bool flag(const boost::json::object& object, std::string_view key);
/// Of a number, or of digits in a text.
[[nodiscard]] std::optional<std::int64_t> integer(const boost::json::object& object, std::string_view key);
/// ISO 8601 text, or milliseconds since 1970 as text or number.
[[nodiscard]] std::optional<model::Instant> instant(const boost::json::object& object, std::string_view key);
[[nodiscard]] std::optional<model::Instant> instant_of(std::string_view text);
/// An id: digits, as text or as number.
[[nodiscard]] std::string id(const boost::json::object& object, std::string_view key);
[[nodiscard]] const boost::json::object* object_at(const boost::json::object& object, std::string_view key);
[[nodiscard]] const boost::json::array* array_at(const boost::json::object& object, std::string_view key);
/// `paging.next.after`; "" at the end.
[[nodiscard]] std::string next_page(const boost::json::object& body);

}  // namespace coachd::hubspot
