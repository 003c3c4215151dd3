#include "connectors/salesforce/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "connectors/net/url.hpp"
#include "connectors/salesforce/answers.hpp"
#include "connectors/salesforce/ids.hpp"
#include "connectors/salesforce/session.hpp"
#include "connectors/salesforce/soql.hpp"
#include "rules/model/description.hpp"
#include "rules/model/time.hpp"
#include "rules/model/value.hpp"

namespace coachd::salesforce {

namespace json = boost::json;
using model::FieldType;
using model::StoredValue;
using model::Value;

std::size_t encoded_length(std::string_view soql) {
  return net::percent_encode(soql).size() + 60;
}

namespace {

[[nodiscard]] Result<Rows> read_rows(const std::string& body) {
  boost::system::error_code failed;
  auto document = std::make_shared<json::value>(json::parse(body, failed));
  if (failed || !document->is_object()) return unreadable("no JSON object", false);
  const json::value* const records = document->get_object().if_contains("records");
  const json::value* const done = document->get_object().if_contains("done");
  if (records == nullptr || !records->is_array() || done == nullptr || !done->is_bool())
    return unreadable("no list of records", false);
  Rows rows;
  for (const json::value& record : records->get_array()) {
    if (!record.is_object()) return unreadable("a record is no object", false);
    rows.rows.push_back(&record.get_object());
  }
  rows.done = done->get_bool();
  rows.document = std::move(document);
  return rows;
}

[[nodiscard]] Task<Rows> run(Session& session, std::string target) {
  const Call call{.target = std::move(target)};
  for (int attempt = 1;; ++attempt) {
    const auto answer = co_await session.call(call);
    if (!answer) co_return answer.error();
    auto rows = read_rows(answer->body);
    if (rows)
      rows->server_time = session.server_now();
    else if (attempt == 1)
      continue;  // cut short by something in between: once more
    co_return rows;
  }
}

}  // namespace

Task<Rows> query(Session& session, std::string soql) {
  co_return co_await run(session, session.path("/queryAll?q=") + net::percent_encode(soql));
}

Task<Rows> tooling_query(Session& session, std::string soql) {
  co_return co_await run(session, session.path("/tooling/query?q=") + net::percent_encode(soql));
}

Task<bool> list(Session& session, Listing listing, std::function<void(const json::object&)> each) {
  std::string last;
  for (;;) {
    std::vector<std::string> columns = listing.columns;
    columns.insert(columns.end(), listing.optional.begin(), listing.optional.end());
    std::string soql = fmt::format("SELECT {} FROM {}", joined(columns), listing.object);
    if (!listing.where.empty()) soql += " WHERE " + listing.where;
    if (!last.empty()) soql += fmt::format(" {} Id > {}", listing.where.empty() ? "WHERE" : "AND", quote(last));
    soql += fmt::format(" ORDER BY Id ASC LIMIT {}", session.options().page);
    const auto page = co_await query(session, std::move(soql));
    if (!page) {
      if (!has_code(page.error(), "INVALID_FIELD") || listing.optional.empty()) co_return page.error();
      // drop the optional column that it complains about, else all of them
      const auto named = std::find_if(listing.optional.begin(), listing.optional.end(), [&](const std::string& column) {
        return page.error().detail.find("'" + column.substr(0, column.find('.')) + "'") != std::string::npos;
      });
      if (named == listing.optional.end())
        listing.optional.clear();
      else
        listing.optional.erase(named);
      continue;
    }
    for (const json::object* const row : page->rows) each(*row);
    if (page->rows.empty() || (page->done && page->rows.size() < session.options().page)) co_return true;
    const std::string end = text(*page->rows.back(), "Id");
    if (end <= last) co_return unreadable("rows are not in the order asked for", false);
    last = end;
  }
}

const json::value* at(const json::object& row, std::string_view key) {
  const auto dot = key.find('.');
  if (dot == std::string_view::npos) return row.if_contains(key);
  const json::value* const parent = row.if_contains(key.substr(0, dot));
  return parent != nullptr && parent->is_object() ? at(parent->get_object(), key.substr(dot + 1)) : nullptr;
}

std::string text(const json::object& row, std::string_view key) {
  const json::value* const found = at(row, key);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::string id(const json::object& row, std::string_view key) {
  return id18(text(row, key));
}

bool flag(const json::object& row, std::string_view key) {
  const json::value* const found = at(row, key);
  return found != nullptr && found->is_bool() && found->get_bool();
}

std::optional<std::int64_t> integer(const json::object& row, std::string_view key) {
  const json::value* const found = at(row, key);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  boost::system::error_code inexact;
  const auto number = found->to_number<std::int64_t>(inexact);
  return inexact ? std::nullopt : std::optional(number);
}

std::optional<model::Instant> instant(const json::object& row, std::string_view key) {
  return model::parse_instant(text(row, key));
}

namespace {

[[nodiscard]] bool is_number(FieldType type) {
  return type == FieldType::number || type == FieldType::currency || type == FieldType::percent;
}

[[nodiscard]] StoredValue from_text(std::string_view written, FieldType type) {
  if (type == FieldType::date)
    if (const auto day = model::parse_day(written)) return StoredValue(Value::day(*day));
  if (type == FieldType::datetime)
    if (const auto moment = model::parse_instant(written)) return StoredValue(Value::instant(*moment));
  if (is_number(type)) {
    double number = 0;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), number);
    if (error == std::errc() && end == written.data() + written.size()) return StoredValue(Value::number(number));
  }
  if (type == FieldType::boolean && (written == "true" || written == "false"))
    return StoredValue(Value::boolean(written == "true"));
  if (type == FieldType::reference || type == FieldType::id) return StoredValue(Value::text_or_blank(id18(written)));
  return StoredValue(Value::text_or_blank(written));
}

}  // namespace

StoredValue value(const json::value* json, FieldType type) {
  if (json == nullptr || json->is_null()) return StoredValue(Value::blank());
  if (json->is_bool()) return StoredValue(Value::boolean(json->get_bool()));
  if (json->is_number()) {
    boost::system::error_code ignored;
    return StoredValue(Value::number(json->to_number<double>(ignored)));
  }
  if (json->is_string()) return from_text(std::string_view(json->get_string()), type);
  return StoredValue();  // compound fields and lists: not read
}

}  // namespace coachd::salesforce
