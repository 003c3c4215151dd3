// Rows of a query and typed access to them: the answer's JSON on one side, model values on the other. Boost.JSON itself
// is seen by .cpp files only. Inner header of salesforce/.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/salesforce/session.hpp"
#include "rules/model/description.hpp"
#include "rules/model/value.hpp"

namespace coachd::salesforce {

/// One answer of query or queryAll. Rows are valid while this object lives.
struct Rows {
  std::shared_ptr<const boost::json::value> document;
  std::vector<const boost::json::object*> rows;
  bool done = true;              ///< false: the server had more than it gave
  model::Instant server_time{};  ///< of the answer
};

/// Runs a query that also sees deleted and archived rows. Errors: those of the session, or corrupt.
[[nodiscard]] Task<Rows> query(Session& session, std::string soql);
/// The same of the Tooling API, which knows how the organisation is set up.
[[nodiscard]] Task<Rows> tooling_query(Session& session, std::string soql);
/// Bytes of the request line that this query would make.
[[nodiscard]] std::size_t encoded_length(std::string_view soql);
/// The longest request line we dare to send: Salesforce answers 414 from 16,384 bytes (URI and headers together).
inline constexpr std::size_t longest_line = 14'000;

/// All rows of `object`, key paging by Id. `optional` columns are left out where Salesforce does not know or show them.
/// `where` may be empty. `each` sees every row once.
struct Listing {
  std::string object;
  std::vector<std::string> columns;
  std::vector<std::string> optional;
  std::string where;
};
[[nodiscard]] Task<bool> list(Session& session, Listing listing, std::function<void(const boost::json::object&)> each);

// ---- typed access: what is absent, null or of another type is empty
// ----------------------------------------------------
[[nodiscard]] std::string text(const boost::json::object& row, std::string_view key);
[[nodiscard]] std::string id(const boost::json::object& row, std::string_view key);  ///< 18 characters
[[nodiscard]] bool flag(const boost::json::object& row, std::string_view key);
[[nodiscard]] std::optional<std::int64_t> integer(const boost::json::object& row, std::string_view key);
[[nodiscard]] std::optional<model::Instant> instant(const boost::json::object& row, std::string_view key);
/// A key with one dot goes through a parent. Null where absent.
[[nodiscard]] const boost::json::value* at(const boost::json::object& row, std::string_view key);
/// As the field's type says; a text that is no date or number stays a text. Null is blank.
[[nodiscard]] model::StoredValue value(const boost::json::value* json, model::FieldType type);

}  // namespace coachd::salesforce
